"""What planned settings would make of a due date, before anybody has met under them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from plans.rules.kinds import Rating
from plans.rules.pace import History, NextDue, PaceContact, SettingsOn, next_due
from plans.rules.pace_facts import MONTHLY


@dataclass(frozen=True, slots=True)
class Ahead:
    """The due date as it stands and after the next meeting, by the one and the other settings."""

    due_before: date | None
    due_after: date | None
    met_on: date | None = None
    """The meeting that is supposed: the first on or after the planned day. None: there is none."""
    next_before: date | None = None
    next_after: date | None = None
    proposed_months: int | None = None
    """The longer interval that is proposed by the other settings alone; None where none is."""

    @property
    def is_moved(self) -> bool:
        """Whether the due date that stands changes."""
        return self.due_before != self.due_after

    @property
    def is_moved_later(self) -> bool:
        """Whether the one after the next meeting changes, and the present one does not."""
        return not self.is_moved and self.next_before != self.next_after


def look_ahead(
    history: History, first: date, on: date, before: SettingsOn, after: SettingsOn
) -> Ahead:
    """Compare settings that change on `first`, seen from `on`.

    A new setting leaves what was before its day: it tells by the first meeting from then on. That
    meeting, and those until then, are supposed calm and on the last possible day.
    """
    now, then = next_due(history, before), next_due(history, after)
    proposed = _newly_proposed(now, then)
    supposed = _until(history, first, on, before)
    if supposed is None:
        return Ahead(now.due_on, then.due_on, proposed_months=proposed)
    next_now, next_then = next_due(supposed, before), next_due(supposed, after)
    proposed = proposed or _newly_proposed(next_now, next_then)
    if now.agreed_months == then.agreed_months == MONTHLY:
        # Only a decision makes a monthly pace longer.
        return Ahead(now.due_on, then.due_on, proposed_months=proposed)
    return Ahead(
        now.due_on, then.due_on, supposed.contacts[-1].on, next_now.due_on, next_then.due_on,
        proposed,
    )  # fmt: skip


def _newly_proposed(before: NextDue, after: NextDue) -> int | None:
    """The interval that a サービス管理責任者 would be asked about by the other settings alone."""
    if after.suggestion is None or before.suggestion is not None:
        return None
    return after.suggestion.to_months


def _until(history: History, first: date, on: date, settings: SettingsOn) -> History | None:
    """The history with a meeting on each due date up to the first one on or after `first`."""
    while True:
        due_on = next_due(history, settings).due_on
        if due_on is None:
            return None
        day = max(due_on, on)
        calm = PaceContact(day, work=Rating.SETTLED, life=Rating.SETTLED)
        history = replace(history, contacts=(*history.contacts, calm))
        if day >= first:
            return history
