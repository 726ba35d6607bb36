"""Standing: where a person stands on one day, from the facts of a working life.

Source: docs/rules.md §2. A person can have several windows in a life; the standing of a day is
that of the latest employment that had begun and opens one. Nothing here is stored as a decision.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import NamedTuple

from clients.rules import joining_reasons, standing_reasons
from clients.rules.facts import EmploymentFact, ServiceDuringEmployment, ServiceUse
from clients.rules.joining import Chain, Leaving, Verdict, join
from clients.rules.kinds import EmploymentKind, StandingState
from clients.rules.openings import Opening, openings
from clients.rules.window import SupportWindow
from teikyaku.reasons import Certainty, Reason, Step


@dataclass(frozen=True, slots=True)
class Standing:
    """状態 of one person on the day `on`."""

    on: date
    state: StandingState
    window: SupportWindow | None
    """The window that concerns `on`: past, present, or the first to come."""
    windows: tuple[SupportWindow, ...]
    """All windows of this life, in order."""
    pending_until: date | None
    """PENDING only: last day on which the next job may begin; None where a fact is missing."""
    right_ended_on: date | None
    """ENDED: the day of leaving. EXPIRED: the last usable day."""
    right_ends_on: date | None
    """Last day of the right by the facts on file: the window's, or that of an earlier leaving
    (also one ahead) that ends it. None without a window."""
    is_on_leave: bool
    reasons: tuple[Reason, ...]
    steps: tuple[Step, ...]
    leavings: tuple[Leaving, ...] = ()
    """Every leaving of the employment that concerns `on`, in order, also those that lie ahead."""

    @property
    def is_usable(self) -> bool:
        """Whether the service can be used on the day."""
        return self.state is StandingState.OPEN

    @property
    def questions(self) -> tuple[Reason, ...]:
        """What is not settled and has to be asked."""
        return tuple(reason for reason in self.reasons if reason.certainty == Certainty.UNKNOWN)


class _Finding(NamedTuple):
    """The state of a day; why is put into words only where somebody reads it."""

    state: StandingState
    because: Callable[[], tuple[Reason, ...]]
    pending_until: date | None = None
    right_ended_on: date | None = None


def standing(
    employments: Iterable[EmploymentFact],
    on: date,
    services_during_employment: Iterable[ServiceDuringEmployment] = (),
    *,
    services_before: Sequence[ServiceUse] | None = None,
    early_change_uses_the_one: bool | None = None,
) -> Standing:
    """Where the person stands on `on`, with the windows, the reasons and the arithmetic.

    `services_before`: every known use of a qualifying service; None where somebody has checked that
    one came before the first job. Uses marked as during employment count as such.
    `early_change_uses_the_one` is a setting (?), see `clients.rules.joining.join`.
    """
    course = course_of(
        employments, services_during_employment, services_before, early_change_uses_the_one
    )
    found = course.openings
    windows = tuple(window for opening in found for window in opening.windows)
    opening = _concerning(found, on)
    asides = _asides(course.jobs, course.chains, found, on)
    if opening is None:
        return _without_window(on, course.chains, asides)
    window = opening.window_for(on)
    finding = _find(opening, window, on)
    is_on_leave = any(job.is_on_leave(on) for job in opening.chain.employments)
    leave = (standing_reasons.on_leave(),) if is_on_leave else ()
    return Standing(
        on=on,
        state=finding.state,
        window=window,
        windows=windows,
        pending_until=finding.pending_until,
        right_ended_on=finding.right_ended_on,
        right_ends_on=_right_ends_on(opening.chain, window, finding),
        is_on_leave=is_on_leave,
        reasons=(
            *finding.because(),
            *opening.reasons,
            *(() if window is None else window.reasons),
            *leave,
            *asides,
        ),
        steps=() if window is None else window.steps,
        leavings=opening.chain.leavings,
    )


@dataclass(frozen=True, slots=True)
class Course:
    """What of a life holds on every day: the jobs, joined, and what they open."""

    jobs: tuple[EmploymentFact, ...]
    chains: Sequence[Chain]
    openings: Sequence[Opening]


def course_of(
    employments: Iterable[EmploymentFact],
    services_during_employment: Iterable[ServiceDuringEmployment] = (),
    services_before: Sequence[ServiceUse] | None = None,
    early_change_uses_the_one: bool | None = None,
) -> Course:
    """The course of a life, for whoever asks about several of its days; as `standing` takes it."""
    jobs = tuple(employments)
    chains = join(jobs, early_change_uses_the_one)
    during = (*services_during_employment, *_during(services_before or ()))
    return Course(jobs, chains, openings(chains, during, services_before))


def state_on(course: Course, on: date) -> StandingState:
    """The state that `standing` finds for a day."""
    opening = _concerning(course.openings, on)
    if opening is None:
        return StandingState.NONE
    return _find(opening, opening.window_for(on), on).state


def _during(services: Iterable[ServiceUse]) -> Iterable[ServiceDuringEmployment]:
    return (
        ServiceDuringEmployment(ends_on=use.ends_on, starts_on=use.starts_on)
        for use in services
        if use.is_during_employment
    )


def _concerning(found: Sequence[Opening], on: date) -> Opening | None:
    for opening in reversed(found):
        if opening.chain.starts_on <= on:
            return opening
    return found[0] if found else None


def _without_window(on: date, chains: Sequence[Chain], asides: tuple[Reason, ...]) -> Standing:
    reason = standing_reasons.no_service() if chains else standing_reasons.no_employment()
    return Standing(
        on=on,
        state=StandingState.NONE,
        window=None,
        windows=(),
        pending_until=None,
        right_ended_on=None,
        right_ends_on=None,
        is_on_leave=False,
        reasons=(reason, *asides),
        steps=(),
    )


def _asides(
    jobs: Sequence[EmploymentFact], chains: Sequence[Chain], found: Sequence[Opening], on: date
) -> tuple[Reason, ...]:
    """Jobs that had begun by `on` and do not count, each with why."""
    reasons = [
        standing_reasons.not_ordinary(job.kind, job.starts_on)
        for job in jobs
        if job.kind != EmploymentKind.ORDINARY and job.starts_on <= on
    ]
    opened = {opening.chain.starts_on for opening in found}
    if found:
        reasons += [
            standing_reasons.new_job_without_service(chain.starts_on)
            for chain in chains
            if chain.starts_on not in opened and found[0].chain.starts_on < chain.starts_on <= on
        ]
    return tuple(reasons)


def _find(opening: Opening, window: SupportWindow | None, on: date) -> _Finding:
    chain = opening.chain
    if on < chain.starts_on:
        return _Finding(StandingState.NONE, lambda: (standing_reasons.not_begun(chain.starts_on),))
    return (
        _after_leaving(chain.leaving, window, on)
        or _after_window(window, on)
        or _amid_changes(chain, on)
        or _by_the_dates(window, on)
    )


def _right_ends_on(chain: Chain, window: SupportWindow | None, finding: _Finding) -> date | None:
    """The window's last day, or the earlier one on which a leaving ends the right for good."""
    if window is None:
        return None
    if finding.right_ended_on is not None:
        return finding.right_ended_on
    leaving = chain.leaving
    is_settled = leaving is not None and leaving.verdict is Verdict.BROKEN
    if leaving is not None and is_settled and leaving.left_on < window.last_usable_on:
        return leaving.left_on
    return window.last_usable_on


def _after_leaving(
    leaving: Leaving | None, window: SupportWindow | None, on: date
) -> _Finding | None:
    """The last job ended before `on`: ended, or the month still runs."""
    if leaving is None or on <= leaving.left_on:
        return None
    is_open = leaving.verdict is Verdict.OPEN
    settled_on = leaving.rejoin_by if is_open else leaving.left_on
    if window is not None and settled_on >= window.last_usable_on < on:
        return None  # the window was over before the employment was
    if is_open and on <= leaving.rejoin_by:
        return _Finding(
            StandingState.PENDING,
            lambda: (*leaving.reasons, joining_reasons.between_jobs()),
            pending_until=leaving.rejoin_by,
        )
    return _Finding(
        StandingState.ENDED, lambda: _why_ended(leaving), right_ended_on=leaving.left_on
    )


def _why_ended(leaving: Leaving) -> tuple[Reason, ...]:
    if leaving.verdict is Verdict.OPEN:
        return (joining_reasons.nothing_followed(leaving.left_on, leaving.rejoin_by),)
    return leaving.reasons


def _after_window(window: SupportWindow | None, on: date) -> _Finding | None:
    if window is None or on <= window.last_usable_on:
        return None
    last_on = window.last_usable_on
    return _Finding(
        StandingState.EXPIRED, lambda: (standing_reasons.expired(last_on),), right_ended_on=last_on
    )


def _amid_changes(chain: Chain, on: date) -> _Finding | None:
    """A gap between two joined jobs, or any day after a change that nobody could decide yet."""
    for change in chain.changes:
        if change.is_between(on):
            return _Finding(
                StandingState.PENDING, partial(_between, change), pending_until=change.rejoin_by
            )
        if change.left_on < on and change.verdict is Verdict.UNDECIDED:
            return _Finding(StandingState.PENDING, partial(_undecided, change))
    return None


def _between(change: Leaving) -> tuple[Reason, ...]:
    return (*change.reasons, joining_reasons.between_jobs())


def _undecided(change: Leaving) -> tuple[Reason, ...]:
    return change.reasons


def _by_the_dates(window: SupportWindow | None, on: date) -> _Finding:
    if window is None:
        return _Finding(StandingState.WAITING, tuple)
    if on < window.first_usable_on:
        return _Finding(StandingState.WAITING, lambda: (standing_reasons.waiting(window),))
    return _Finding(StandingState.OPEN, lambda: (standing_reasons.usable(window),))
