"""面談の間隔: when the next interview is due, at which pace, and why.

docs/rules.md §6. The history is replayed in date order; the answer never depends on today. Overdue
is `due_on < on`, asked elsewhere.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from clients.rules.kinds import Labelled
from plans.rules.kinds import Rating
from plans.rules.pace_words import (
    accepted_words,
    due_step,
    first_due_step,
    interval_words,
    suggestion_words,
    tightening_words,
    zone_words,
)
from teikyaku.periods import (
    Month,
    Period,
    day_after,
    last_day_of_months,
    latest_day_before_end,
    months_later,
)
from teikyaku.reasons import Reason, Step

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
        worrying = self.worries or self.wants_more or self.employer_concern
        return self.work == Rating.SETTLED and self.life == Rating.SETTLED and not worrying


@dataclass(frozen=True, slots=True)
class PaceEvent:
    """A life event on a day."""

    on: date
    kind: PaceEventKind


@dataclass(frozen=True, slots=True)
class PaceDecision:
    """A サービス管理責任者 accepted a longer interval (in months), or declined it."""

    on: date
    to_months: int
    accepted: bool = True


@dataclass(frozen=True, slots=True)
class History:
    """Everything that the pace depends on, for one enrolment."""

    use_starts_on: date | None = None
    last_usable_on: date | None = None
    contacts: tuple[PaceContact, ...] = ()
    events: tuple[PaceEvent, ...] = ()
    decisions: tuple[PaceDecision, ...] = ()
    ended_on: date | None = None


@dataclass(frozen=True, slots=True)
class Suggestion:
    """One step longer: to how many months, why, and which months could then not be billed."""

    to_months: int
    reason: Reason
    unbillable_months: tuple[Month, ...]
    meetings: tuple[date, ...] = ()
    """The settled meetings in a row on which it rests, in their order."""


@dataclass(frozen=True, slots=True)
class NextDue:
    """The answer: due by `due_on`; None before use, after the end, or when the window runs out."""

    due_on: date | None
    pace_months: int | None
    """The interval that leads to `due_on`; shorter than agreed where monthly months begin."""
    agreed_months: int | None
    suggested_on: date | None
    last_met_on: date | None
    reasons: tuple[Reason, ...] = ()
    suggestion: Suggestion | None = None
    tightened_because: tuple[Reason, ...] = ()
    steps: tuple[Step, ...] = ()


@dataclass(slots=True)
class _State:
    """What the replay carries from one day to the next."""

    pace: int = MONTHLY
    settled_on: tuple[date, ...] = ()
    """The meetings in a row in which everything was settled."""
    attempts: int = 0
    last_met_on: date | None = None
    due_on: date | None = None
    why: tuple[Reason, ...] = ()
    tightened_on: date | None = None
    loosened: Reason | None = None
    changes: list[tuple[date, int]] | None = None


def next_due(history: History, settings: PaceSettings) -> NextDue:
    """When the next interview is due, and why (docs/rules.md §6)."""
    if history.use_starts_on is None:
        return NextDue(None, None, None, None, None)
    state = _replay(history, settings)
    if history.ended_on is not None and state.due_on is None:
        return NextDue(None, None, None, None, None)
    if state.last_met_on is None:
        return _before_first_meeting(history.use_starts_on, state)
    months = interval(state.last_met_on, state.pace, history, settings)
    zone = () if months == state.pace else (zone_words(months, state.pace),)
    own = (state.loosened,) if state.loosened else ()
    return NextDue(
        due_on=state.due_on,
        pace_months=months,
        agreed_months=state.pace,
        suggested_on=_suggested_on(state.last_met_on, months, state.due_on),
        last_met_on=state.last_met_on,
        reasons=(interval_words(months), *state.why, *own, *zone),
        suggestion=_suggestion(state, history, settings),
        tightened_because=state.why,
        steps=(due_step(state.last_met_on, months, state.due_on),),
    )


def pace_changes(history: History, settings: PaceSettings) -> list[tuple[date, int]]:
    """(day, months) of each change of the agreed pace, for the step line; from the first day on."""
    if history.use_starts_on is None:
        return []
    return _replay(history, settings).changes or []


def unbillable_months(last_met_on: date, months: int) -> tuple[Month, ...]:
    """The calendar months that an interval of `months` leaves without a meeting."""
    met = Month.of(last_met_on)
    return tuple(met + step for step in range(1, months))


def interval(met_on: date, pace: int, history: History, settings: PaceSettings) -> int:
    """Months from the month of `met_on` to the month in which the next interview is due.

    At most `pace`; an interval never skips a month that touches the first or last monthly span.
    """
    zones = monthly_zones(history, settings)
    for months in range(MONTHLY, pace):
        month = Month.of(met_on) + months
        if any(zone.overlaps(Period(month.first_day, month.last_day)) for zone in zones):
            return months
    return pace


def monthly_zones(history: History, settings: PaceSettings) -> list[Period]:
    """The first months of use and the last months of the window, in which the pace is monthly."""
    zones = []
    if history.use_starts_on is not None and settings.monthly_first_months:
        last = last_day_of_months(history.use_starts_on, settings.monthly_first_months)
        zones.append(Period(history.use_starts_on, last))
    if history.last_usable_on is not None and settings.monthly_last_months:
        before = latest_day_before_end(history.last_usable_on, settings.monthly_last_months)
        zones.append(Period(day_after(before), history.last_usable_on))
    return zones


def _replay(history: History, settings: PaceSettings) -> _State:
    assert history.use_starts_on is not None  # noqa: S101  (asked by the callers)
    state = _State(changes=[(history.use_starts_on, MONTHLY)])
    state.due_on = _within(Month.of(history.use_starts_on).last_day, history)
    days: list[tuple[date, int, PaceContact | PaceEvent | PaceDecision]] = [
        *((event.on, 0, event) for event in history.events),
        *((contact.on, 1, contact) for contact in history.contacts),
        *((decision.on, 2, decision) for decision in history.decisions),
    ]
    for on, _order, item in sorted(days, key=lambda day: day[:2]):
        if on < history.use_starts_on:
            continue
        if isinstance(item, PaceContact):
            _take_contact(state, item, settings)
        elif isinstance(item, PaceEvent):
            _tighten(state, on, (tightening_words(item.kind.value, on),))
        else:
            _take_decision(state, item, settings)
        _set_due(state, history, settings)
    return state


def _take_contact(state: _State, contact: PaceContact, settings: PaceSettings) -> None:
    worries = _alarms(contact)
    if contact.counts:
        if state.due_on is not None and contact.on > state.due_on:
            worries = (*worries, tightening_words("missed", state.due_on))
        is_second_of_day = state.last_met_on == contact.on
        state.last_met_on = contact.on
        state.attempts = 0
        state.why = ()
        if worries:
            _tighten(state, contact.on, worries)
        if not contact.is_settled:
            state.settled_on = ()
        elif not is_second_of_day:
            state.settled_on = (*state.settled_on, contact.on)
        return
    if not contact.is_attempt and not contact.is_with_others:
        state.attempts = 0  # reached in another way: no meeting, but a contact
    if contact.is_attempt and contact.on == state.last_met_on:
        return  # they met that day
    if contact.is_attempt:
        state.attempts += 1
        if state.attempts >= settings.attempts_to_tighten:
            worries = (*worries, tightening_words("attempts", contact.on))
    if worries:
        _tighten(state, contact.on, worries)


def _alarms(contact: PaceContact) -> tuple[Reason, ...]:
    codes = (
        ("work", contact.work == Rating.UNSTABLE),
        ("life", contact.life == Rating.UNSTABLE),
        ("wants_more", contact.wants_more),
        ("employer", contact.employer_concern),
    )
    return tuple(tightening_words(code, contact.on) for code, is_so in codes if is_so)


def _tighten(state: _State, on: date, because: tuple[Reason, ...]) -> None:
    if state.pace != MONTHLY and state.changes is not None:
        state.changes.append((on, MONTHLY))
    state.pace = MONTHLY
    state.settled_on = ()
    state.tightened_on = on
    state.why = because
    state.loosened = None


def _take_decision(state: _State, decision: PaceDecision, settings: PaceSettings) -> None:
    state.settled_on = ()
    if not decision.accepted:
        return
    if state.due_on is not None and decision.on > state.due_on:
        # A missed due date brings the pace back; a decision on the day after does not undo it.
        _tighten(state, decision.on, (tightening_words("overdue", state.due_on),))
        return
    if state.tightened_on == decision.on:
        return  # what happened that day brings it back at once, whatever was decided
    state.pace = max(MONTHLY, min(decision.to_months, settings.longest_months))
    state.loosened = accepted_words(state.pace, decision.on)
    state.why = ()
    if state.changes is not None:
        state.changes.append((decision.on, state.pace))


def _set_due(state: _State, history: History, settings: PaceSettings) -> None:
    if state.last_met_on is None:
        return
    months = interval(state.last_met_on, state.pace, history, settings)
    state.due_on = _within((Month.of(state.last_met_on) + months).last_day, history)


def _within(due_on: date, history: History) -> date | None:
    """`due_on`, not past the last usable day or the end; None when its month begins after it.

    An end that lies ahead leaves what falls due before it.
    """
    ends = [day for day in (history.last_usable_on, history.ended_on) if day is not None]
    last = min(ends, default=due_on)
    if due_on <= last:
        return due_on
    return last if Month.of(due_on).first_day <= last else None


def _before_first_meeting(use_starts_on: date, state: _State) -> NextDue:
    return NextDue(
        due_on=state.due_on,
        pace_months=MONTHLY,
        agreed_months=MONTHLY,
        suggested_on=use_starts_on,
        last_met_on=None,
        reasons=(interval_words(MONTHLY), *state.why),
        tightened_because=state.why,
        steps=(first_due_step(use_starts_on, state.due_on),),
    )


def _suggested_on(met_on: date, months: int, due_on: date | None) -> date | None:
    if due_on is None:
        return None
    return min(months_later(met_on, months), due_on)


def _suggestion(state: _State, history: History, settings: PaceSettings) -> Suggestion | None:
    longer = state.pace + 1
    if state.last_met_on is None or len(state.settled_on) < settings.settled_meetings:
        return None
    if state.due_on is None or longer > settings.longest_months or state.why:
        return None
    if interval(state.last_met_on, longer, history, settings) < longer:
        return None
    months = unbillable_months(state.last_met_on, longer)
    reason = suggestion_words(len(state.settled_on), longer, months)
    return Suggestion(longer, reason, months, state.settled_on)
