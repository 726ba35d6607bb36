"""面談の間隔: when the next interview is due, at which pace, and why.

docs/rules.md §6. The history is replayed in date order (plans.rules.pace_replay); the answer never
depends on today. Overdue is `due_on < on`, asked elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from plans.rules.pace_facts import (
    MONTHLY,
    DueInForce,
    History,
    PaceContact,
    PaceDecision,
    PaceEvent,
    PaceEventKind,
    PaceOpening,
    PaceSettings,
    SettingsOn,
)
from plans.rules.pace_in_force import missed, set_late
from plans.rules.pace_interval import (
    LOOKED_AHEAD,
    interval,
    looks_ahead_until,
    monthly_zones,
    touches,
    unbillable_months,
)
from plans.rules.pace_replay import MISSED, LifeWords, State, replay
from plans.rules.pace_words import (
    due_step,
    enough_words,
    first_due_step,
    first_months_words,
    interval_words,
    lapsed_words,
    last_months_words,
    lost_words,
    met_before_words,
    moved_in_step,
    row_words,
    set_late_words,
    suggestion_words,
    waiting_words,
    zone_words,
)
from teikyaku.periods import Month, day_after, day_before, months_later
from teikyaku.reasons import Reason, Step

__all__ = [
    "DueInForce", "History", "NextDue", "PaceContact", "PaceDecision", "PaceEvent", "PaceEventKind",
    "PaceOpening", "PaceSettings", "SettingsOn", "Suggestion", "next_due", "unbillable_months",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Suggestion:
    """One step longer: to how many months, why, and which months could then not be billed."""

    to_months: int
    reason: Reason
    unbillable_months: tuple[Month, ...]
    """All that are known: of a year, at most until the last usable day."""
    meetings: tuple[date, ...] = ()
    """The settled meetings in a row on which it rests, in their order."""


@dataclass(frozen=True, slots=True)
class NextDue:
    """The answer: due by `due_on`; None before use, after the end, or when the window runs out."""

    due_on: date | None
    pace_months: int | None
    """The interval that leads to `due_on`; shorter than agreed where monthly months begin."""
    agreed_months: int | None
    """The pace up to `due_on`; `agreed_on` knows what a missed date makes of it."""
    suggested_on: date | None
    last_met_on: date | None
    reasons: tuple[Reason, ...] = ()
    suggestion: Suggestion | None = None
    tightened_because: tuple[Reason, ...] = ()
    steps: tuple[Step, ...] = ()
    moved_on: date | None = None
    """The day of the fact that brought the date forward; None where none did."""
    lapses_on: date | None = None
    """The day from which a longer pace is monthly again unless they meet before it."""
    since_lapse: tuple[Reason, ...] = ()
    """What was told after a missed date, where that one has brought a longer pace back."""
    changes: tuple[tuple[date, int], ...] = ()
    """(day, months) of each change of the agreed pace by what is on file; see `changes_on`."""
    life: tuple[LifeWords, ...] = ()
    """Life events that the reasons tell, or that lie after the due date; see `reasons_on`."""

    def has_lapsed(self, on: date) -> bool:
        """Whether the missed date has brought the pace back by `on`."""
        return self.lapses_on is not None and self.lapses_on <= on

    def agreed_on(self, on: date) -> int | None:
        """The agreed pace on a day, in months: monthly from the day after a missed date."""
        return MONTHLY if self.has_lapsed(on) else self.agreed_months

    def reasons_on(self, on: date) -> tuple[Reason, ...]:
        """The reasons as they read on a day: after a missed date that one goes before all others.

        A life event that lies ahead is told as planned; one after the due date, once it has come.
        """
        reasons = self.reasons
        if self.lapses_on is not None and self.agreed_months is not None and self.has_lapsed(on):
            missed = lapsed_words(self.agreed_months, day_before(self.lapses_on))
            reasons = (*missed, *self.since_lapse)
        planned = {row.told: row.planned for row in self.life if row.on > on}
        come = (row.told for row in self.life if row.on <= on and not row.is_taken)
        return (*(planned.get(reason, reason) for reason in reasons), *come)

    def changes_on(self, on: date) -> tuple[tuple[date, int], ...]:
        """The changes of the pace as they are known on a day, from the first day of use on."""
        known = tuple(
            (day, months) for day, months in self.changes if day <= on or day == self.moved_on
        )
        if self.lapses_on is None or not self.has_lapsed(on) or known[-1][1] == MONTHLY:
            return known
        return (*known, (self.lapses_on, MONTHLY))


def next_due(history: History, settings: PaceSettings | SettingsOn) -> NextDue:
    """When the next interview is due, and why (docs/rules.md §6).

    `settings` by day: each fact is judged by those of its own day. One value holds on every day.
    """
    if history.use_starts_on is None:
        return NextDue(None, None, None, None, None)
    by_day = _on_every_day(settings) if isinstance(settings, PaceSettings) else settings
    state = replay(history, history.use_starts_on, by_day)
    if history.ended_on is not None and state.due_on is None:
        return NextDue(None, None, None, None, None)
    if state.last_met_on is None:
        return _before_first_meeting(history.use_starts_on, history, state, by_day)
    then, agreed = by_day(state.last_met_on), state.due_pace
    months = interval(state.last_met_on, agreed, history, then)
    longest = _longest(state, then, by_day)
    suggestion = _suggestion(state, history, then, longest)
    return NextDue(
        due_on=state.due_on,
        pace_months=months,
        agreed_months=agreed,
        suggested_on=_suggested_on(state.last_met_on, months, state.due_on),
        last_met_on=state.last_met_on,
        reasons=(
            interval_words(months),
            *_moved_in(state, history),
            *_why(state),
            *_set_late(state, history),
            *_zones(state, months, history, then),
            *_row(state, suggestion, then, longest),
        ),
        suggestion=suggestion,
        tightened_because=_tightened(state) if agreed == MONTHLY else (),
        since_lapse=_since_lapse(state),
        steps=(_step(state.last_met_on, months, state, history),),
        moved_on=state.moved_on,
        lapses_on=_lapses_on(state, history),
        changes=tuple(state.changes),
        life=state.life,
    )


def _on_every_day(settings: PaceSettings) -> SettingsOn:
    return lambda _on: settings


def _lapses_on(state: State, history: History) -> date | None:
    if state.due_pace == MONTHLY:
        return None
    if state.missed_by is not None:
        return day_after(state.missed_by)
    ahead = list(missed(history.in_force, state.read, state.judged_until, date.max))
    return day_after(ahead[0].by) if ahead else None


def _tightened(state: State) -> tuple[Reason, ...]:
    """Each kind once, as it was told last."""
    rows = (*state.returned, *state.late, *state.since)
    last = {row.code: row for row in rows}
    return tuple(row for row in rows if last[row.code] is row)


def _since_lapse(state: State) -> tuple[Reason, ...]:
    if state.due_pace == state.pace:
        return ()
    return tuple(reason for reason in _tightened(state) if reason.code != MISSED)


def _why(state: State) -> Iterator[Reason]:
    """What set the pace up to the due date: what brought it back, or who made it longer."""
    if state.due_pace == MONTHLY:
        yield from _tightened(state)
    elif state.loosened is not None:
        yield state.loosened
    yield from (why for why in (state.void, state.capped) if why is not None)


def _set_late(state: State, history: History) -> Iterator[Reason]:
    """Where they are late by a date that had passed when it was set."""
    found = set_late(history.in_force)
    if found is not None and history.in_force[-1].due_on == state.due_on:
        yield set_late_words(*found)


def _zones(state: State, months: int, history: History, settings: PaceSettings) -> Iterator[Reason]:
    """The monthly months where they hold the interval short, or keep it from becoming longer."""
    if state.due_pace > months:
        yield zone_words(months, state.due_pace)
    first, last = monthly_zones(history, settings)
    skipped = Month.of(state.last_met_on or state.changes[0][0]) + months
    if first is not None and first.ends_on is not None and touches(first, skipped):
        yield first_months_words(settings.monthly_first_months, first.ends_on)
    if last is not None and touches(last, skipped):
        yield last_months_words(settings.monthly_last_months, last.starts_on)


def _row(
    state: State, suggestion: Suggestion | None, settings: PaceSettings, longest: int
) -> Iterator[Reason]:
    row, wanted, longer = len(state.settled_on), settings.settled_meetings, state.pace + 1
    if state.pace != state.due_pace:
        return
    if suggestion is not None:
        yield waiting_words(row, suggestion.to_months)
    elif state.due_on is not None and longer <= longest:
        yield row_words(row, wanted, longer) if row < wanted else enough_words(row)


def _before_first_meeting(
    use_starts_on: date, history: History, state: State, settings: SettingsOn
) -> NextDue:
    then = settings(use_starts_on)
    first, _last = monthly_zones(history, then)
    until = None if first is None else first.ends_on
    return NextDue(
        due_on=state.due_on,
        pace_months=MONTHLY,
        agreed_months=MONTHLY,
        suggested_on=use_starts_on,
        last_met_on=None,
        reasons=(
            interval_words(MONTHLY),
            *_moved_in(state, history),
            *_why(state),
            *_set_late(state, history),
            *((first_months_words(then.monthly_first_months, until),) if until else ()),
        ),
        tightened_because=_tightened(state),
        steps=(_first_step(use_starts_on, state.due_on, history),),
        changes=tuple(state.changes),
        life=state.life,
    )


def _moved_in(state: State, history: History) -> Iterator[Reason]:
    """Where the last meeting stands in another file, and where nothing falls due before a month."""
    opening = history.opening
    if opening.last_met_on is not None and opening.last_met_on == state.last_met_on:
        yield met_before_words(opening.last_met_on)


def _step(met_on: date, months: int, state: State, history: History) -> Step:
    first = history.opening.first_day
    if first is not None and (Month.of(met_on) + months).last_day < first:
        return moved_in_step(first, state.due_on)
    return due_step(met_on, months, state.due_on)


def _first_step(use_starts_on: date, due_on: date | None, history: History) -> Step:
    first = history.opening.first_day
    if first is not None and Month.of(use_starts_on).last_day < first:
        return moved_in_step(first, due_on)
    return first_due_step(use_starts_on, due_on)


def _suggested_on(met_on: date, months: int, due_on: date | None) -> date | None:
    if due_on is None:
        return None
    return min(months_later(met_on, months), due_on)


def _longest(state: State, settings: PaceSettings, by_day: SettingsOn) -> int:
    """Up to which interval one more step is offered, in months: not past that of the due date's day.

    The step would be refused, or taken back at the next meeting.
    """
    if state.due_on is None:
        return settings.longest_months
    return min(settings.longest_months, by_day(state.due_on).longest_months)


def _suggestion(
    state: State, history: History, settings: PaceSettings, longest: int
) -> Suggestion | None:
    """By the settings of the last meeting's day, and up to `longest`."""
    longer = state.pace + 1
    if state.last_met_on is None or len(state.settled_on) < settings.settled_meetings:
        return None
    if state.due_on is None or longer > longest:
        return None
    if interval(state.last_met_on, longer, history, settings) < longer:
        return None
    months = unbillable_months(state.last_met_on, longer, history, settings)
    until = looks_ahead_until(state.last_met_on, history)
    first = tuple(each for each in months if each < Month.of(state.last_met_on) + longer)
    is_cut = until < Month.of(state.last_met_on) + LOOKED_AHEAD
    ahead = lost_words(longer, len(months), until, is_cut=is_cut) if months != first else ""
    reason = suggestion_words(len(state.settled_on), longer, first, ahead)
    return Suggestion(longer, reason, months, state.settled_on)
