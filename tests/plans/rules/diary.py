"""A history as it was written day by day, with the due dates that were stored on the way."""

from collections import defaultdict
from dataclasses import replace
from datetime import date

from plans.rules.pace import History, PaceContact, PaceDecision, PaceSettings, next_due
from plans.rules.pace_in_force import after_change


class Diary:
    """Facts with the day on which each was written, put right or taken back."""

    def __init__(self, starts_on: date, last_usable_on: date, *facts) -> None:
        self.start = History(starts_on, last_usable_on)
        self.written: dict[date, list[tuple[object, object]]] = defaultdict(list)
        for fact in facts:
            self.write(fact)

    def write(self, fact, on: date | None = None) -> "Diary":
        """A fact, on its own day or a later (or earlier) one."""
        self.written[on or fact.on].append((None, fact))
        return self

    def fix(self, on: date, fact, instead=None) -> "Diary":
        """On a day `fact` was taken back, and `instead` written where it is given."""
        self.written[on].append((fact, instead))
        return self

    def read(self) -> History:
        """The facts as they stand at the end, with every date that was in force."""
        facts: list = []
        history = replace(self.start, in_force=self._stored((), self.start.use_starts_on, []))
        for day in sorted(self.written):
            for gone, fact in self.written[day]:
                if gone is not None:
                    facts.remove(gone)
                if fact is not None:
                    facts.append(fact)
            stored = self._stored(history.in_force, day, facts)
            history = replace(_with(self.start, facts), in_force=stored)
        return history

    def answer(self):
        """What the rule says at the end."""
        return next_due(self.read(), PaceSettings())

    def _stored(self, in_force, day, facts):
        found = replace(_with(self.start, facts), in_force=in_force)
        return after_change(in_force, day, next_due(found, PaceSettings()).due_on)


def _with(history: History, facts) -> History:
    contacts = tuple(fact for fact in facts if isinstance(fact, PaceContact))
    decisions = tuple(fact for fact in facts if isinstance(fact, PaceDecision))
    rest = tuple(fact for fact in facts if fact not in contacts and fact not in decisions)
    return replace(history, contacts=contacts, decisions=decisions, events=rest)
