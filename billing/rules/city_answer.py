"""市町村の回答: what an answer settles, what it refuses, and what the page of it had shown. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from plans.rules.city_answer import SETTLED_BY_YES

NONE: frozenset[str] = frozenset()
# Nobody can be given the report any more: the record for 国保連 bears the day that the municipality said.
WITHOUT_REPORT = "report_died"


# Which municipality pays hangs on the meetings: the answer is about the one that it was asked of.
SPLIT = "split_month"


def settled(codes: Iterable[str], *, is_billable: bool, is_same_payer: bool) -> frozenset[str]:
    """Of the reasons that were asked about, those that hold the month no more.

    `is_same_payer`: the month is still claimed from the municipality that it was asked about.
    """
    if not is_billable:
        return NONE
    found = SETTLED_BY_YES.intersection(codes)
    return found if is_same_payer else found - {SPLIT}


def refusal(answered_on: date, reason: str) -> str:
    """Why the month cannot be billed, where the municipality said so."""
    on = answered_on
    return f"市町村の回答（{on.year}年{on.month}月{on.day}日）により、請求できません。{reason}"


def asks_report_day(codes: Iterable[str]) -> bool:
    """Whether a yes wants the day that stands as 支援レポート共有日 in the record: no share has one."""
    return WITHOUT_REPORT in codes


def mark(former: str, codes: Iterable[str], payer: int | None) -> str:
    """What the page showed: the answer of before, by its public id ("": none), what is asked, of whom.

    `payer`: the key of the municipality that the month would be claimed from.
    """
    asked = sorted(set(codes))
    told = [str(payer)] if SPLIT in asked else []
    return ":".join((former, *asked, *told))
