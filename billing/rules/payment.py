"""入金: what is open of an invoice, and when a payment is refused. Pure.

docs/rules.md §8: what was paid, when, how; what is open.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from teikyaku.era import both
from teikyaku.money import yen


@dataclass(frozen=True, slots=True)
class Balance:
    """残り of one invoice, in yen: asked for, paid, given back, still open or too much (not below 0)."""

    amount_yen: int
    paid_yen: int
    refunded_yen: int = 0

    @property
    def kept_yen(self) -> int:
        """What was paid and not given back."""
        return self.paid_yen - self.refunded_yen

    @property
    def open_yen(self) -> int:
        """What is still to be paid; of an invoice of 0 yen what went back and had not come."""
        return max(0, self.amount_yen - self.kept_yen)

    @property
    def over_yen(self) -> int:
        """What is to be given back: paid, not asked for any more, not given back yet."""
        return max(0, self.kept_yen - self.amount_yen)

    @property
    def is_open(self) -> bool:
        """Whether something is still to be paid."""
        return self.open_yen > 0


def surplus_yen(balance: Balance, amount_yen: int) -> int:
    """What of a payment is more than is open: it came all the same, and is to be given back."""
    return max(0, amount_yen - balance.open_yen)


def surplus_words(balance: Balance, amount_yen: int) -> str:
    """What is asked before more than is open is recorded; empty where it is not more."""
    over_yen = surplus_yen(balance, amount_yen)
    if not over_yen:
        return ""
    words = f"{yen(over_yen)}多く受け取ったものとして記録します。返金の一覧に出ます。"
    return words if balance.is_open else f"この請求に残りはありません。{words}"


def debit_words(debit_on: date) -> str:
    """What is asked before money is recorded for what a bank may debit too."""
    return (
        f"{both(debit_on)}の口座振替の結果を待っている請求です。"
        "振り替えられていれば、二重の入金になります。それでも記録します。"
    )


def changed_words(balance: Balance) -> str:
    """What is told where somebody has recorded money since the page was shown."""
    rest = f"の残りは{yen(balance.open_yen)}です" if balance.is_open else "は、もう入金済みです"
    return f"たったいま別の入金が記録されました。この請求{rest}。確かめてください。"


def refusal(
    balance: Balance, amount_yen: int, paid_on: date, issued_on: date, over_yen: int = 0
) -> tuple[str, str] | None:
    """Field and words for which a payment cannot be recorded; None when it can.

    `issued_on` is the day of the paper: what came before it was paid for something else. `over_yen`
    is what somebody said is too much: money that came is recorded, but not by a slip.
    """
    if amount_yen <= 0:
        return "amount_yen", "入金額は1円以上で入れてください。"
    if paid_on < issued_on:
        return "paid_on", "請求書を出した日より前の日付です。"
    if surplus_yen(balance, amount_yen) not in (0, over_yen):
        return "amount_yen", surplus_words(balance, amount_yen)
    return None


def refund_refusal(
    balance: Balance, amount_yen: int, refunded_on: date, corrected_on: date
) -> tuple[str, str] | None:
    """Field and words for which a refund cannot be recorded; None when it can.

    `corrected_on` is the day of the paper that holds: nothing was too much before.
    """
    if balance.over_yen == 0:
        return "", "返すお金はありません。もう返してあるか、請求が変わっています。"
    if amount_yen <= 0:
        return "amount_yen", "返金額は1円以上で入れてください。"
    if amount_yen > balance.over_yen:
        return "amount_yen", f"返す額の{yen(balance.over_yen)}より多く返金できません。"
    if refunded_on < corrected_on:
        return "refunded_on", "いまの請求書を出した日より前の日付です。"
    return None
