"""負担上限月額の月: inside which months of a decision a cap lies, and what a new one leaves of an old.

docs/rules.md §4 and §5: a cap counts in whole months, reaches neither before nor beyond the decision,
and where the decision ends inside a month it ends with that month.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from clients.rules.cap import CapMonths, last_cap_month
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


def joined_with(
    decisions: Iterable[tuple[date, date]], starts_on: date, ends_on: date
) -> CapMonths:
    """The months of a decision, with those of the `decisions` before it that lead to it in a row."""
    before = sorted(each for each in decisions if each[0] < starts_on)
    return joined_months([*before, (starts_on, ends_on)])[-1]


def months_holding(spans: Sequence[CapMonths], month: Month) -> CapMonths | None:
    """The span that holds `month`; else the last one, None without any."""
    holding = (span for span in spans if span.contains(month))
    return next(holding, spans[-1] if spans else None)


def outside(months: CapMonths, first_month: date, last_month: date | None) -> tuple[str, ...]:
    """Which of `first_month` and `last_month` lie outside `months`; an open end is inside."""
    days = {"first_month": first_month, "last_month": last_month}
    return tuple(
        name for name, day in days.items() if day is not None and not months.contains(Month.of(day))
    )


def touches(first: Month, last: Month | None, months: CapMonths) -> bool:
    """Whether a cap from `first` to `last` (None: no end) has a month in common with `months`."""
    return first <= months.last_month and (last is None or last >= months.first_month)


def lies_outside(first: Month, last: Month | None, spans: Iterable[CapMonths]) -> bool:
    """Whether no single one of `spans` holds a cap's first and last month; an open end is inside."""
    return not any(span.contains(first) and span.contains(last or first) for span in spans)


@dataclass(frozen=True, slots=True)
class RestMonths:
    """残りの月 of a cap into which a shorter one was laid; no end where it had none."""

    first_month: Month
    last_month: Month | None


def rest_after(
    running_last: Month | None, new_last: Month | None, granted_until: Month | None, now: Month
) -> RestMonths | None:
    """The months of the running cap that come after the new one; None where nothing is left.

    A cap without an end goes on only as far as somebody could mean it: not after a new one that ends
    with a tax year that is not over in the month `now` (June: the yearly review gives the next,
    docs/rules.md §5), and not beyond the last month of the decisions on file.
    """
    if new_last is None:
        return None
    if running_last is not None:
        return RestMonths(new_last + 1, running_last) if running_last > new_last else None
    if new_last == last_cap_month(new_last) and new_last >= now:
        return None
    if granted_until is None or granted_until <= new_last:
        return None
    return RestMonths(new_last + 1, None)


# --- Months without a cap, and caps over two tax years ------------------------------------------


def bare_months(
    granted: CapMonths, caps: Iterable[tuple[Month, Month | None]], until: Month
) -> tuple[CapMonths, ...]:
    """The months of a decision up to `until` that none of `caps` covers, as spans.

    A month with no cap on file holds that person's claim (docs/rules.md §4).
    """
    known = tuple(caps)
    found: list[CapMonths] = []
    for month in Month.span(granted.first_month, min(granted.last_month, until)):
        if any(first <= month and (last is None or month <= last) for first, last in known):
            continue
        if found and found[-1].last_month + 1 == month:
            found[-1] = CapMonths(found[-1].first_month, month)
        else:
            found.append(CapMonths(month, month))
    return tuple(found)


def told_until(first: Month, last: Month | None, now: Month) -> Month:
    """Up to which month somebody who enters a cap is told of months without one.

    The June with which its tax year ends: what comes then is the yearly review's, unless it has begun
    in the month `now` already.
    """
    return max(last_cap_month(last or first), now)


def june_inside(first: Month, last: Month | None, granted_until: Month) -> Month | None:
    """The June over which a cap runs on, into another year's tax; None where it does not.

    Without an end it runs as far as the decision does, to `granted_until`. docs/rules.md §5 (M): July
    begins a new tax year.
    """
    june = last_cap_month(first)
    return june if (last or granted_until) > june else None
