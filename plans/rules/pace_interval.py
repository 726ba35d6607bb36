"""How many months an interval is, and on which day it falls due (docs/rules.md §6)."""

from __future__ import annotations

from datetime import date

from plans.rules.pace_facts import MONTHLY, History, PaceSettings
from teikyaku.periods import (
    Month,
    Period,
    day_after,
    last_day_of_months,
    latest_day_before_end,
)

# For how many months after the last meeting the cost of a longer pace is told.
LOOKED_AHEAD = 12


def interval(met_on: date, pace: int, history: History, settings: PaceSettings) -> int:
    """Months from the month of `met_on` to the month in which the next interview is due.

    At most `pace`; an interval never skips a month that touches the first or last monthly span.
    """
    if pace == MONTHLY:
        return pace
    zones = [zone for zone in monthly_zones(history, settings) if zone is not None]
    for months in range(MONTHLY, pace):
        month = Month.of(met_on) + months
        if any(touches(zone, month) for zone in zones):
            return months
    return pace


def touches(zone: Period, month: Month) -> bool:
    """Whether a day of the month lies in the span."""
    return zone.overlaps(Period(month.first_day, month.last_day))


def monthly_zones(history: History, settings: PaceSettings) -> tuple[Period | None, Period | None]:
    """The first months of use and the last months of the window, in which the pace is monthly."""
    first = last = None
    if history.use_starts_on is not None and settings.monthly_first_months:
        until = last_day_of_months(history.use_starts_on, settings.monthly_first_months)
        first = Period(history.use_starts_on, until)
    if history.last_usable_on is not None and settings.monthly_last_months:
        before = latest_day_before_end(history.last_usable_on, settings.monthly_last_months)
        last = Period(day_after(before), history.last_usable_on)
    return first, last


def due_after(met_on: date, months: int, history: History) -> date | None:
    """The last day of the month that lies `months` after that of the meeting.

    Not before the first month that the office bills here.
    """
    return within(not_before((Month.of(met_on) + months).last_day, history), history)


def not_before(due_on: date, history: History) -> date:
    """`due_on`, or the end of the first month that the office bills here, where that is later."""
    first = history.opening.first_day
    return due_on if first is None or due_on >= first else Month.of(first).last_day


def within(due_on: date, history: History) -> date | None:
    """`due_on`, not past the last usable day or the end; None when its month begins after it.

    An end that lies ahead leaves what falls due before it.
    """
    ends = [day for day in (history.last_usable_on, history.ended_on) if day is not None]
    last = min(ends, default=due_on)
    if due_on <= last:
        return due_on
    return last if Month.of(due_on).first_day <= last else None


def unbillable_months(
    last_met_on: date, pace: int, history: History, settings: PaceSettings
) -> tuple[Month, ...]:
    """The months that a pace leaves without a meeting, as far as they are known: for a year.

    Met each time in the month of the due date, from the month of `last_met_on` on. The monthly
    months cost nothing, and after the last usable day (or the end) there is no month to bill
    (docs/rules.md §6).
    """
    met, until = Month.of(last_met_on), looks_ahead_until(last_met_on, history)
    found: list[Month] = []
    while met < until:
        months = interval(met.first_day, pace, history, settings)
        found += [met + step for step in range(1, months) if met + step <= until]
        met += months
    return tuple(found)


def looks_ahead_until(last_met_on: date, history: History) -> Month:
    """The last month that `unbillable_months` looks at: a year on, or that of the last usable day."""
    ends = [day for day in (history.last_usable_on, history.ended_on) if day is not None]
    return min([Month.of(last_met_on) + LOOKED_AHEAD, *(Month.of(day) for day in ends)])
