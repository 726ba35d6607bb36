"""The judge's own arithmetic of days, written from docs/rules.md alone.

On purpose not that of teikyaku.periods and of the rules: one mistake would hide in both.
"""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache

DAY = timedelta(days=1)
# 知らせの段階, the nearest first, as mails and board name them.
LATE, TODAY, WEEKS_2 = "期限が過ぎた", "今日まで", "2週間以内"
MONTHS = {1: "1か月以内", 2: "2か月以内", 3: "3か月以内", 6: "6か月以内"}


def end_of(starts_on: date, months: int) -> date:
    """民法143条: the day before the corresponding day; where that month has none, its last day."""
    year, month = divmod(starts_on.year * 12 + starts_on.month - 1 + months, 12)
    try:
        return date(year, month + 1, starts_on.day) - DAY
    except ValueError:
        return month_end(date(year, month + 1, 1))


def month_end(day: date) -> date:
    """The last day of the month that holds `day`."""
    return (day.replace(day=28) + timedelta(days=4)).replace(day=1) - DAY


@cache
def last_with_months(ends_on: date, months: int) -> date:
    """The last day after which so many whole months still end by `ends_on` (§9)."""
    day = ends_on - timedelta(days=27 * months)
    while end_of(day + DAY, months) > ends_on:
        day -= DAY
    return day


def same_day_later(day: date, months: int) -> date:
    """The same day so many months later; the last of that month where it has no such day."""
    first = end_of(day.replace(day=1), months) + DAY
    return min(first + (day.day - 1) * DAY, month_end(first))


def step_of(ends_on: date, on: date) -> str:
    """Which step an end has reached on `on`; "" while it is far."""
    if on >= ends_on:
        return LATE if on > ends_on else TODAY
    if (ends_on - on).days <= 14:  # noqa: PLR2004  (two weeks)
        return WEEKS_2
    return next((word for n, word in MONTHS.items() if on >= last_with_months(ends_on, n)), "")


def three_years(employed_on: date) -> date:
    """The last usable day: six months, then three years from the day after them (§2)."""
    return end_of(end_of(employed_on, 6) + DAY, 36)
