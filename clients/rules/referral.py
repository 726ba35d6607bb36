"""つなぎ: from when to when somebody who was led to a centre could use the service after all.

Source: docs/rules.md §1 (G). The answer is that of the screening, asked for the days on which it can
change: nothing here depends on today, so that it can be stored and lists can ask for it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from clients.rules.facts import EmploymentFact, ServiceUse
from clients.rules.kinds import ScreeningAnswer
from clients.rules.screening import ScreeningFacts, screen
from clients.rules.standing import standing
from clients.rules.window import SupportWindow
from teikyaku.periods import Period

LONG_DAYS, VERY_LONG_DAYS = 14, 30
"""Waiting so many days for an answer is worth a colour."""


def eligible_after(
    employments: Sequence[EmploymentFact],
    services: Sequence[ServiceUse],
    referred_on: date,
    *,
    has_difficulties: bool | None = None,
) -> Period | None:
    """The days on or after `referred_on` on which the screening says that the service can be used.

    Of the last window that has such days: an earlier one was over before its job began.
    `has_difficulties` as it was asked last (None: never). None where no day is known.
    """
    facts = ScreeningFacts(
        services_used=tuple(services) or None,
        employments=tuple(employments),
        has_difficulties=has_difficulties,
    )
    windows = standing(employments, referred_on, services_before=tuple(services)).windows
    found = (_days_in(window, facts, referred_on) for window in reversed(windows))
    return next((days for days in found if days is not None), None)


def _days_in(window: SupportWindow, facts: ScreeningFacts, referred_on: date) -> Period | None:
    """From the first day that the screening says yes to, until the last that it announces there."""
    days = {window.first_usable_on, referred_on, *(job.starts_on for job in facts.employments)}
    first_on = max(window.first_usable_on, referred_on)
    for day in sorted(each for each in days if first_on <= each <= window.last_usable_on):
        result = screen(facts, day)
        last_on = result.last_usable_on
        if result.answer is ScreeningAnswer.ELIGIBLE_NOW and last_on is not None:
            return Period(day, last_on)
    return None


def waiting_tone(days: int) -> str:
    """How long an answer has been waited for, as a tone."""
    if days >= VERY_LONG_DAYS:
        return "danger"
    return "warning" if days >= LONG_DAYS else "neutral"
