"""移行前の国保連への請求: which months and payments cannot be told. Pure.

Other software claimed the month; what was still unpaid when claims began here is carried over, of each
municipality or of all together.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from teikyaku.era import both
from teikyaku.money import yen
from teikyaku.periods import Month
from teikyaku.service_start import SERVICE_BEGAN

Refusal = tuple[str, str] | None


def claim_refusal(
    *, month: Month, first_month: Month | None, amount_yen: int, paid_yen: int = 0
) -> Refusal:
    """Field ("" for the whole) and words for what cannot be told; None when it can.

    `first_month`: the first that the office claims here; `paid_yen`: what was recorded as paid.
    """
    if month < SERVICE_BEGAN:
        return "month", f"就労定着支援が始まった{SERVICE_BEGAN.label}より前の月です。"
    if first_month is None:
        return "", "先に、「ここで請求する最初の月」を決めてください。"
    if month >= first_month:
        return (
            "month",
            f"ここで請求する最初の月（{first_month.label}）より前の月を入れてください。",
        )
    if amount_yen < 1:
        return "amount_yen", "1円以上で入れてください。"
    if amount_yen < paid_yen:
        return (
            "amount_yen",
            f"もう{yen(paid_yen)}の支払いを記録しています。それより少なくはできません。",
        )
    return None


def payment_refusal(
    *, amount_yen: int, open_yen: int, paid_on: date, carried_on: date, month: Month
) -> Refusal:
    """Field and words for which a payment cannot be recorded; None when it can."""
    if open_yen <= 0:
        return "", f"{month.label}分に、支払いを待っている額はありません。"
    if not 0 < amount_yen <= open_yen:
        return (
            "amount_yen",
            f"1円から残りの{yen(open_yen)}までで入れてください。それより多いときは、先に引き継いだ額を訂正してください。",
        )
    if paid_on < carried_on:
        return (
            "paid_on",
            f"繰り越した日（{both(carried_on)}）より前の支払いは、引き継いだ額に入りません。",
        )
    return None


def clash(
    *, month: Month, is_whole: bool, has_whole: bool, has_parts: bool, paid_yen: int = 0
) -> Refusal:
    """A month is told by its municipalities or as one sum, never both: a part would count twice.

    `is_whole`: the new row is the sum of all; `has_whole`, `has_parts`: what stands of the month;
    `paid_yen`: what was recorded as paid of the sum of all.
    """
    if is_whole and has_parts:
        return (
            "municipality",
            f"{month.label}分は、市町村ごとに入っています。市町村を選んでください。",
        )
    if not is_whole and has_whole:
        way = "それを取り下げて"
        if paid_yen:
            way = f"それへの支払いの記録（{yen(paid_yen)}）を取り消し、それを取り下げて"
        return (
            "month",
            f"{month.label}分は、市町村を分けない額で入っています。分けるときは、{way}から、市町村ごとに入れてください。",
        )
    return None


def deduction_refusal(
    *, month: Month, first_month: Month | None, amount_yen: int, deducted_on: date
) -> Refusal:
    """Field and words for which a 過誤調整 of such a month cannot be recorded; None when it can."""
    found = claim_refusal(month=month, first_month=first_month, amount_yen=amount_yen)
    if found or first_month is None:
        return found
    if deducted_on < first_month.first_day:
        return (
            "deducted_on",
            f"ここで請求を始めた日（{both(first_month.first_day)}）より前の過誤調整は、ここでは数えません。",
        )
    return None


def deduction_doubts(
    *,
    month: Month,
    amount_yen: int,
    deducted_on: date,
    told: Iterable[tuple[date, int]],
    claimed_yen: int,
) -> dict[str, str]:
    """Mark → words of what is asked before a 過誤調整 is recorded; it may be right all the same.

    `told`: day and yen of those that stand for month and municipality; `claimed_yen`: what the month came
    to where it was closed here, else 0.
    """
    known = list(told)
    total = amount_yen + sum(each for _day, each in known)
    found = {}
    if (deducted_on, amount_yen) in known:
        found[f"again-{deducted_on.isoformat()}-{amount_yen}-{len(known)}"] = (
            f"同じ月・市町村・日・額（{yen(amount_yen)}）の過誤調整が、もう入っています。別の過誤調整として、もう一度記録する"
        )
    if 0 < claimed_yen < total:
        found[f"over-{total}"] = (
            f"{month.label}分の過誤調整は、これで合わせて{yen(total)}になり、締めた月の請求額（{yen(claimed_yen)}）より多くなります。"
            "このまま記録する"
        )
    return found
