"""就労定着実績体制加算: of those hired within six years who ended the service, who stayed long enough.

Source: docs/rules.md §7 (S): at least 70 % employed for 42 to under 78 months. The months run by
民法143条 from the day of hiring (teikyaku.periods); the six years are those up to the March 31 on which
the 就労定着率 is counted. Of whom nobody has found out counts as not having stayed, and stands apart,
as with the 就労定着率.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction

from clients.rules.citing import by_source, day
from teikyaku.periods import Period, fiscal_year_period, last_day_of_months
from teikyaku.periods import fiscal_year as fiscal_year_of
from teikyaku.reasons import Reason

HIRED_WITHIN_YEARS = 6
AT_LEAST_MONTHS = 42
UNDER_MONTHS = 78
NEEDED = Fraction(70, 100)


@dataclass(frozen=True, slots=True)
class WorkRecordFact:
    """One person who used the office: when the joined employment began, how far it is known."""

    person_id: str
    hired_on: date | None
    worked_until: date | None
    """The last day of work that is known, the counted day at most."""
    ended_on: date | None
    """The last day of the service; None while it runs."""
    is_open: bool = False
    """The work may have gone on after `worked_until`: nobody has found out."""


class Stay(StrEnum):
    """How a person enters the count."""

    LONG = "long"
    SHORT = "short"
    UNKNOWN = "unknown"
    """Short as far as is known, and may have reached the months: counted as short until it is found out."""
    TOO_LONG = "too_long"
    """78 months or more: counted, and not among those who stayed for the months asked for."""
    LEFT_OUT = "left_out"


@dataclass(frozen=True, slots=True)
class PersonStayed:
    """One person behind the share, and why."""

    person_id: str
    how: Stay
    reason: Reason


@dataclass(frozen=True, slots=True)
class WorkRecord:
    """The share for one fiscal year."""

    fiscal_year: int
    people: tuple[PersonStayed, ...]

    def count(self, how: Stay) -> int:
        """People counted as `how`."""
        return sum(person.how is how for person in self.people)

    @property
    def total(self) -> int:
        """All who were hired in time and ended the service."""
        return len(self.people) - self.count(Stay.LEFT_OUT)

    @property
    def highest(self) -> int:
        """The numerator where everybody of whom it is not known turns out to have stayed."""
        return self.count(Stay.LONG) + self.count(Stay.UNKNOWN)

    @property
    def wanted(self) -> int:
        """The smallest numerator that reaches 70 %."""
        return -(-self.total * NEEDED.numerator // NEEDED.denominator)

    @property
    def must_hear(self) -> int | None:
        """How many of the unknown must turn out to have stayed for 70 %; None where it cannot change.

        None also where it is reached already: an answer only adds.
        """
        wanted = self.wanted - self.count(Stay.LONG)
        return wanted if 0 < wanted <= self.count(Stay.UNKNOWN) else None

    @property
    def share(self) -> Fraction | None:
        """The exact share; None without anybody to count."""
        return Fraction(self.count(Stay.LONG), self.total) if self.total else None

    @property
    def is_met(self) -> bool:
        """Whether the share reaches 70 %, exactly."""
        return self.share is not None and self.share >= NEEDED


def hired_within(fiscal_year: int) -> Period:
    """The days of hiring that count: six fiscal years up to the last March 31."""
    first = fiscal_year_period(fiscal_year - HIRED_WITHIN_YEARS)
    return Period(first.starts_on, date(fiscal_year, 3, 31))


def has_months(hired_on: date, worked_until: date, months: int) -> bool:
    """Whether `months` months of work were complete on `worked_until`, its day included."""
    return last_day_of_months(hired_on, months) <= worked_until


def reaches_on(hired_on: date) -> date:
    """The day on which the 42 months are complete, its day included."""
    return last_day_of_months(hired_on, AT_LEAST_MONTHS)


def year_to_ask(hired_on: date) -> int:
    """The fiscal year before which the first March 31 on or after that day lies.

    Who was at the same workplace on that day has worked for the months asked for.
    """
    return fiscal_year_of(reaches_on(hired_on)) + 1


def work_record(facts: Iterable[WorkRecordFact], fiscal_year: int) -> WorkRecord:
    """The count for `fiscal_year`. Raises ValueError where a person is handed in twice."""
    known = tuple(facts)
    if len({fact.person_id for fact in known}) != len(known):
        raise ValueError("a person is handed in twice")
    people = (PersonStayed(fact.person_id, *_how(fact, fiscal_year)) for fact in known)
    return WorkRecord(fiscal_year, tuple(people))


def _how(fact: WorkRecordFact, fiscal_year: int) -> tuple[Stay, Reason]:
    span = hired_within(fiscal_year)
    assert span.ends_on is not None  # noqa: S101 (a span of fiscal years has its last day)
    if fact.hired_on is None or not span.contains(fact.hired_on):
        return Stay.LEFT_OUT, _cite("not_hired", "6年の間に就職した記録がありません。")
    if fact.ended_on is None or fact.ended_on > span.ends_on:
        return Stay.LEFT_OUT, _cite("still_used", "3月31日までに利用が終わっていません。")
    until = fact.worked_until
    if until is None or not has_months(fact.hired_on, until, AT_LEAST_MONTHS):
        if fact.is_open and reaches_on(fact.hired_on) <= span.ends_on:
            return Stay.UNKNOWN, _cite("unknown", _unknown_words(fact.hired_on))
        return Stay.SHORT, _cite("short", "働いた期間は、分かっている日までで42か月に届きません。")
    if has_months(fact.hired_on, until, UNDER_MONTHS):
        return Stay.TOO_LONG, _cite("too_long", "働いた期間が78か月以上です。")
    return Stay.LONG, _cite("long", "42か月以上78か月未満、働きました。")


def _unknown_words(hired_on: date) -> str:
    return (
        f"42か月になる{day(reaches_on(hired_on))}まで同じ職場で働いたか、まだ分かりません。"
        "分かるまで、届かないものとして数えています。"
    )


def _cite(code: str, text: str) -> Reason:
    return by_source(7, f"work_record.{code}", text)
