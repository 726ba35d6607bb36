"""What if: the standing that a job change would bring, by the same code as the real one.

Source: docs/rules.md §2 (the screen answers "what if this person changed jobs on …?").
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date

from clients.rules.facts import EmploymentFact, ServiceDuringEmployment, ServiceUse
from clients.rules.kinds import EmploymentKind
from clients.rules.standing import Standing, standing
from teikyaku.periods import Period, day_after


def what_if_changed(
    employments: Iterable[EmploymentFact],
    *,
    left_on: date,
    starts_on: date | None,
    to_improve_conditions: bool | None = True,
    new_kind: EmploymentKind = EmploymentKind.ORDINARY,
    on: date | None = None,
    services_during_employment: Iterable[ServiceDuringEmployment] = (),
    services_before: Sequence[ServiceUse] | None = None,
    early_change_uses_the_one: bool | None = None,
) -> Standing:
    """The standing if the present job were left on `left_on` and the next began on `starts_on`.

    `starts_on` None: no next job found. Answered for `on`, by default the day on which the next job
    begins, else the day after leaving. What is on record after `left_on` is set aside.
    Raises ValueError where no job is held on `left_on`.
    """
    jobs = jobs_if_changed(
        employments,
        left_on=left_on,
        starts_on=starts_on,
        to_improve_conditions=to_improve_conditions,
        new_kind=new_kind,
    )
    return standing(
        jobs,
        on or starts_on or day_after(left_on),
        services_during_employment,
        services_before=services_before,
        early_change_uses_the_one=early_change_uses_the_one,
    )


def jobs_if_changed(
    employments: Iterable[EmploymentFact],
    *,
    left_on: date,
    starts_on: date | None,
    to_improve_conditions: bool | None = True,
    new_kind: EmploymentKind = EmploymentKind.ORDINARY,
) -> tuple[EmploymentFact, ...]:
    """The jobs of the life in which every job held on `left_on` was left on that day.

    As in `what_if_changed`. Raises ValueError where no job is held on `left_on`.
    """
    jobs = _up_to(employments, left_on, to_improve_conditions)
    if starts_on is None:
        return jobs
    return (*jobs, EmploymentFact(starts_on=starts_on, kind=new_kind))


def jobs_if_on_leave(
    employments: Iterable[EmploymentFact], leave: Period
) -> tuple[EmploymentFact, ...]:
    """The jobs of the life in which there was a leave of absence from the jobs held on its first day.

    A leave ends with the job it is from. Raises ValueError where no job is held on its first day.
    """
    jobs = tuple(employments)
    if not any(_is_held(job, leave.starts_on) for job in jobs):
        raise ValueError("no job is held on the first day of the leave")
    return tuple(
        replace(job, leaves=(*job.leaves, _within(leave, job)))
        if _is_held(job, leave.starts_on)
        else job
        for job in jobs
    )


def last_held_on(employments: Iterable[EmploymentFact], on: date) -> date:
    """`on` where a job is held on it, else the last day on which one was; `on` where none ever was.

    Between two jobs the question is about the leaving that has happened.
    """
    begun = [job for job in employments if job.starts_on <= on]
    days = [on if job.ends_on is None else min(on, job.ends_on) for job in begun]
    return max(days, default=on)


def _is_held(job: EmploymentFact, on: date) -> bool:
    return job.starts_on <= on and not _is_over(job, on)


def _within(leave: Period, job: EmploymentFact) -> Period:
    ends = [day for day in (leave.ends_on, job.ends_on) if day is not None]
    return Period(leave.starts_on, min(ends, default=None))


def _up_to(
    employments: Iterable[EmploymentFact], left_on: date, to_improve: bool | None
) -> tuple[EmploymentFact, ...]:
    known = [job for job in employments if job.starts_on <= left_on]
    if all(_is_over(job, left_on) for job in known):
        raise ValueError("no job is held on left_on")
    return tuple(
        job
        if _is_over(job, left_on)
        else replace(job, ends_on=left_on, changed_to_improve_conditions=to_improve)
        for job in known
    )


def _is_over(job: EmploymentFact, on: date) -> bool:
    return job.ends_on is not None and job.ends_on < on
