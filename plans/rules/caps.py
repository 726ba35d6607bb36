"""負担上限月額の月: inside which months of a decision a cap lies.

docs/rules.md §4 and §5: a cap counts in whole months, reaches neither before nor beyond the decision,
and where the decision ends inside a month it ends with that month.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from clients.rules.cap import CapMonths
from teikyaku.periods import Month


def months_of_decision(starts_on: date, ends_on: date) -> CapMonths:
    """The months that a decision touches."""
    return CapMonths(Month.of(starts_on), Month.of(ends_on))


def joined_months(decisions: Iterable[tuple[date, date]]) -> tuple[CapMonths, ...]:
    """The months of decisions, in their order; what follows without a month between is one."""
    found: list[CapMonths] = []
    for starts_on, ends_on in decisions:
        own = months_of_decision(starts_on, ends_on)
        if found and own.first_month <= found[-1].last_month + 1:
            last = max(found[-1].last_month, own.last_month)
            found[-1] = CapMonths(found[-1].first_month, last)
        else:
            found.append(own)
    return tuple(found)


def outside(months: CapMonths, first_month: date, last_month: date | None) -> tuple[str, ...]:
    """Which of `first_month` and `last_month` lie outside `months`; an open end is inside."""
    days = {"first_month": first_month, "last_month": last_month}
    return tuple(
        name for name, day in days.items() if day is not None and not months.contains(Month.of(day))
    )
