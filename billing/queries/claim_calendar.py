"""請求の予定 with the dated figures as they hold here."""

from __future__ import annotations

from datetime import date

from billing.rules.claim_calendar import DAYS, CalendarDay, ClaimCalendar, claim_calendar
from teikyaku.accounts.queries.figures import figures_of
from teikyaku.periods import Month


def claim_calendar_on(on: date) -> tuple[ClaimCalendar, CalendarDay | None]:
    """The calendar of today's month, and what comes next, in the next month where this one is done.

    One query. Raises figures.NoFigure where a day is not known.
    """
    month = Month.of(on)
    figures = figures_of(DAYS, month)
    found = claim_calendar(on, figures)
    if found.next_day is not None:
        return found, found.next_day
    return found, claim_calendar((month + 1).first_day, figures).next_day
