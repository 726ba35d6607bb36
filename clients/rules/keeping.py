"""Time of keeping: from which day a file may be erased, and how long nameless evidence is needed.

docs/rules.md §10 (M): records are kept 5 years from the end of the service, then erased on purpose;
what a rate or an addition still needs stays without a name, up to 6 years and 6 months. The figures
are handed in: `keeping.years`, `keeping.evidence_months`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from clients.rules.citing import cite, day
from clients.rules.retention import COUNTED_FISCAL_YEARS, Counted
from teikyaku.periods import (
    Period,
    day_after,
    fiscal_year,
    fiscal_year_period,
    joined,
    last_day_of_months,
    months_later,
)
from teikyaku.reasons import Certainty, Step

MONTHS_OF_YEAR = 12


@dataclass(frozen=True, slots=True)
class Keeping:
    """How long one file is kept."""

    ends_on: date
    """The end of the service: of several uses the last."""
    years: int
    kept_until: date
    due_on: date
    """The first day on which it may be erased."""

    def is_due(self, on: date) -> bool:
        """Whether the time of keeping is over on `on`."""
        return self.due_on <= on


def due_on(ends_on: date, years: int) -> date:
    """The first day on which a file may be erased whose service ended on `ends_on`.

    The time runs from the next day on: ended 2021-03-31, kept until 2026-03-31, due 2026-04-01.
    Raises ValueError for a negative number of years.
    """
    return day_after(last_day_of_months(day_after(ends_on), years * MONTHS_OF_YEAR))


def keeping(ends: Iterable[date | None], years: int) -> Keeping | None:
    """The keeping of one office's (or ward's) file of a person, by the ends of all that it holds.

    Who came back is kept from the last end. None while something runs (an end is None), and
    without anything.
    """
    known = list(ends)
    if not known or any(end is None for end in known):
        return None
    last = max(end for end in known if end is not None)
    first = due_on(last, years)
    return Keeping(last, years, last_day_of_months(day_after(last), years * MONTHS_OF_YEAR), first)


def latest_end(on: date, years: int) -> date:
    """No file whose service ended after this day can be due on `on`: for a first look in SQL."""
    return months_later(on, -years * MONTHS_OF_YEAR)


def keeping_steps(kept: Keeping, ends: int) -> tuple[Step, ...]:
    """The arithmetic, unfolded. `ends`: how many uses (or decisions) the file holds."""
    rule = cite(10, Certainty.PRACTICE)
    which = f"{ends}回のうち最後" if ends > 1 else ""
    first = day_after(kept.ends_on)
    return (
        Step("終わった日", which, day(kept.ends_on)),
        Step(
            "保存する期間", f"{day(first)}から{kept.years}年", f"{day(kept.kept_until)}まで", rule
        ),
        Step("消去できる最初の日", "その翌日", day(kept.due_on), rule),
    )


@dataclass(frozen=True, slots=True)
class StayKnown:
    """What 就労定着実績体制加算 of one fiscal year counts of one person."""

    year: int
    hired_on: date
    months: int
    """Whole months of work that were known on the March 31 before the year."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a rate or an addition needs of one person, without the person."""

    used: tuple[Period, ...]
    employed_years: tuple[int, ...]
    """Years on whose March 31 the person was employed, or will be if nothing changes."""
    open_years: tuple[int, ...]
    """Years of whose March 31 nobody has found out, and those whose March 31 lies ahead."""
    stays: tuple[StayKnown, ...]
    died_on: date | None
    needed_until: date


def evidence(
    used: Iterable[Period],
    employments: Iterable[Period],
    *,
    counted: Mapping[int, Counted],
    stays: Iterable[StayKnown],
    evidence_months: int,
    on: date,
    died_on: date | None = None,
) -> Evidence | None:
    """The evidence that must outlive the file; None where nothing counts this person any more.

    就労定着率 counts who used the office in the three fiscal years before (§7 M): the use of fiscal
    year n counts until the March 31 that ends year n + 3, for which the fees are paid.
    就労定着実績体制加算 looks back over who was hired in the past years (§7 S), as long as a job can
    be of less than 78 months: `evidence_months` from the day of hiring.
    `counted` and `stays`: how the person enters both counts, by fiscal year.
    """
    periods, known = tuple(used), tuple(stays)
    ends = [period.ends_on or on for period in periods]
    if not ends:
        return None
    # Of a job that ended before the use nothing grows: only those that the use saw.
    seen = [job for job in joined(employments) if any(job.overlaps(each) for each in periods)]
    last_year = fiscal_year_period(fiscal_year(max(ends)) + COUNTED_FISCAL_YEARS).ends_on
    needed = [last_year] if last_year else []
    # Which of several counts as the hiring may be asked: kept for the last of them.
    hired = {job.starts_on for job in seen} | {stay.hired_on for stay in known}
    needed += [last_day_of_months(day, evidence_months) for day in hired]
    needed_until = max(needed)
    if needed_until < on:
        return None
    return Evidence(
        used=periods,
        employed_years=tuple(y for y, how in counted.items() if how is Counted.EMPLOYED),
        open_years=tuple(
            year
            for year, how in counted.items()
            if how is Counted.UNANSWERED or on < date(year, 3, 31)
        ),
        stays=known,
        died_on=died_on,
        needed_until=needed_until,
    )
