"""Joining: which employments count as one, so that the window of the first goes on.

Source: docs/rules.md §2 (S). A job change joins only if it was made for better working conditions,
the new job began within one month of leaving, and it is the first such change. The month runs from
the day after leaving, by 民法143条. 就労継続支援A型 as the new workplace is no ordinary employment.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from clients.rules import joining_reasons as because
from clients.rules.facts import EmploymentFact
from clients.rules.kinds import EmploymentKind
from clients.rules.window import SIX_MONTHS
from teikyaku.periods import day_after, last_day_of_months
from teikyaku.reasons import Reason

ONE_MONTH = 1


class Verdict(StrEnum):
    """What a leaving did to the employment."""

    JOINED = "joined"
    """The next job continues it."""
    UNDECIDED = "undecided"
    """There is a next job in time; whether it continues cannot be said from the facts."""
    OPEN = "open"
    """No next job is known; one that begins by `rejoin_by` may continue it."""
    BROKEN = "broken"
    """The employment ended with the leaving."""


@dataclass(frozen=True, slots=True)
class Leaving:
    """離職 and what followed it."""

    left_on: date
    """Last day of the job that was left."""
    rejoin_by: date
    """Last day on which a next job may begin and still join."""
    next_starts_on: date | None
    is_early: bool
    """Whether it fell into the first six months of the joined employments."""
    verdict: Verdict
    reasons: tuple[Reason, ...]

    def is_between(self, on: date) -> bool:
        """Whether `on` lies between this leaving and the job that followed it."""
        return self.next_starts_on is not None and self.left_on < on < self.next_starts_on


@dataclass(frozen=True, slots=True)
class Chain:
    """つながる就労: employments that count as one, in order of their first days."""

    employments: tuple[EmploymentFact, ...]
    changes: tuple[Leaving, ...]
    """Job changes inside it, joined or undecided."""
    leaving: Leaving | None
    """How it ended; None while it lasts."""

    @property
    def starts_on(self) -> date:
        """First day of the first employment: the window is always counted from it."""
        return self.employments[0].starts_on

    @property
    def ends_on(self) -> date | None:
        """Last day of the last employment."""
        return None if self.leaving is None else self.leaving.left_on

    @property
    def leavings(self) -> tuple[Leaving, ...]:
        """Every job that was left in it, in order, the last one too."""
        return (*self.changes, *(() if self.leaving is None else (self.leaving,)))


def rejoin_by(left_on: date) -> date:
    """Last day on which the next job may begin: left 2024-04-30, by 2024-05-31."""
    return last_day_of_months(day_after(left_on), ONE_MONTH)


def join(
    employments: Iterable[EmploymentFact], early_change_uses_the_one: bool | None = None
) -> tuple[Chain, ...]:
    """Ordinary employments joined to chains, the earliest first; other kinds are left aside.

    `early_change_uses_the_one` is a setting (?): whether a change in the first six months uses up
    the one that may join. None: not settled, and a second change is then undecided.
    """
    rest = sorted(
        (job for job in employments if job.kind == EmploymentKind.ORDINARY),
        key=lambda job: (job.starts_on, job.ends_on or date.max),
    )
    chains = []
    while rest:
        chain, rest = _first_chain(rest, early_change_uses_the_one)
        chains.append(chain)
    return tuple(chains)


def _first_chain(
    jobs: Sequence[EmploymentFact], early_uses: bool | None
) -> tuple[Chain, list[EmploymentFact]]:
    """The chain that begins with the first of `jobs`, and the jobs after it."""
    main = jobs[0]
    early_until = last_day_of_months(main.starts_on, SIX_MONTHS)
    members = [main]
    changes: list[Leaving] = []
    for index, job in enumerate(jobs[1:], start=1):
        if not _outlasts(job, main):
            members.append(job)  # a second job beside the first: no change of workplace
            continue
        leaving = _judge(main, job, changes, early_until, early_uses)
        if leaving.verdict is Verdict.BROKEN:
            return Chain(tuple(members), tuple(changes), leaving), list(jobs[index:])
        members.append(job)
        changes.append(leaving)
        main = job
    last = None if main.ends_on is None else _judge(main, None, changes, early_until, early_uses)
    return Chain(tuple(members), tuple(changes), last), []


def _outlasts(job: EmploymentFact, main: EmploymentFact) -> bool:
    if main.ends_on is None:
        return False
    return job.ends_on is None or job.ends_on > main.ends_on


def _judge(
    main: EmploymentFact,
    job: EmploymentFact | None,
    changes: Sequence[Leaving],
    early_until: date,
    early_uses: bool | None,
) -> Leaving:
    assert main.ends_on is not None  # noqa: S101 (callers judge only jobs that ended)
    left_on = main.ends_on
    is_early = left_on <= early_until
    is_overlap = job is not None and job.starts_on <= left_on
    verdict, reason = _verdict(main, left_on, job, changes, early_uses)
    reasons = [reason]
    if is_overlap and verdict is Verdict.BROKEN:  # but the person was never out of work
        verdict, reasons = Verdict.UNDECIDED, []
    if is_overlap:
        reasons.append(because.overlap(left_on))
    if is_early and verdict is Verdict.BROKEN:
        reasons.append(because.broken_early(left_on))
    elif is_early and early_uses is None:
        reasons.append(because.early_change())
    return Leaving(
        left_on=left_on,
        rejoin_by=rejoin_by(left_on),
        next_starts_on=None if job is None else job.starts_on,
        is_early=is_early,
        verdict=verdict,
        reasons=tuple(reasons),
    )


def _verdict(
    main: EmploymentFact,
    left_on: date,
    job: EmploymentFact | None,
    changes: Sequence[Leaving],
    early_uses: bool | None,
) -> tuple[Verdict, Reason]:
    until = rejoin_by(left_on)
    breaking = _why_broken(main, left_on, job, changes, early_uses)
    if breaking is not None:
        return Verdict.BROKEN, breaking
    if job is None:
        return Verdict.OPEN, because.left_and_open(left_on, until)
    if any(change.is_early and early_uses is None for change in changes):
        return Verdict.UNDECIDED, because.maybe_second_change(left_on)
    if main.changed_to_improve_conditions is None:
        return Verdict.UNDECIDED, because.purpose_unknown(left_on)
    return Verdict.JOINED, because.joined(left_on, until, job.starts_on)


def _why_broken(
    main: EmploymentFact,
    left_on: date,
    job: EmploymentFact | None,
    changes: Sequence[Leaving],
    early_uses: bool | None,
) -> Reason | None:
    until = rejoin_by(left_on)
    if job is not None and job.starts_on > until:
        return because.too_late(left_on, until, job.starts_on)
    if main.changed_to_improve_conditions is False:
        return because.not_improving(left_on)
    if any(not change.is_early or early_uses for change in changes):
        return because.second_change(left_on)
    return None
