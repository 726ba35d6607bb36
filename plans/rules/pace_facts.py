"""What the pace depends on: settings, contacts, life events, decisions (docs/rules.md §6)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from clients.rules.kinds import Labelled
from plans.rules import worry
from plans.rules.kinds import Rating

MONTHLY = 1


class PaceEventKind(Labelled):
    """出来事 that bring the pace back to monthly at once."""

    JOB_CHANGE = "job_change", "転職"
    LEAVE_START = "leave_start", "休職"
    EMPLOYMENT_END = "employment_end", "離職"


@dataclass(frozen=True, slots=True)
class PaceSettings:
    """Settings of the office; the defaults are those of docs/rules.md §6. Months and counts."""

    monthly_first_months: int = 6
    monthly_last_months: int = 6
    settled_meetings: int = 3
    attempts_to_tighten: int = 2
    longest_months: int = 3


# The settings in force on a day: every fact is judged by those of its own day.
SettingsOn = Callable[[date], PaceSettings]


@dataclass(frozen=True, slots=True)
class PaceContact:
    """One contact. `counts`: a qualifying meeting; an attempt or a call never resets the clock."""

    on: date
    counts: bool = True
    is_attempt: bool = False
    is_with_others: bool = False
    """Spoken with somebody else (employer, family): the person was not reached."""
    work: Rating | None = None
    life: Rating | None = None
    worries: bool = False
    wants_more: bool = False
    employer_concern: bool = False

    @property
    def is_settled(self) -> bool:
        """Work and life both settled, and nothing worries."""
        return self.work == self.life == Rating.SETTLED and not self.is_unsettled

    @property
    def is_unsettled(self) -> bool:
        """It worries, or a rating is not 安定, by whatever way that was told (plans.rules.worry)."""
        flags = (self.worries, self.wants_more, self.employer_concern)
        return worry.is_unsettled(self.work, self.life, *flags)


@dataclass(frozen=True, slots=True)
class PaceEvent:
    """A life event on a day."""

    on: date
    kind: PaceEventKind


@dataclass(frozen=True, slots=True)
class PaceDecision:
    """A サービス管理責任者 accepted a longer interval (in months), declined it, or set monthly (1)."""

    on: date
    to_months: int
    accepted: bool = True


@dataclass(frozen=True, slots=True)
class DueInForce:
    """The due date by which everybody went from the day `since` on; None: none."""

    since: date
    due_on: date | None
    is_carried: bool = False
    """Dates stood before this one, which nobody stored."""


@dataclass(frozen=True, slots=True)
class PaceOpening:
    """Where the support stood when the office moved in: the pace goes on from there.

    Nothing falls due before `first_day`, the first day of the first month that is billed here.
    """

    first_day: date | None = None
    last_met_on: date | None = None
    pace_months: int = MONTHLY
    settled_meetings: int = 0
    without_plan_since: date | None = None
    """The first of the months in a row without a 個別支援計画, where they had begun before."""


@dataclass(frozen=True, slots=True)
class History:
    """Everything that the pace depends on, for one enrolment."""

    use_starts_on: date | None = None
    last_usable_on: date | None = None
    contacts: tuple[PaceContact, ...] = ()
    events: tuple[PaceEvent, ...] = ()
    decisions: tuple[PaceDecision, ...] = ()
    ended_on: date | None = None
    in_force: tuple[DueInForce, ...] = ()
    """The due dates as they were stored, in the order of their days; empty: none was, so far."""
    opening: PaceOpening = PaceOpening()
    """Of an office that moved in; facts up to its last meeting are told by it."""
