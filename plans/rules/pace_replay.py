"""The history of the pace, replayed in the order of its dates (docs/rules.md §6).

Every fact is judged by the settings of its own day; nothing here depends on today.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from plans.rules.kinds import Rating
from plans.rules.pace_facts import (
    MONTHLY,
    DueInForce,
    History,
    PaceContact,
    PaceDecision,
    PaceEvent,
    SettingsOn,
)
from plans.rules.pace_in_force import missed
from plans.rules.pace_interval import due_after, interval, not_before, within
from plans.rules.pace_words import (
    accepted_words,
    capped_words,
    missed_words,
    planned_words,
    tightening_words,
    void_words,
)
from teikyaku.periods import Month, day_after, months_later
from teikyaku.reasons import Reason

MISSED = "missed"


@dataclass(frozen=True, slots=True)
class LifeWords:
    """A life event in the words of the days before it, and of those from it on."""

    on: date
    told: Reason
    planned: Reason
    is_taken: bool = True
    """Whether it had its say; not so where it lies after the due date: that one goes before it."""


@dataclass(slots=True)
class State:
    """What the replay carries from one day to the next."""

    pace: int = MONTHLY
    settled_on: tuple[date, ...] = ()
    """The meetings in a row in which everything was settled, one for each month."""
    attempts: int = 0
    last_met_on: date | None = None
    due_on: date | None = None
    due_pace: int = MONTHLY
    """The agreed pace by which the due date was counted: a missed date leaves it as it is."""
    moved_on: date | None = None
    """The day of the tightening by which the due date came forward, since the last meeting."""
    missed_by: date | None = None
    """The day by which a date was missed since the last meeting."""
    judged_until: date = date.min
    """Up to the day before it every date in force has been judged."""
    tightened_on: date | None = None
    returned_on: date | None = None
    returned: tuple[Reason, ...] = ()
    """What brought a longer pace back to monthly; kept until it is loosened again."""
    late: tuple[Reason, ...] = ()
    """The date that the last meeting missed."""
    since: tuple[Reason, ...] = ()
    """What keeps a monthly pace monthly: in the last meeting or after it."""
    void: Reason | None = None
    """The last acceptance, where the records do not bear it (any more)."""
    capped: Reason | None = None
    loosened: Reason | None = None
    changes: list[tuple[date, int]] = field(default_factory=list)
    life: tuple[LifeWords, ...] = ()
    """The life events since the last meeting, and those that are still a reason."""

    @property
    def read(self) -> DueInForce:
        """The due date as the facts read it, and since when by them."""
        return DueInForce(self.moved_on or date.min, self.due_on)


def replay(history: History, use_starts_on: date, settings: SettingsOn) -> State:
    """The state after the last fact on file."""
    state = State(changes=[(use_starts_on, MONTHLY)], judged_until=use_starts_on)
    state.due_on = within(not_before(Month.of(use_starts_on).last_day, history), history)
    begins = _begin(state, history, use_starts_on, settings)
    for on, _order, item in _in_order(history):
        if on < begins:
            continue
        if isinstance(item, PaceEvent):
            _take_event(state, item, history, settings)
            continue
        _miss(state, on, history)
        if isinstance(item, PaceContact):
            _take_contact(state, item, history, settings)
        else:
            _take_decision(state, item, history, settings)
    if history.in_force:
        # What has passed before the date that stands was set; that one is judged on the day of asking.
        _miss(state, history.in_force[-1].since, history)
    return state


def _begin(state: State, history: History, use_starts_on: date, settings: SettingsOn) -> date:
    """Take over what the office knew when it moved in; the day from which facts are replayed.

    The meetings that were settled lie in another file: of each only its month is taken.
    """
    opening = history.opening
    met_on = opening.last_met_on
    if opening.first_day is not None:
        # No date of before was missed here.
        state.judged_until = max(state.judged_until, opening.first_day)
    if met_on is None or met_on < use_starts_on:
        return use_starts_on
    state.last_met_on = met_on
    state.settled_on = tuple(
        months_later(met_on, -back) for back in reversed(range(opening.settled_meetings))
    )
    if opening.pace_months > MONTHLY:
        _change(state, met_on, min(opening.pace_months, settings(met_on).longest_months))
    _set_due(state, history, settings)
    return day_after(met_on)


def _in_order(
    history: History,
) -> list[tuple[date, int, PaceContact | PaceEvent | PaceDecision]]:
    """By day; of a day life events, the meeting, its other contacts, then what was decided.

    A meeting comes before the attempts of its day in whatever order they were typed; of several
    meetings the settled ones come first, so that what worries has the last word.
    """
    days: list[tuple[date, int, PaceContact | PaceEvent | PaceDecision]] = [
        *((event.on, 0, event) for event in history.events),
        *((contact.on, _order_of(contact), contact) for contact in history.contacts),
        *((decision.on, 4, decision) for decision in history.decisions),
    ]
    return sorted(days, key=lambda day: day[:2])


def _order_of(contact: PaceContact) -> int:
    if not contact.counts:
        return 3
    return 1 if contact.is_settled else 2


def _miss(state: State, on: date, history: History) -> None:
    """The day after the due date brings the pace back; the date itself stays until they meet."""
    for row in missed(history.in_force, state.read, state.judged_until, on):
        state.missed_by = row.by
        words = missed_words(row.due_on, row.by, was_longer=state.pace > MONTHLY)
        _return(state, day_after(row.by), (words,))
    state.judged_until = max(state.judged_until, on)


def _take_event(state: State, event: PaceEvent, history: History, settings: SettingsOn) -> None:
    """After a missed date it changes nothing: that date does, once it is missed.

    An event may lie ahead of today, so that of itself it proves no date missed.
    """
    on, code = event.on, event.kind.value
    until_then = missed(history.in_force, state.read, state.judged_until, on)
    is_taken = state.missed_by is None and not any(until_then)
    was_longer = is_taken and (state.pace > MONTHLY or state.returned_on == on)
    words = LifeWords(
        on,
        tightening_words(code, on, was_longer=was_longer),
        planned_words(code, on, was_longer=was_longer),
        is_taken,
    )
    state.life = (*state.life, words)
    if is_taken:
        _tighten(state, on, (code,), history, settings)


def _take_contact(
    state: State, contact: PaceContact, history: History, settings: SettingsOn
) -> None:
    if contact.counts:
        _meet(state, contact, history, settings)
        return
    alarms = _alarms(contact)
    if not contact.is_attempt and not contact.is_with_others:
        state.attempts = 0  # reached in another way: no meeting, but a contact
    if contact.is_attempt and contact.on != state.last_met_on:  # else they met that day
        state.attempts += 1
        if state.attempts >= settings(contact.on).attempts_to_tighten:
            alarms = (*alarms, "first_attempts" if state.last_met_on is None else "attempts")
    if contact.is_unsettled:
        state.settled_on = ()
    if alarms:
        _tighten(state, contact.on, alarms, history, settings)


def _meet(state: State, contact: PaceContact, history: History, settings: SettingsOn) -> None:
    on = contact.on
    if state.last_met_on != on:
        state.late = tuple(reason for reason in state.since if reason.code == MISSED)
        state.since = ()
        state.life = tuple(words for words in state.life if words.told in state.returned)
    state.last_met_on, state.moved_on, state.missed_by, state.attempts = on, None, None, 0
    if not contact.is_settled:
        state.settled_on = ()
    elif not state.settled_on or Month.of(state.settled_on[-1]) != Month.of(on):
        state.settled_on = (*state.settled_on, on)
    if alarms := _alarms(contact):
        _tighten(state, on, alarms, history, settings)
    longest = settings(on).longest_months
    if state.pace > longest:
        _change(state, on, longest)
        state.settled_on = ()
        state.capped = capped_words(longest, on)
    _set_due(state, history, settings)


def _alarms(contact: PaceContact) -> tuple[str, ...]:
    codes = (
        ("work", contact.work == Rating.UNSTABLE),
        ("life", contact.life == Rating.UNSTABLE),
        ("wants_more", contact.wants_more),
        ("employer", contact.employer_concern),
    )
    return tuple(code for code, is_so in codes if is_so)


def _tighten(
    state: State, on: date, codes: tuple[str, ...], history: History, settings: SettingsOn
) -> None:
    """A fact of the day brings the pace back; the date is then counted from the last meeting."""
    is_longer, before = state.pace > MONTHLY, state.due_on
    was_longer = is_longer or state.returned_on == on
    _return(state, on, tuple(tightening_words(code, on, was_longer=was_longer) for code in codes))
    if is_longer:
        _set_due(state, history, settings)
        state.moved_on = None
    if state.due_on != before:
        state.moved_on = on


def _return(state: State, on: date, words: tuple[Reason, ...]) -> None:
    if state.pace > MONTHLY:
        state.returned, state.returned_on = words, on
        state.since = state.late = ()
        state.capped = None
        _change(state, on, MONTHLY)
    elif state.returned_on == on:
        state.returned = _joined(state.returned, words)
    else:
        state.since = _joined(state.since, words)
    state.settled_on = ()
    state.tightened_on = on


def _joined(known: tuple[Reason, ...], more: tuple[Reason, ...]) -> tuple[Reason, ...]:
    """Each kind once, as it was told last."""
    codes = {reason.code for reason in more}
    return (*(reason for reason in known if reason.code not in codes), *more)


def _change(state: State, on: date, months: int) -> None:
    state.pace = months
    state.changes.append((on, months))


def _take_decision(
    state: State, decision: PaceDecision, history: History, settings: SettingsOn
) -> None:
    on, row = decision.on, state.settled_on
    state.void = None
    to_months = min(decision.to_months, settings(on).longest_months)
    if decision.accepted and decision.to_months > MONTHLY:
        is_back = state.tightened_on == on  # that day's facts go before what was decided
        is_void = to_months > state.pace and not _bears(state, row, to_months, settings)
        if is_back or is_void:
            if not is_back:
                state.void = void_words(decision.to_months, on, state.pace)
            return
    state.settled_on = ()
    if not decision.accepted:
        return
    if decision.to_months <= MONTHLY:
        _tighten(state, on, ("by_hand",), history, settings)
        return
    if to_months != state.pace:
        _change(state, on, to_months)
    state.loosened = accepted_words(to_months, on)
    state.returned = state.late = state.since = ()
    state.returned_on = state.capped = state.moved_on = None
    _set_due(state, history, settings)


def _bears(state: State, row: tuple[date, ...], to_months: int, settings: SettingsOn) -> bool:
    """Whether the records up to the day of an acceptance still suggest it: one step, a whole row."""
    if state.last_met_on is None or to_months > state.pace + 1:
        return False
    return len(row) >= settings(state.last_met_on).settled_meetings


def _set_due(state: State, history: History, settings: SettingsOn) -> None:
    """By the settings of the last meeting's day."""
    met_on = state.last_met_on
    if met_on is None:
        return
    state.due_pace = state.pace
    state.due_on = _due_at(state.pace, met_on, history, settings)


def _due_at(pace: int, met_on: date, history: History, settings: SettingsOn) -> date | None:
    return due_after(met_on, interval(met_on, pace, history, settings(met_on)), history)
