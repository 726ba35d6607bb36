"""離職の予定: a last day of work on file that lies inside a period, and what it does to the right.

Source: docs/rules.md §2 (S): the right ends with the employment, unless the first change of job, made
for better conditions, follows within a month. Until that month is over nothing is settled.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from clients.rules.facts import EmploymentFact, ServiceUse
from clients.rules.kinds import EmploymentKind, StandingState
from clients.rules.standing import standing
from teikyaku.periods import Period, day_after
from teikyaku.reasons import Reason


@dataclass(frozen=True, slots=True)
class LeavingAhead:
    """離職 inside a period: whether the right ends with it for certain, and why."""

    left_on: date
    """The last day of the right, where that is settled."""
    is_settled: bool
    """False while a next job within the month could carry the right on."""
    reason: Reason


def leaving_ahead(
    employments: Sequence[EmploymentFact], services: Sequence[ServiceUse], period: Period, on: date
) -> LeavingAhead | None:
    """The first leaving inside `period` that ends the right, as it is known on the day `on`.

    One that settles it comes before one that does not yet. None where no leaving on file ends it.
    """
    found = [
        each
        for job in sorted(employments, key=lambda job: job.ends_on or date.max)
        if job.kind == EmploymentKind.ORDINARY
        and job.ends_on is not None
        and period.contains(job.ends_on)
        and job.ends_on != period.ends_on
        and (each := _after(job.ends_on, employments, services, on)) is not None
    ]
    return next((each for each in found if each.is_settled), next(iter(found), None))


def _after(
    left_on: date, jobs: Sequence[EmploymentFact], services: Sequence[ServiceUse], on: date
) -> LeavingAhead | None:
    day = day_after(left_on)
    then = standing(jobs, day, services_before=services)
    if then.state is StandingState.ENDED:
        return LeavingAhead(left_on, True, then.reasons[0])
    if then.state is not StandingState.PENDING or then.pending_until is None:
        return None
    later = standing(jobs, day_after(then.pending_until), services_before=services)
    if later.state is not StandingState.ENDED:
        return None  # the next job is on file
    if then.pending_until < on:
        return LeavingAhead(left_on, True, later.reasons[0])
    return LeavingAhead(left_on, False, then.reasons[0])
