"""市町村の回答: what an answer settles, what it refuses, and what the page of it had shown. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from plans.rules.city_answer import SETTLED_BY_YES

NONE: frozenset[str] = frozenset()
# Nobody can be given the report any more: the record for 国保連 bears the day that the municipality said.
WITHOUT_REPORT = "report_died"


def settled(codes: Iterable[str], *, is_billable: bool) -> frozenset[str]:
    """Of the reasons that were asked about, those that hold the month no more."""
    return SETTLED_BY_YES.intersection(codes) if is_billable else NONE


def refusal(answered_on: date, reason: str) -> str:
    """Why the month cannot be billed, where the municipality said so."""
    on = answered_on
    return f"市町村の回答（{on.year}年{on.month}月{on.day}日）により、請求できません。{reason}"


def asks_report_day(codes: Iterable[str]) -> bool:
    """Whether a yes wants the day that stands as 支援レポート共有日 in the record: no share has one."""
    return WITHOUT_REPORT in codes


def mark(former: str, codes: Iterable[str]) -> str:
    """What the page showed: the answer of before, by its public id ("": none), and what is asked."""
    return ":".join((former, *sorted(set(codes))))
