"""くいちがい of a closed month: what was billed beside what today's facts come to. Pure; sums in yen.

What was closed stays as it was billed (docs/rules.md §8): the office asks the municipality for a
過誤申立 where it was claimed, and settles with the person what they paid too much or too little.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from decimal import Decimal

from billing.rules.settlement import Settlement
from teikyaku.money import yen
from teikyaku.reasons import Reason

RULE = "docs/rules.md §8"
# By whether the month stands in a claim, and whether it could not be billed today.
CLAIM_STEPS = {
    (True, True): "支給市町村に過誤申立をして、この月の請求を取り下げます。",
    (True, False): "支給市町村に過誤申立をして、正しい内容で請求し直します（再請求）。",
    (False, True): "国保連に請求は残っていないので、過誤申立はいりません。締めた月を取り下げます。",
    (
        False,
        False,
    ): "国保連に請求は残っていないので、過誤申立はいりません。正しい内容で出し直します。",
}


OTHER_LINES = "上限額管理結果票の、ほかの事業所の行が変わります。"
# Nothing of our own claim changes: what the municipality wants then is not in the rules [?].
SHEET_STEP = (
    "この事業所の請求額は変わりません。上限額管理結果票の修正だけでよいか、過誤申立もいるかを、"
    "支給市町村に確かめます。"
)
SHEET_ALONE = "修正だけでよければ、結果票だけのファイルを作って国保連に送ります。過誤申立がいるなら、出し直します。"

# A wrong number brings a claim back of itself: a petition is for what 国保連 took all the same.
NUMBER_STEP = (
    "まだ国保連に送っていなければ、請求ファイルを取り下げて作り直します。返戻になったら、返戻を記録すると、"
    "次のファイルに正しい番号で入ります。どちらでもないときは、支給市町村に過誤申立をして、請求し直します（再請求）。"
)


@dataclass(frozen=True, slots=True)
class SheetLine:
    """Another office's line of a 上限額管理結果票 that was made here. Money in yen."""

    office_number: str
    total_cost_yen: int
    before_yen: int
    after_yen: int


@dataclass(frozen=True, slots=True)
class Billed:
    """One person's month as money: as it was frozen, or as it comes to today."""

    units_by_line: Mapping[str, int]
    """Line → its units; a line by the words that stand on the statement."""
    unit_price: Decimal
    cap_yen: int
    copayment_yen: int
    benefit_yen: int
    municipality: str
    certificate_number: str
    subsidy_yen: int = 0
    """自治体助成: what somebody else pays of the copayment."""
    subsidy_municipality: str = ""
    """Who pays it; "" where nothing is paid."""
    cap_manager: str = ""
    """事業所番号 of who managed the cap; "" where nothing was shared out."""
    cap_outcome: str = ""
    """管理結果: 1, 2 or 3, as it stands on the statement; "" likewise."""
    cap_sheet: tuple[SheetLine, ...] = ()
    """The other offices' lines, where the sheet was written again since the close; else empty."""
    renumbered: tuple[str, str] | None = None
    """市町村番号 of the claim that stands and what it is today, where they differ; never of a month today."""

    @property
    def payable_yen(self) -> int:
        """What the person pays."""
        return self.copayment_yen - self.subsidy_yen

    @property
    def units(self) -> int:
        """The units of the month."""
        return sum(self.units_by_line.values())

    @property
    def total_cost_yen(self) -> int:
        """総費用額."""
        return self.copayment_yen + self.benefit_yen


@dataclass(frozen=True, slots=True)
class Difference:
    """What differs, in words, and what it is about in yen (today less billed)."""

    changes: tuple[str, ...]
    reasons: tuple[Reason, ...]
    """Why the month could not be billed today; empty where it could."""
    benefit_yen: int
    payable_yen: int
    """What the person pays, without a subsidy."""
    billed_payable_yen: int = 0
    """What the person was asked for when the month was closed."""
    is_held: bool = False
    """Something is missing that can still come: what the month would be cannot be said yet."""
    is_sheet_only: bool = False
    """Only other offices' lines of our sheet differ: our own claim stays as it is."""
    moved: frozenset[str] = frozenset()
    """The fields of Billed that differ; empty where the month could not be billed today."""
    moved_lines: tuple[str, ...] = ()
    """Which lines differ."""

    def steps(
        self, kept_yen: int, *, is_claimed: bool = True, is_sheet_sent: bool = False
    ) -> tuple[str, ...]:
        """What to do, in order. `kept_yen`: what came for the month and was not given back.

        `is_claimed`: a claim of the month stands at 国保連, so that the municipality is asked.
        `is_sheet_sent`: its 上限額管理結果票 was sent from here and stands.
        """
        if self.is_held:
            return ("足りないものをそろえてから、もう一度ここを見ます。まだ何も申し立てません。",)
        claim = CLAIM_STEPS[is_claimed, bool(self.reasons)]
        if self.is_sheet_only and is_claimed:
            claim = SHEET_STEP + (SHEET_ALONE if is_sheet_sent else "")
        if self.moved == {"renumbered"} and is_claimed:
            claim = NUMBER_STEP
        after_yen = self.billed_payable_yen + self.payable_yen
        money = Settlement(self.billed_payable_yen, after_yen, kept_yen).office_words
        return tuple(each for each in (claim, money) if each)


def difference(
    billed: Billed, now: Billed | None, reasons: Iterable[Reason] = (), *, is_held: bool = False
) -> Difference | None:
    """What a closed month would be today; None where it is the same.

    `now` is None where the month could not be billed, for `reasons`: for good, or (`is_held`) as
    long as something is missing, and then no yen can be told.
    """
    if now is None and is_held:
        words = "いまの記録では、まだ請求できる形になっていません。"
        return Difference((words,), tuple(reasons), 0, 0, is_held=True)
    if now is None:
        return Difference(
            ("いまの記録では請求できない月です。",), tuple(reasons), -billed.benefit_yen,
            -billed.payable_yen, billed.payable_yen,
        )  # fmt: skip
    changes = tuple(_changes(billed, now))
    if not changes:
        return None
    return Difference(
        changes, (), now.benefit_yen - billed.benefit_yen, now.payable_yen - billed.payable_yen,
        billed.payable_yen, is_sheet_only=changes == (OTHER_LINES,), moved=_moved(billed, now),
        moved_lines=tuple(_moved_lines(billed, now)),
    )  # fmt: skip


def _moved(billed: Billed, now: Billed) -> frozenset[str]:
    names = [each.name for each in fields(Billed)]
    return frozenset(name for name in names if getattr(billed, name) != getattr(now, name))


def _moved_lines(billed: Billed, now: Billed) -> Iterable[str]:
    for label in {**billed.units_by_line, **now.units_by_line}:
        if billed.units_by_line.get(label) != now.units_by_line.get(label):
            yield label


def _changes(billed: Billed, now: Billed) -> Iterable[str]:
    for label in _moved_lines(billed, now):
        before, after = billed.units_by_line.get(label), now.units_by_line.get(label)
        if after is None:
            yield f"「{label}」（{before:,}単位）が、いまはつきません。"
        elif before is None:
            yield f"「{label}」（{after:,}単位）が、いまはつきます。"
        else:
            yield f"「{label}」が{before:,}単位から{after:,}単位に変わります。"
    if billed.unit_price != now.unit_price:
        yield f"単価が{billed.unit_price:.2f}円から{now.unit_price:.2f}円に変わります。"
    if billed.cap_yen != now.cap_yen:
        yield f"負担上限月額が{yen(billed.cap_yen)}から{yen(now.cap_yen)}に変わります。"
    if billed.municipality != now.municipality:
        yield f"支給市町村が{billed.municipality}から{now.municipality}に変わります。"
    if billed.certificate_number != now.certificate_number:
        yield "受給者証番号が変わります。"
    if (billed.copayment_yen, billed.benefit_yen) != (now.copayment_yen, now.benefit_yen):
        yield (
            f"利用者負担が{yen(billed.copayment_yen)}から{yen(now.copayment_yen)}、"
            f"給付費が{yen(billed.benefit_yen)}から{yen(now.benefit_yen)}に変わります。"
        )
    if billed.subsidy_yen != now.subsidy_yen:
        yield f"自治体助成が{yen(billed.subsidy_yen)}から{yen(now.subsidy_yen)}に変わります。"
    yield from _changes_without_yen(billed, now)


def _changes_without_yen(billed: Billed, now: Billed) -> Iterable[str]:
    """What stands on the statement beside the sums: wrong, it brings the claim back."""
    if billed.renumbered:
        sent, right = billed.renumbered
        yield (
            f"請求ファイルに書いた市町村番号は{sent}で、いまの登録（{billed.municipality}）の番号は{right}です。"
        )
    before, after = billed.subsidy_municipality, now.subsidy_municipality
    if before and after and before != after:
        yield f"助成する市町村が{before}から{after}に変わります。"
    if not billed.cap_outcome and now.cap_outcome:
        yield f"上限額管理の結果（{now.cap_outcome}）が、いまはあります。"
    elif billed.cap_outcome and not now.cap_outcome:
        yield f"上限額管理の結果（{billed.cap_outcome}）が、いまはつきません。"
    elif billed.cap_outcome != now.cap_outcome:
        yield f"上限額管理の結果が{billed.cap_outcome}から{now.cap_outcome}に変わります。"
    if billed.cap_manager and now.cap_manager and billed.cap_manager != now.cap_manager:
        yield (f"上限額管理をする事業所が{billed.cap_manager}から{now.cap_manager}に変わります。")
    if billed.cap_outcome and now.cap_outcome and billed.cap_sheet != now.cap_sheet:
        yield OTHER_LINES
