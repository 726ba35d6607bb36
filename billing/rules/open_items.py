"""未入金の残高: how old an open invoice is on a day. Pure.

docs/rules.md §8: what is open. The steps of age are this software's own.
"""

from __future__ import annotations

from datetime import date

from clients.rules.kinds import Labelled


class Age(Labelled):
    """支払期限からの日数 the steps of age, youngest first."""

    IN_TIME = "in_time", "支払期限内"
    MONTH = "month", "1〜30日"
    QUARTER = "quarter", "31〜90日"
    OLDER = "older", "91日以上"


_LAST_DAYS = ((Age.IN_TIME, 0), (Age.MONTH, 30), (Age.QUARTER, 90))


def age_of(due_on: date, on: date) -> Age:
    """The step on day `on` of what had to be paid by `due_on`; that day itself is still in time."""
    days = (on - due_on).days
    return next((age for age, last in _LAST_DAYS if days <= last), Age.OLDER)
