"""What somebody should look at before the close, with the people whom it concerns (docs/rules.md §8)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from django.urls import reverse

from billing.queries.mending import mending_url
from billing.queries.month import MonthEntry
from teikyaku.accounts.models import Membership
from teikyaku.accounts.way_back import with_way_back

# More are on the month's list, which says them too.
SHOWN = 20


@dataclass(frozen=True, slots=True)
class LookPerson:
    """Somebody with a warning: who, and the page where it is looked at."""

    name: str
    kana: str
    url: str


@dataclass(frozen=True, slots=True)
class Look:
    """One warning in its own words, its people, and how many are not named."""

    text: str
    people: tuple[LookPerson, ...]
    count: int

    @property
    def more(self) -> int:
        """How many stand only on the month's list."""
        return self.count - len(self.people)


def looks(ready: Sequence[MonthEntry], reader: Membership) -> tuple[Look, ...]:
    """The warnings of those whom the close would take in, the most frequent first (no query)."""
    found: dict[str, list[LookPerson]] = defaultdict(list)
    for entry in ready:
        for reason in entry.warnings:
            support = entry.support
            url = mending_url(reason, support, reader)
            url = url or reverse("client_page", args=[support.client_public_id])
            back = with_way_back(url, support.month)
            found[reason.text].append(LookPerson(support.name, support.kana, back))
    rows = sorted(found.items(), key=lambda each: (-len(each[1]), each[0]))
    return tuple(Look(text, tuple(people[:SHOWN]), len(people)) for text, people in rows)
