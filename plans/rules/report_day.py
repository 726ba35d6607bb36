"""レポートを渡す期限: by when the report of a month goes to the person (docs/rules.md §6 [?]). Pure.

The rules know of no day. An operator who has asked the municipality sets one; until then nothing is late.
"""

from __future__ import annotations

from datetime import date

from teikyaku.periods import Month

FIGURE = "claim.report_day"


def report_due_on(month: Month, day: int) -> date | None:
    """The last day for the report of `month`: that day of the next month, or its last one; None for 0."""
    if day <= 0:
        return None
    following = month + 1
    return following.first_day.replace(day=min(day, following.last_day.day))
