"""Months, inclusive periods, and month arithmetic by 民法143条 (docs/rules.md §2 S).

Periods are inclusive on both ends; an open end is None. The "minus one day" lives here alone.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Any, Protocol, overload

from django.db.models import Q

_DAY = timedelta(days=1)
FISCAL_YEAR_STARTS_IN = 4
# Months come from addresses of pages too: beyond these years sums would leave the calendar.
_TYPED_YEARS = range(1868, 2200)
# How far the last day of a shorter month can lie before the day that it stands for (31 to 28).
_LONGEST_CLIP = 3


@lru_cache(maxsize=4096)
def _last_day(year: int, month: int) -> date:
    return date(year, month, calendar.monthrange(year, month)[1])


@dataclass(frozen=True, order=True, slots=True)
class Month:
    """月: a calendar month, ordered and hashable. Raises ValueError for a month outside 1 to 12."""

    year: int
    month: int

    def __post_init__(self) -> None:
        if not 1 <= self.month <= 12:  # noqa: PLR2004
            raise ValueError(f"no such month: {self.year}-{self.month}")

    @classmethod
    def of(cls, day: date) -> Month:
        """The month that holds `day`."""
        return cls(day.year, day.month)

    @classmethod
    def parse(cls, text: str) -> Month:
        """The month written as 2026-04. Raises ValueError for anything else.

        Years from 1868 to 2199; what people type is read by `teikyaku.era.parse_month`.
        """
        match = re.fullmatch(r"([0-9]{4})-([0-9]{2})", text)
        if match is None or int(match[1]) not in _TYPED_YEARS:
            raise ValueError(f"not a month: {text!r}")
        return cls(int(match[1]), int(match[2]))

    @classmethod
    def span(cls, first: Month, last: Month) -> Iterator[Month]:
        """Every month from `first` to `last`, both included; none when `last` comes earlier."""
        month = first
        while month <= last:
            yield month
            month += 1

    @property
    def first_day(self) -> date:
        """The first day."""
        return date(self.year, self.month, 1)

    @property
    def last_day(self) -> date:
        """The last day."""
        return _last_day(self.year, self.month)

    @property
    def fiscal_year(self) -> int:
        """年度: the year in which the fiscal year (from April 1) began."""
        return fiscal_year(self.first_day)

    @property
    def label(self) -> str:
        """2026年4月."""
        return f"{self.year}年{self.month}月"

    def __hash__(self) -> int:
        return self.year * 12 + self.month  # looked up ten times for each person of a close

    def contains(self, day: date) -> bool:
        """Whether `day` lies in this month."""
        return (day.year, day.month) == (self.year, self.month)

    def __add__(self, months: int) -> Month:
        index = self.year * 12 + self.month - 1 + months
        return Month(index // 12, index % 12 + 1)

    @overload
    def __sub__(self, other: int) -> Month: ...
    @overload
    def __sub__(self, other: Month) -> int: ...
    def __sub__(self, other: int | Month) -> Month | int:
        if isinstance(other, Month):
            return (self.year - other.year) * 12 + self.month - other.month
        return self + -other

    def __str__(self) -> str:
        return f"{self.year:04d}-{self.month:02d}"


@dataclass(frozen=True, slots=True)
class Period:
    """期間: days from `starts_on` to `ends_on`, both included; no end when None.

    Raises ValueError when the end lies before the start: an empty period is no period.
    """

    starts_on: date
    ends_on: date | None = None

    def __post_init__(self) -> None:
        if self.ends_on is not None and self.ends_on < self.starts_on:
            raise ValueError("a period ends on or after its first day")

    def contains(self, on: date) -> bool:
        """Whether `on` is one of the days."""
        return self.starts_on <= on and (self.ends_on is None or on <= self.ends_on)

    def overlaps(self, other: Period) -> bool:
        """Whether the two share a day."""
        return (self.ends_on is None or other.starts_on <= self.ends_on) and (
            other.ends_on is None or self.starts_on <= other.ends_on
        )

    def intersection(self, other: Period) -> Period | None:
        """The days that both hold, or None."""
        starts_on = max(self.starts_on, other.starts_on)
        ends = [end for end in (self.ends_on, other.ends_on) if end is not None]
        ends_on = min(ends) if ends else None
        if ends_on is not None and ends_on < starts_on:
            return None
        return Period(starts_on, ends_on)

    @property
    def days(self) -> int | None:
        """How many days, or None when open."""
        return None if self.ends_on is None else (self.ends_on - self.starts_on).days + 1


class Lasting(Protocol):
    """What lasts from a day to a day, both included: a period, or a row with the same two days."""

    @property
    def starts_on(self) -> date:
        """Its first day."""

    @property
    def ends_on(self) -> date | None:
        """Its last day; None while it has no end."""


def day_after(day: date) -> date:
    """The next day."""
    return day + _DAY


def day_before(day: date) -> date:
    """The day before."""
    return day - _DAY


@lru_cache(maxsize=8192)  # many lives, few days
def last_day_of_months(starts_on: date, months: int) -> date:
    """Last day of a period of `months` months that starts on `starts_on` (民法143条).

    The day before the corresponding day; where that month has none, its last day. With 0 months
    the day before `starts_on`. Raises ValueError for a negative number. docs/rules.md §2 (S).
    """
    if months < 0:
        raise ValueError(f"a period of {months} months")
    index = starts_on.year * 12 + starts_on.month - 1 + months
    last = _last_day(index // 12, index % 12 + 1)
    if starts_on.day > last.day:
        return last
    return day_before(last.replace(day=starts_on.day))


def months_later(day: date, months: int) -> date:
    """The same day `months` months later (or earlier), clipped to the month's end.

    For days that are suggested to people only: where a right ends, `last_day_of_months` counts.
    """
    target = Month.of(day) + months
    return target.first_day.replace(day=min(day.day, target.last_day.day))


def latest_day_before_end(ends_on: date, months: int) -> date:
    """The last day D such that `months` months counted from D + 1 end by `ends_on`.

    For what must be done so many months before an end: docs/rules.md §9 (S).
    """
    day = months_later(ends_on, -months) + _LONGEST_CLIP * _DAY
    while last_day_of_months(day_after(day), months) > ends_on:
        day = day_before(day)
    return day


def joined(periods: Iterable[Period]) -> tuple[Period, ...]:
    """The same days in the fewest periods, in order: what overlaps or touches becomes one."""
    found: list[Period] = []
    for period in sorted(periods, key=lambda each: each.starts_on):
        last = found[-1] if found else None
        if last is None or _is_gap(last.ends_on, period.starts_on):
            found.append(period)
        elif last.ends_on is not None:
            ends_on = None if period.ends_on is None else max(last.ends_on, period.ends_on)
            found[-1] = Period(last.starts_on, ends_on)
    return tuple(found)


def _is_gap(ends_on: date | None, starts_on: date) -> bool:
    return ends_on is not None and day_after(ends_on) < starts_on


@lru_cache(maxsize=256)
def whole_month(month: Month) -> Period:
    """All days of a month."""
    return Period(month.first_day, month.last_day)


def fiscal_year(day: date) -> int:
    """年度: the year in which the fiscal year that holds `day` began."""
    return day.year if day.month >= FISCAL_YEAR_STARTS_IN else day.year - 1


def fiscal_year_period(year: int) -> Period:
    """April 1 of `year` to March 31 of the next."""
    first = Month(year, FISCAL_YEAR_STARTS_IN)
    return Period(first.first_day, (first + 11).last_day)


def in_force(on: Any, prefix: str = "") -> Q:
    """The condition that a row's period holds the day `on`: a date, or an expression of the query.

    `prefix` reaches over a relation: "enrolment__".
    """
    return Q(**{f"{prefix}starts_on__lte": on}) & (
        Q(**{f"{prefix}ends_on__isnull": True}) | Q(**{f"{prefix}ends_on__gte": on})
    )


def overlapping(period: Period, prefix: str = "") -> Q:
    """The condition that a row's period shares a day with `period`; `prefix` as in `in_force`."""
    begun = Q() if period.ends_on is None else Q(**{f"{prefix}starts_on__lte": period.ends_on})
    return begun & (
        Q(**{f"{prefix}ends_on__isnull": True}) | Q(**{f"{prefix}ends_on__gte": period.starts_on})
    )
