"""辞退: the person did not want a meeting this month (docs/rules.md §6).

That is the person's wish: it is recorded with what was offered instead, the month cannot be billed
without a meeting, and nobody is pressed for one. It is no attempt and no meeting, and moves no date.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Protocol, TypeVar

from plans.rules.kinds import ContactOutcome
from teikyaku.periods import Month


class ContactFacts(Protocol):
    """What is asked of a contact."""

    @property
    def held_on(self) -> date:
        """Its day."""

    @property
    def outcome(self) -> str:
        """How it ended (ContactOutcome)."""


C = TypeVar("C", bound=ContactFacts)


def refusal_in(contacts: Iterable[C], month: Month) -> C | None:
    """The last refusal of the month, of contacts in the order of their days.

    Whether the month was earned nevertheless is asked of its meetings.
    """
    refused = [
        row
        for row in contacts
        if month.contains(row.held_on) and row.outcome == ContactOutcome.REFUSED
    ]
    return refused[-1] if refused else None


def standing_refusal(contacts: Iterable[C], on: date, last_met_on: date | None) -> C | None:
    """The refusal of the month of `on` that is the person's last word by then.

    None once the person was met in that month (`last_met_on`), and once they were spoken with in
    any way after it. An attempt, or a talk with others, is no word of theirs.
    """
    month = Month.of(on)
    if last_met_on is not None and month.first_day <= last_met_on <= on:
        return None
    known = [row for row in contacts if row.held_on <= on]
    spoken = [at for at, row in enumerate(known) if row.outcome == ContactOutcome.MET]
    return refusal_in(known[spoken[-1] + 1 :] if spoken else known, month)


def last_refused_on(contacts: Iterable[ContactFacts]) -> date | None:
    """The day of the refusal that is the person's last word, of contacts in their order.

    None once they were spoken with after it.
    """
    found = None
    for row in contacts:
        if row.outcome == ContactOutcome.MET:
            found = None
        elif row.outcome == ContactOutcome.REFUSED:
            found = row.held_on
    return found
