"""入金: what is open of an invoice, and when a payment is refused. Pure.

docs/rules.md §8: what was paid, when, how; what is open.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from teikyaku.money import yen


@dataclass(frozen=True, slots=True)
class Balance:
    """残り of one invoice, in yen: asked for, paid, still open (never below 0)."""

    amount_yen: int
    paid_yen: int

    @property
    def open_yen(self) -> int:
        """What is still to be paid; an invoice of 0 yen is never open."""
        return max(0, self.amount_yen - self.paid_yen)

    @property
    def is_open(self) -> bool:
        """Whether something is still to be paid."""
        return self.open_yen > 0


def refusal(
    balance: Balance, amount_yen: int, paid_on: date, issued_on: date
) -> tuple[str, str] | None:
    """Field and words for which a payment cannot be recorded; None when it can.

    `issued_on` is the day of the paper: what came before it was paid for something else.
    """
    if not balance.is_open:
        return "", "この請求に残りはありません。もう入金済みです。"
    if amount_yen <= 0:
        return "amount_yen", "入金額は1円以上で入れてください。"
    if amount_yen > balance.open_yen:
        return "amount_yen", f"残りの{yen(balance.open_yen)}より多く入金できません。"
    if paid_on < issued_on:
        return "paid_on", "請求書を出した日より前の日付です。"
    return None
