"""期限 of a ward, of who holds a decision and has no use yet: the window by the jobs on file.

A use stores its window, so that lists sort in SQL. Before it nothing does: for the few who wait
between decision and contract the rule is asked.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from heapq import merge
from itertools import islice

from django.db.models import Exists, OuterRef

from clients.models import Enrolment
from clients.queries.facts import working_lives
from clients.queries.window import standing_in
from plans.models.certificate import DecisionQuerySet
from plans.queries.expiry_list import Found, Source, Span
from teikyaku.periods import in_force


def without_use(kept: DecisionQuerySet, on: date) -> DecisionQuerySet:
    """The kept decisions in force on `on` of people without a use that has a window."""
    used = Enrolment.objects.filter(
        in_force(on), client=OuterRef("client"), window_ends_on__isnull=False
    )
    return kept.in_force(on).exclude(Exists(used))


def unused_windows(kept: DecisionQuerySet, on: date, span: Span) -> list[Found]:
    """The last usable day of each of them inside `span`, by day (four queries, however many).

    What has passed is left out: nobody used it, and nothing waits for it.
    """
    rows = without_use(kept, on).order_by("client", "starts_on")
    subjects = dict(rows.values_list("client", "public_id"))
    lives = working_lives(subjects) if subjects else {}
    days = {who: standing_in(lives[who], on).right_ends_on for who in subjects}
    return sorted(
        (day, "window", who, subjects[who])
        for who, day in days.items()
        if day is not None and max(on, span[0]) <= day <= span[1]
    )


@dataclass(frozen=True, slots=True)
class WithUnused(Source):
    """The windows of uses, and of those who have none yet among them by day."""

    more: tuple[Found, ...] = ()

    def found(self, kind: str, stop: int | None) -> list[Found]:
        """The first of both by day (one query)."""
        stored = Source.found(self, kind, stop)
        return list(islice(merge(stored, self.more), stop))

    def tally(self) -> Iterator[tuple[date, int]]:
        """How many of both end on each day (one query)."""
        yield from Source.tally(self)
        yield from Counter(day for day, _kind, _who, _row in self.more).items()
