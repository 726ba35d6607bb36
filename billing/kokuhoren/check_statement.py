"""明細書を確かめる: J121 01 with its 04, 04 with its 03, and the copayment by docs/rules.md §5.

Its own arithmetic on what stands in the file, apart from `writer` and `billing.calculation`.
"""

from __future__ import annotations

from collections.abc import Iterator

from billing.kokuhoren.check_values import (
    Group,
    day,
    doubt,
    expect,
    fault,
    is_sample_code,
    month,
    number,
    total,
)
from billing.kokuhoren.findings import Finding
from billing.kokuhoren.layouts import AREA_CLASSES
from billing.kokuhoren.reader import Row
from teikyaku import figures

RESULTS = ("1", "2", "3")
# What says in the head that the cap is managed; each comes with the others.
_MANAGED = (15, 16, 17, 26)
# 契約支給量 in hundredths of a day: no month has more days.
_MOST_AMOUNT = 31 * 100
# docs/rules.md §5: the highest cap (一般2), as packaged: the checker knows no office's corrections.
_HIGHEST_CAP = "cap.general_2"
# docs/rules.md §7: その他 is 10.00 yen, in thousandths.
_OTHER_AREA, _OTHER_PRICE = "23", 10_000


def statement_findings(group: Group) -> Iterator[Finding]:
    """Everything that does not agree inside one person's statement."""
    heads, sums = group.of("01"), group.of("04")
    if not heads or not sums:
        return  # told by the order of the lines
    head = heads[0]
    yield from _lines(group, sums)
    for row in sums:
        yield from _sums(row)
    yield from _head(head, sums)
    yield from _looks(head, sums)
    yield from _managed(head, sums)
    yield from _subsidy(head)
    yield from _days(group, sums)
    yield from _contracts(group)


def _lines(group: Group, sums: list[Row]) -> Iterator[Finding]:
    """03: units × times; and 04 with the sum of the lines of its service type."""
    seen: dict[str, int] = {}
    types = {row.text(7) for row in sums}
    for row in group.of("03"):
        units, times = number(row, 8), number(row, 9)
        if units is not None and times is not None:
            yield from expect(row, 10, units * times, "単位数×回数")
        if times == 0:
            yield fault(row, 9, "回数は1以上です。")
        code = row.text(7)
        if len(code) != 6:  # noqa: PLR2004
            yield fault(row, 7, "サービスコードは6文字です。")
        elif _type(code, sums) not in types:
            yield fault(row, 7, "集計の行にないサービス種類のコードです。")
        if code in seen:
            yield doubt(row, 7, f"同じサービスコードが{seen[code]}行目にもあります。")
        seen.setdefault(code, row.line)
    for row in sums:
        lines = [each for each in group.of("03") if _type(each.text(7), sums) == row.text(7)]
        yield from expect(
            row, 10, total(number(each, 10) for each in lines), "明細のサービス単位数の合計"
        )


def _type(code: str, sums: list[Row]) -> str:
    """サービス種類 of a code; a made-up one, which is told once for the file, is of the only type."""
    return sums[0].text(7) if is_sample_code(code) and len(sums) == 1 else code[:2]


def _sums(row: Row) -> Iterator[Finding]:
    """04: cost, one tenth, decided copayment and benefit (docs/rules.md §5, 3 to 8)."""
    units, price, cost = number(row, 10), number(row, 11), number(row, 13)
    if units is not None and price is not None:
        yield from expect(row, 13, units * price // 1000, "給付単位数×単価（円未満切り捨て）")
    if price == 0:
        yield fault(row, 11, "単価は0より大きい数です。")
    if cost is not None:
        yield from expect(row, 14, cost * 10 // 100, "総費用額の1割（円未満切り捨て）")
    yield from expect(row, 15, number(row, 14), "1割相当額")
    yield from _falling(row, (16, 19, 20), "前の段階の額を超えています。")
    yield from expect(row, 21, _last(row, (16, 19, 20)), "上限額の調整や管理をした後の額")
    decided = number(row, 21)
    if cost is not None and decided is not None:
        yield from expect(row, 22, cost - decided, "総費用額−決定利用者負担額")


def _falling(row: Row, positions: tuple[int, ...], reason: str) -> Iterator[Finding]:
    before: int | None = None
    for position in positions:
        value = number(row, position)
        if value is None:
            continue
        if before is not None and value > before:
            yield fault(row, position, reason)
        before = value


def _last(row: Row, positions: tuple[int, ...]) -> int | None:
    """The last of these numbers that stands there."""
    return next((v for p in reversed(positions) if (v := number(row, p)) is not None), None)


def _head(head: Row, sums: list[Row]) -> Iterator[Finding]:
    """01 with its 04s, field by field; an empty field has nothing to add up to."""
    for mine, theirs in (
        (20, 10),
        (21, 13),
        (22, 16),
        (25, 19),
        (26, 20),
        (27, 21),
        (28, 22),
        (31, 25),
    ):
        values = [number(row, theirs) for row in sums if row.text(theirs)]
        if bool(head.text(mine)) != bool(values):
            yield fault(head, mine, "集計の行（04）と、書いてあるかどうかが合いません。")
        else:
            yield from expect(
                head, mine, total(values), f"集計の行の「{sums[0].name(theirs)}」の合計"
            )
    cap = number(head, 12)
    if len(sums) == 1 and cap is not None:
        tenth = number(sums[0], 15)
        least = None if tenth is None else min(cap, tenth)
        yield from expect(sums[0], 16, least, "上限月額と1割の少ない方")
    if head.text(10) not in AREA_CLASSES:
        yield fault(head, 10, "地域区分は11から17か23です。")


def _highest_cap_yen(head: Row) -> int | None:
    """Of the month of the statement; None where that cannot be read, or is from before the service."""
    claimed = month(head, 3)
    try:
        return None if claimed is None else int(figures.pick(_HIGHEST_CAP, claimed).value)
    except figures.FigureError:
        return None


def _looks(head: Row, sums: list[Row]) -> Iterator[Finding]:
    """What adds up and is still hardly so: a cap that no category has, a price of another area."""
    cap = number(head, 12)
    highest = _highest_cap_yen(head)
    if cap is not None and highest is not None and cap > highest:
        text = f"負担上限月額は、高くても{highest:,}円です。受給者証と比べてください。"
        yield doubt(head, 12, text)
    if head.text(10) != _OTHER_AREA:
        return
    for row in sums:
        if number(row, 11) != _OTHER_PRICE:
            yield doubt(row, 11, "地域区分が23（その他）なら、単価は10.00円（10000）です。")


def _managed(head: Row, sums: list[Row]) -> Iterator[Finding]:
    """Cap management (docs/rules.md §5): 1 the manager fills the cap, 2 nothing moves, 3 adjusted."""
    filled = [position for position in _MANAGED if head.text(position)]
    if filled and len(filled) < len(_MANAGED):
        missing = next(position for position in _MANAGED if position not in filled)
        yield fault(head, missing, "上限額管理の4項目は、そろえて書きます。")
        return
    if not filled:
        return
    cap, before, after = number(head, 12), number(head, 22), number(head, 17)
    before = number(head, 25) if head.text(25) else before
    yield from expect(head, 26, after, "管理結果額")
    result = head.text(16)
    if result not in RESULTS:
        yield fault(head, 16, "管理結果は1・2・3のどれかです。")
    if cap == 0:
        yield doubt(head, 12, "上限月額が0円の方は、ふつう上限額管理をしません。")
    if result == "1":
        is_manager = head.text(15) == head.text(5)
        words = (
            "管理結果1の管理事業所の額（上限月額）" if is_manager else "管理結果1のほかの事業所の額"
        )
        yield from expect(head, 17, cap if is_manager else 0, words)
    elif result == "3" and head.text(15) == head.text(5):
        yield from expect(
            head, 17, before, "管理結果3の管理事業所の額（先に徴収するので管理の前と同じ）"
        )
    elif result == "2":
        yield from expect(head, 17, before, "管理結果2の額（管理の前と同じ）")
    if after is not None and before is not None and after > before:
        yield fault(head, 17, "管理の前の額を超えています。")


def _subsidy(head: Row) -> Iterator[Finding]:
    if bool(head.text(7)) != bool(head.text(31)):
        position = 31 if head.text(7) else 7
        yield fault(head, position, "助成自治体番号と自治体助成分請求額は、そろえて書きます。")
    given, decided = number(head, 31), number(head, 27)
    if given is not None and decided is not None and given > decided:
        yield fault(head, 31, "決定利用者負担額を超えています。")


def _days(group: Group, sums: list[Row]) -> Iterator[Finding]:
    """02: first and last day, and the days of use beside those of 04."""
    for row in group.of("02"):
        claimed = month(row, 3)
        first, last, days = day(row, 8), day(row, 9), number(row, 10)
        if first and claimed and first > claimed.last_day:
            yield fault(row, 8, "サービス提供年月より後の日です。")
        if last and claimed and not claimed.contains(last):
            yield fault(row, 9, "サービス提供年月の中の日ではありません。")
        if last and first and last < first:
            yield fault(row, 9, "開始年月日より前の日です。")
        if days is not None and claimed and days > claimed.last_day.day:
            yield fault(row, 10, f"{claimed.label}は{claimed.last_day.day}日までです。")
        if days == 0:
            yield doubt(row, 10, "利用した日がないのに請求しています。")
        if row.text(7) not in {each.text(7) for each in sums}:
            yield fault(row, 7, "集計の行（04）にないサービス種類です。")
        for each in sums:
            if each.text(7) == row.text(7) and days != number(each, 9):
                yield doubt(each, 9, f"利用日数は、日数の行では「{row.text(10)}」です。")


def _contracts(group: Group) -> Iterator[Finding]:
    for row in group.of("05"):
        claimed, first, last = month(row, 3), day(row, 9), day(row, 10)
        if len(row.text(7)) != 6:  # noqa: PLR2004
            yield fault(row, 7, "決定サービスコードは6文字です。")
        elif _type(row.text(7), group.of("04")) not in {each.text(7) for each in group.of("04")}:
            yield fault(row, 7, "集計の行（04）にないサービス種類の決定サービスコードです。")
        amount = number(row, 8)
        if amount is not None and amount > _MOST_AMOUNT:
            yield doubt(
                row, 8, "1か月に31日（3100）より多い契約支給量です。受給者証と比べてください。"
            )
        if first and claimed and first > claimed.last_day:
            yield fault(row, 9, "サービス提供年月より後の日です。")
        if first and last and last < first:
            yield fault(row, 10, "契約開始年月日より前の日です。")
        if last and claimed and last < claimed.first_day:
            yield fault(row, 10, "サービス提供年月より前に終わった契約です。")
