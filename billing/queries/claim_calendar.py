"""請求の予定 with the dated figures as they hold here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from billing.rules.claim_calendar import DAYS, HANDED, CalendarDay, ClaimCalendar, claim_calendar
from plans.queries.report_day import report_figure
from teikyaku.accounts.queries.figures import overrides, picked
from teikyaku.figures import Figure, FigureError
from teikyaku.periods import Month


@dataclass(frozen=True, slots=True)
class ClaimDays:
    """The calendar that matters on a day, and which deadline for claims has passed or comes next."""

    calendar: ClaimCalendar
    """Of today's month; of the next one where this one's days of cap management and claims are past."""
    next_day: CalendarDay
    """What falls due today or next."""
    still_open: tuple[CalendarDay, ...]
    """Days of this month that lie ahead though the next month's calendar is shown: 支援レポートを渡す期限."""
    passed_on: date | None
    """This month's last day for claims, once it is over: what was served last month missed it."""
    next_claim: CalendarDay
    """The last day for claims that can still be met."""


def days_for(served: Month, on: date) -> ClaimCalendar:
    """The days of the month after `served`, on which its reports and claims fall due (one query).

    Raises figures.NoFigure where a day is not known.
    """
    following = served + 1
    return claim_calendar(on, _figures(following, served), following)


def _figures(month: Month, served: Month) -> dict[str, Figure]:
    # The report's day is a figure of the month that it is about.
    known = overrides()
    found = {key: picked(key, month, known) for key in DAYS}
    if (handed := report_figure(served, known)) is not None:
        found[HANDED] = handed
    return found


def known_days(served: Month, on: date) -> tuple[CalendarDay, ...]:
    """When reports, answers and claims of a month fall due; none where nobody knows (one query)."""
    try:
        return days_for(served, on).days
    except FigureError:
        return ()


def claim_days(on: date) -> ClaimDays:
    """The timetable of claims as of `on`.

    One query. Raises figures.NoFigure where a day is not known.
    """
    month = Month.of(on)
    figures = _figures(month, month - 1)
    this = claim_calendar(on, figures)
    following = claim_calendar(on, figures, month + 1)
    claim_on = this.last_claim_day.on
    is_past = on > claim_on
    # The last day of a report may lie after that of the claims: it holds back neither the next days nor their month.
    is_over = not any(day.key in DAYS and day.is_ahead for day in this.days)
    still_open = tuple(day for day in this.days if day.is_ahead) if is_over else ()
    shown = following if is_over else this
    ahead = [day for day in (*still_open, *shown.days) if day.is_ahead]
    next_day = min(ahead, key=lambda day: day.on)
    return ClaimDays(
        calendar=shown,
        next_day=next_day,
        still_open=still_open,
        passed_on=claim_on if is_past else None,
        next_claim=(following if is_past else this).last_claim_day,
    )
