"""Time of keeping: from which day a file may be erased, and how long nameless evidence is needed.

docs/rules.md §10 (M): records are kept 5 years from the end of the service, then erased on purpose;
what a rate or an addition still needs stays without a name, up to 6 years and 6 months. The figures
are handed in: `keeping.years`, `keeping.evidence_months`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from clients.rules.citing import cite, day
from clients.rules.retention import COUNTED_FISCAL_YEARS
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
class Evidence:
    """What a rate or an addition needs of one person, without the person."""

    used: tuple[Period, ...]
    employed_years: tuple[int, ...]
    """Years on whose March 31 the person was employed."""
    hired_on: date | None
    months_employed: int | None
    """Whole months of the employment; None while it is not known to have ended."""
    died_on: date | None
    needed_until: date


def evidence(
    used: Iterable[Period],
    employments: Iterable[Period],
    *,
    evidence_months: int,
    on: date,
    died_on: date | None = None,
) -> Evidence | None:
    """The evidence that must outlive the file; None where nothing counts this person any more.

    就労定着率 counts who used the office in the three fiscal years before (§7 M): the use of fiscal
    year n counts until the March 31 that ends year n + 3, for which the fees are paid.
    就労定着実績体制加算 looks back over who was hired in the past years (§7 S), as long as a job can
    be of less than 78 months: `evidence_months` from the day of hiring.
    """
    periods, jobs = tuple(used), tuple(employments)
    ends = [period.ends_on or on for period in periods]
    if not ends:
        return None
    # Of a job that ended before the use nothing grows: only those that the use saw.
    seen = [job for job in joined(jobs) if any(job.overlaps(period) for period in periods)]
    hired_on = min((job.starts_on for job in seen), default=None)
    last_year = fiscal_year_period(fiscal_year(max(ends)) + COUNTED_FISCAL_YEARS).ends_on
    needed = [last_year] if last_year else []
    # Which of several counts as the hiring may be asked: kept for the last of them.
    needed += [last_day_of_months(job.starts_on, evidence_months) for job in seen]
    needed_until = max(needed)
    if needed_until < on:
        return None
    return Evidence(
        used=periods,
        employed_years=_employed_years(periods, jobs, on),
        hired_on=hired_on,
        months_employed=_months_employed(seen),
        died_on=died_on,
        needed_until=needed_until,
    )


def _employed_years(
    used: tuple[Period, ...], jobs: tuple[Period, ...], on: date
) -> tuple[int, ...]:
    first = min(period.starts_on for period in used)
    days = [date(year, 3, 31) for year in range(first.year, on.year + 1)]
    return tuple(
        each.year for each in days if first <= each and any(job.contains(each) for job in jobs)
    )


def _months_employed(jobs: list[Period]) -> int | None:
    """Whole months from the first day of the first job to the last day of the last."""
    ends = [job.ends_on for job in jobs]
    known = [end for end in ends if end is not None]
    if not jobs or len(known) < len(ends):
        return None
    first, last = min(job.starts_on for job in jobs), max(known)
    months = 0
    while last_day_of_months(first, months + 1) <= last:
        months += 1
    return months
