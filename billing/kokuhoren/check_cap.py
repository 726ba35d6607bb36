"""上限額管理結果票を確かめる: J411 01 with its offices, and the results 1 to 3 of docs/rules.md §5."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from billing.kokuhoren.check_values import Group, doubt, expect, fault, number, total
from billing.kokuhoren.findings import Finding
from billing.kokuhoren.reader import Row

_RESULTS = ("1", "2", "3")
CORRECTED, CANCELLED = "2", "3"
_KINDS = ("1", CORRECTED, CANCELLED)
_OFFICES = 2


def cap_findings(group: Group) -> Iterator[Finding]:
    """Everything that does not agree inside one person's cap sheet."""
    offices = group.of("02")
    for head in group.of("01"):
        yield from _head(head, offices)
        found = [*_rows(head, offices), *(_result(head, offices) if offices else ())]
        if head.text(4) == CANCELLED:
            # What is cancelled was wrong, perhaps in just these figures: they stand as they were sent.
            found = [replace(each, is_doubt=True) for each in found]
        yield from found


def _head(head: Row, offices: list[Row]) -> Iterator[Finding]:
    if head.text(4) not in _KINDS:
        yield fault(head, 4, "作成区分は1（新規）・2（修正）・3（取消し）のどれかです。")
    if head.text(11) not in _RESULTS:
        yield fault(head, 11, "管理結果は1・2・3のどれかです。")
    for mine, theirs in ((12, 9), (13, 10), (14, 11)):
        summed = total(number(row, theirs) for row in offices)
        yield from expect(head, mine, summed, "事業所ごとの行の合計")
    if number(head, 10) == 0:
        yield doubt(head, 10, "上限月額が0円の方は、ふつう上限額管理をしません。")
    if len(offices) == 1:
        yield doubt(head, 2, f"事業所が{_OFFICES}つ以上ある月に管理します（いま1つ）。")


def _rows(head: Row, offices: list[Row]) -> Iterator[Finding]:
    cap = number(head, 10)
    seen: dict[str, int] = {}
    for order, row in enumerate(offices, start=1):
        yield from expect(row, 7, order, "項番（1から順に）")
        if order == 1 and row.text(8) != row.text(5):
            yield fault(row, 8, "1番目は上限額管理事業所です。")
        if row.text(8) in seen:
            yield fault(row, 8, f"同じ事業所が{seen[row.text(8)]}行目にもあります。")
        seen.setdefault(row.text(8), row.line)
        cost, before, after = (number(row, position) for position in (9, 10, 11))
        if before is not None and cap is not None and before > cap:
            yield fault(row, 10, f"上限月額の{cap:,}円を超えています。")
        if before is not None and cost is not None and before > cost * 10 // 100:
            yield fault(row, 10, f"総費用額の1割の{cost * 10 // 100:,}円を超えています。")
        if before is not None and cost is not None and cap is not None:
            yield from _below_due(row, before, min(cap, cost * 10 // 100))
        if after is not None and before is not None and after > before:
            yield fault(row, 11, "管理の前の額を超えています。")


def _below_due(row: Row, before: int, due: int) -> Iterator[Finding]:
    """Below the smaller of a tenth and the cap (docs/rules.md §5, 5): right only with a reduction."""
    if before < due:
        reason = f"総費用額の1割と上限月額の少ない方（{due:,}円）より少ない額です。"
        yield doubt(row, 10, f"{reason}その事業所に確かめてください。")


def _result(head: Row, offices: list[Row]) -> Iterator[Finding]:
    cap, result = number(head, 10), head.text(11)
    before = total(number(row, 10) for row in offices)
    after = total(number(row, 11) for row in offices)
    if result == "1":
        yield from expect(offices[0], 11, cap, "管理結果1の管理事業所の額（上限月額）")
        for row in offices[1:]:
            yield from expect(row, 11, 0, "管理結果1のほかの事業所の額")
    elif result == "2":
        for row in offices:
            yield from expect(row, 11, number(row, 10), "管理結果2の額（管理の前と同じ）")
        if before is not None and cap is not None and before > cap:
            yield fault(head, 11, "負担額の合計が上限月額を超えるので、2にはなりません。")
    elif result == "3" and cap is not None:
        if before is not None and before <= cap:
            yield fault(head, 11, "負担額の合計が上限月額を超えないので、3にはなりません。")
        if after is not None and after != cap:
            yield fault(head, 14, f"管理結果3の合計（上限月額）は{cap:,}です。")
        yield from _order_of_collection(head, cap, offices)


def _order_of_collection(head: Row, cap: int, offices: list[Row]) -> Iterator[Finding]:
    """The managing office collects first, and the next ones whole until the cap is reached.

    The file does not tell the kinds of service, so of the others only that one alone pays a part.
    """
    first = number(offices[0], 10)
    others = total(number(row, 10) for row in offices[1:])
    if first is not None and first >= cap and others:
        yield fault(head, 11, "管理事業所だけで上限月額に達するので、管理結果は1です。")
    elif first is not None:
        yield from expect(offices[0], 11, min(first, cap), "先に徴収する管理事業所の額")
    partial = 0
    for row in offices[1:]:
        before, after = number(row, 10), number(row, 11)
        if before is None or after is None or not 0 < after < before:
            continue
        if partial:
            reason = (
                f"{partial}行目も一部だけです。徴収の順に満額ずつとり、一部になるのは1つだけです。"
            )
            yield fault(row, 11, reason)
        partial = partial or row.line
