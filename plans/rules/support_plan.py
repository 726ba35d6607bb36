"""個別支援計画: reviewed at least every so many months (docs/rules.md §6 S, a dated figure)."""

from __future__ import annotations

from datetime import date

from teikyaku.periods import last_day_of_months


def latest_review(starts_on: date, months: int) -> date:
    """The last day on which a plan that starts on `starts_on` is reviewed in time."""
    return last_day_of_months(starts_on, months)
