"""就労定着率: of all who used an office in three fiscal years, the share still employed at their end.

Source: docs/rules.md §7 (M; the bounds S, R6 報酬告示). A pure count over facts, with the people
behind it. The office confirms the tier; this only says what the facts lead to.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction
from typing import Generic, TypeVar

from clients.rules.citing import by_practice, not_settled
from teikyaku.periods import Period, fiscal_year, fiscal_year_period
from teikyaku.reasons import Reason

COUNTED_FISCAL_YEARS = 3
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class RetentionFact:
    """One person: when the office was used, and what is known of the work on the day."""

    person_id: str
    used: tuple[Period, ...]
    employments: tuple[Period, ...] = ()
    is_answered: bool = True
    """False where nobody has yet found out about the day (the call list of March)."""
    answer: bool | None = None
    """What was found out about the day; it wins over the employments on file."""
    died_on: date | None = None
    is_told: bool = False
    """The office told of them as a number, from papers of before it wrote here."""
    is_erased: bool = False
    """The file is erased: of an open day nobody can find out any more."""


class Counted(StrEnum):
    """How a person enters the count."""

    EMPLOYED = "employed"
    NOT_EMPLOYED = "not_employed"
    UNANSWERED = "unanswered"
    """Counted as not employed until the call is made."""
    LEFT_OUT = "left_out"


@dataclass(frozen=True, slots=True)
class PersonCounted:
    """One person behind the rate, and why."""

    person_id: str
    how: Counted
    reason: Reason


@dataclass(frozen=True, slots=True)
class Retention:
    """就労定着率 for the fees of `fiscal_year`, counted on the March 31 before it."""

    fiscal_year: int
    span: Period
    people: tuple[PersonCounted, ...]

    @property
    def counted_on(self) -> date:
        """The last March 31."""
        return date(self.fiscal_year, 3, 31)

    def ids(self, how: Counted) -> tuple[str, ...]:
        """The people who were counted as `how`."""
        return tuple(person.person_id for person in self.people if person.how is how)

    @property
    def total(self) -> int:
        """All who used the office in the span."""
        return len(self.people) - len(self.ids(Counted.LEFT_OUT))

    @property
    def rate(self) -> Fraction | None:
        """The exact share; None where nobody used the office in the span (a new office)."""
        return self.share(len(self.ids(Counted.EMPLOYED))) if self.total else None

    @property
    def highest_rate(self) -> Fraction | None:
        """The share if all who have not answered turn out to be employed."""
        employed = self.ids(Counted.EMPLOYED) + self.ids(Counted.UNANSWERED)
        return self.share(len(employed)) if self.total else None

    def share(self, employed: int) -> Fraction:
        """The share if so many were employed. Raises ZeroDivisionError with nobody to count."""
        return Fraction(employed, self.total)


@dataclass(frozen=True, slots=True)
class Tier:
    """報酬の段階: a band of the rate, its lower bound included."""

    number: int
    at_least_percent: int
    label: str

    @property
    def lower_bound(self) -> Fraction:
        """The lower bound as an exact share."""
        return Fraction(self.at_least_percent, 100)


R6_TIERS = (
    Tier(1, 95, "95%以上"),
    Tier(2, 90, "90%以上95%未満"),
    Tier(3, 80, "80%以上90%未満"),
    Tier(4, 70, "70%以上80%未満"),
    Tier(5, 50, "50%以上70%未満"),
    Tier(6, 30, "30%以上50%未満"),
    Tier(7, 0, "30%未満"),
)
"""The bands of April 2024 (R6 報酬告示, S). Another table is handed in where another is in force."""


def tier_of(rate: Fraction, tiers: Sequence[Tier] = R6_TIERS) -> Tier:
    """The band that holds `rate`, compared exactly.

    Raises ValueError for a rate outside 0 to 1, and where no band of `tiers` reaches so low.
    """
    if not 0 <= rate <= 1:
        raise ValueError("a rate lies between 0 and 1")
    fitting = [tier for tier in tiers if rate >= tier.lower_bound]
    if not fitting:
        raise ValueError("no tier holds this rate")
    return max(fitting, key=lambda tier: tier.at_least_percent)


def years_to_show(opened_on: date, on: date) -> tuple[int, ...]:
    """Fiscal years whose March 31 lies behind, the newest first; from the one after the opening on.

    The newest also for an office that opened after it: its page says that nobody counts yet.
    """
    last = fiscal_year(on)
    return tuple(range(last, min(fiscal_year(opened_on) + 1, last) - 1, -1))


def retention_span(fiscal_year: int) -> Period:
    """The three fiscal years up to the last March 31: for 2026, 2023-04-01 to 2026-03-31."""
    first = fiscal_year_period(fiscal_year - COUNTED_FISCAL_YEARS)
    last = fiscal_year_period(fiscal_year - 1)
    return Period(first.starts_on, last.ends_on)


def retention(facts: Iterable[RetentionFact], fiscal_year: int) -> Retention:
    """The count behind the fees of `fiscal_year` (which begins in April of that year).

    Raises ValueError where a person is handed in twice: one person counts once.
    """
    known = tuple(facts)
    if len({fact.person_id for fact in known}) != len(known):
        raise ValueError("a person is handed in twice")
    span = retention_span(fiscal_year)
    return Retention(fiscal_year, span, tuple(_count(fact, span) for fact in known))


@dataclass(frozen=True, slots=True)
class Reach(Generic[T]):
    """A band that the open answers can still lead to."""

    answers: int
    """How many of them must be 就労している, at least."""
    tier: T


def reaches(found: Retention, tier_for: Callable[[Fraction], T]) -> tuple[Reach[T], ...]:
    """The bands from the lowest rate to the highest, each with the answers that it needs.

    The first is what counts as long as nobody answers (0 answers). Empty without anybody to count.
    """
    steps: list[Reach[T]] = []
    if found.rate is None:
        return ()
    employed = len(found.ids(Counted.EMPLOYED))
    for answers in range(len(found.ids(Counted.UNANSWERED)) + 1):
        tier = tier_for(found.share(employed + answers))
        if not steps or steps[-1].tier != tier:
            steps.append(Reach(answers, tier))
    return tuple(steps)


def _count(fact: RetentionFact, span: Period) -> PersonCounted:
    how, reason = _how(fact, span)
    return PersonCounted(fact.person_id, how, reason)


def _how(fact: RetentionFact, span: Period) -> tuple[Counted, Reason]:
    day = span.ends_on
    assert day is not None  # noqa: S101 (a span of fiscal years has its last day)
    if not any(used.overlaps(span) for used in fact.used):
        text = "数える3つの年度の間に、この事業所の利用がありません。"
        return Counted.LEFT_OUT, by_practice(7, "retention.not_used", text)
    if fact.died_on is not None and fact.died_on <= day:
        text = "亡くなった方です。数に入れるかどうかは、指定の担当に確認してください。"
        return Counted.NOT_EMPLOYED, not_settled(7, "retention.died", text)
    if fact.answer is not None:
        return (_by_number if fact.is_told else _by_answer)(is_employed=fact.answer)
    if not fact.is_answered:
        return _open(fact)
    if any(employment.contains(day) for employment in fact.employments):
        text = "3月31日に就労しています。"
        return Counted.EMPLOYED, by_practice(7, "retention.employed", text)
    text = "3月31日の就労の記録がありません。"
    return Counted.NOT_EMPLOYED, by_practice(7, "retention.not_employed", text)


def _open(fact: RetentionFact) -> tuple[Counted, Reason]:
    if fact.is_erased:
        text = "3月31日の就労を確かめないまま記録を消去したため、就労していないものとして数えています。"
        return Counted.NOT_EMPLOYED, by_practice(7, "retention.erased", text)
    text = "3月31日の就労がまだ確かめられていないため、就労していないものとして数えています。"
    return Counted.UNANSWERED, by_practice(7, "retention.unanswered", text)


def _by_number(*, is_employed: bool) -> tuple[Counted, Reason]:
    if is_employed:
        text = "移行前の人数として入れた数です：3月31日に働いていました。"
        return Counted.EMPLOYED, by_practice(7, "retention.told_employed", text)
    text = "移行前の人数として入れた数です：3月31日に働いていませんでした。"
    return Counted.NOT_EMPLOYED, by_practice(7, "retention.told_not_employed", text)


def _by_answer(*, is_employed: bool) -> tuple[Counted, Reason]:
    if is_employed:
        text = "3月31日に就労していると確かめました。"
        return Counted.EMPLOYED, by_practice(7, "retention.answered_employed", text)
    text = "3月31日に就労していないと確かめました。"
    return Counted.NOT_EMPLOYED, by_practice(7, "retention.answered_not_employed", text)
