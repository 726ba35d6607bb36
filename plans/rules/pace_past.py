"""The due dates of a time in which nobody stored them, as the facts lead to them day by day."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from plans.rules.pace import DueInForce, History, SettingsOn, next_due
from plans.rules.pace_in_force import after_change


def past_dates(history: History, settings: SettingsOn, on: date) -> tuple[DueInForce, ...]:
    """Which date stood from which day on, up to `on`, if each fact was known on its own day.

    For files that are older than the log of due dates: once they have it, what is told or put right
    later cannot change which date stood.
    """
    first = history.use_starts_on
    if first is None:
        return ()
    days = {
        first,
        *(contact.on for contact in history.contacts),
        *(event.on for event in history.events),
        *(decision.on for decision in history.decisions),
    }
    stored: tuple[DueInForce, ...] = ()
    for day in sorted(day for day in days if first <= day <= on):
        known = replace(
            history,
            contacts=tuple(fact for fact in history.contacts if fact.on <= day),
            events=tuple(fact for fact in history.events if fact.on <= day),
            decisions=tuple(fact for fact in history.decisions if fact.on <= day),
            ended_on=history.ended_on if history.ended_on and history.ended_on <= day else None,
            in_force=stored,
        )
        stored = after_change(stored, day, next_due(known, settings).due_on)
    return stored
