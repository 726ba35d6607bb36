"""国保連の支払い: what is open of a claim, and when a payment is refused. Pure.

docs/rules.md §8: the paid sum is reconciled per person; 代理受領通知書 only after it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from clients.rules.kinds import Labelled
from teikyaku.era import both
from teikyaku.money import yen


class ClaimState(Labelled):
    """支払いの状態 how a claim stands."""

    WAITING = "waiting", "支払い待ち"
    DIFFERS = "differs", "請求と違う"
    PAID = "paid", "請求どおり"
    TAKEN_BACK = "taken_back", "過誤調整"


@dataclass(frozen=True, slots=True)
class Settlement:
    """One claim in yen: what was asked for, and what was paid (None: not known yet)."""

    expected_yen: int
    """請求額 as the claim file has it: the benefit and the subsidy."""
    paid_yen: int | None
    subsidy_yen: int = 0
    """自治体助成 within it."""
    is_taken_back: bool = False
    """The municipality was asked to take it back: nothing is awaited, what was paid is deducted."""
    taken_off_yen: int = 0
    """What of it 国保連 has taken off a transfer, as recorded."""

    @property
    def benefit_yen(self) -> int:
        """給付費 within what was asked for."""
        return self.expected_yen - self.subsidy_yen

    @property
    def deducted_yen(self) -> int:
        """過誤調整: what 国保連 takes off a later payment, 0 or below."""
        return -(self.paid_yen or 0) if self.is_taken_back else 0

    @property
    def to_deduct_yen(self) -> int:
        """過誤調整 that is still to come: 0 or above."""
        return max(0, -self.deducted_yen - self.taken_off_yen)

    @property
    def open_yen(self) -> int:
        """What was asked for and did not come; below 0 where more came than was asked for."""
        if self.is_taken_back:
            return 0
        return self.expected_yen - (self.paid_yen or 0)

    @property
    def state(self) -> ClaimState:
        """Waiting, paid as claimed, paid otherwise, or taken back."""
        if self.is_taken_back:
            return ClaimState.TAKEN_BACK
        if self.paid_yen is None:
            return ClaimState.WAITING
        return ClaimState.PAID if self.open_yen == 0 else ClaimState.DIFFERS


def parts_of(amount_yen: int, benefit_yen: int, subsidy_yen: int) -> tuple[int, int]:
    """給付費 and 自治体助成 within what was paid for a claim: the benefit first, then the subsidy.

    What 国保連's notice does not tell apart [M]; less than was asked for lacks of the subsidy, more
    than was asked for is benefit. The two parts always come to the amount.
    """
    subsidy = min(subsidy_yen, max(0, amount_yen - benefit_yen))
    return amount_yen - subsidy, subsidy


def subsidy_of_deduction(kept_yen: int, amount_yen: int, benefit_yen: int, subsidy_yen: int) -> int:
    """自治体助成 within what is taken off: of what was kept until then, the subsidy goes first.

    The reverse of `parts_of`: once all is taken off, both parts are back where they were.
    """
    before = parts_of(kept_yen, benefit_yen, subsidy_yen)[1]
    return before - parts_of(kept_yen - amount_yen, benefit_yen, subsidy_yen)[1]


def deduction_refusal(
    own: Settlement, amount_yen: int, deducted_on: date, asked_on: date | None
) -> tuple[str, str] | None:
    """Field and words for which 過誤調整 cannot be recorded; None when it can.

    `asked_on` is the day of the 過誤申立 that took the claim back: nothing is taken off before it.
    """
    if not own.to_deduct_yen:
        return "", "差し引かれる額はありません。もう記録したか、過誤申立がまだです。"
    if not 0 < amount_yen <= own.to_deduct_yen:
        return "amount_yen", f"1円から{yen(own.to_deduct_yen)}までで入れてください。"
    if asked_on is not None and deducted_on < asked_on:
        return "deducted_on", f"過誤申立をした日（{both(asked_on)}）より前の日付です。"
    return None


def refusal(amount_yen: int, total_cost_yen: int) -> tuple[str, str] | None:
    """Field and words for which a payment cannot be recorded; None when it can."""
    if not 0 <= amount_yen <= total_cost_yen:
        return "amount_yen", f"0円から総費用額の{yen(total_cost_yen)}までで入れてください。"
    return None
