"""The mails of a day as their readers see them: every line under its heading, and whom it means.

Read from the words alone, as a person does: what the product keeps beside a mail is not asked.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from clients.models import Enrolment
from clients.queries.initials import initials_of
from teikyaku.accounts.models import Office, OutboxMail

_HEADING = re.compile(r"■ (.+)（\d+[人件]）")
_DAY = re.compile(r"(?:(\d{4})年)?(\d{1,2})月(\d{1,2})日（.）")


@dataclass(frozen=True, slots=True)
class Said:
    """One line of a mail: about whom, under which heading, which day, and what else it says."""

    enrolment: int
    heading: str
    day: date | None
    words: str


@dataclass(frozen=True, slots=True)
class Letter:
    """One mail that went out."""

    kind: str
    reader: int
    """Key of the user who got it."""
    on: date
    lines: tuple[Said, ...]


class Mailbox:
    """Every mail since the last look."""

    def __init__(self, office: Office) -> None:
        self.office = office
        self.last = 0

    def new(self, on: date) -> list[Letter]:
        """What went out since, oldest first; who reads, reads it on `on`."""
        rows = list(OutboxMail.objects.filter(pk__gt=self.last).order_by("pk"))
        if not rows:
            return []
        self.last = rows[-1].pk
        people = self._people(on)
        return [
            Letter(row.kind, row.recipient_id, on, tuple(_lines(row.body.splitlines(), people, on)))
            for row in rows
            if row.sent_at is not None
        ]

    def _people(self, on: date) -> dict[str, int]:
        """Initials → the latest enrolment of whom the office means by them."""
        letters = initials_of({self.office.pk}, on)
        known = Enrolment.objects.filter(office=self.office).order_by("pk")
        rows = known.values_list("client", "pk")
        return {letters[self.office.pk, client]: pk for client, pk in rows}


def _lines(body: Iterable[str], people: dict[str, int], on: date) -> Iterable[Said]:
    heading = ""
    for line in body:
        if found := _HEADING.match(line):
            heading = found[1]
        elif line.startswith("・"):
            who, _, rest = line[1:].partition("　")
            day = _DAY.search(rest)
            told = date(int(day[1] or on.year), int(day[2]), int(day[3])) if day else None
            words = rest[day.end() :].strip("　") if day else rest
            yield Said(people.get(who, 0), heading, told, words)
