"""What a ward's home asks of the database, once for every ward: see teikyaku.prepared."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, cast, overload

from django.db.models import Count, Q, QuerySet

from plans.access import applications_for, core_uploads_for, kept_decisions
from plans.models import Application, Decision, PendingGrant, WardPaper
from plans.queries.core_upload import waiting_q
from plans.queries.income_review import ReviewState, review_q, reviewed_caps
from plans.queries.outdated_papers import suspects
from plans.queries.queue import (
    GRANTED_TURNS,
    MOVED_HERE,
    OPEN_TURNS,
    QUEUE_TURNS,
    granted_by_turn,
    open_by_turn,
    queue,
)
from plans.queries.renewal import Due, due_q, ending_caps, ending_days, ending_decisions
from plans.queries.second_officer import open_grants
from plans.rules.path import Turn
from teikyaku.accounts.models import Membership
from teikyaku.prepared import Prepared, in_one_row, prepared

Roles = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class WardReader:
    """Who asks: a member of a ward, by what their roles let them see."""

    ward: int
    roles: Roles

    @classmethod
    def of(cls, membership: Membership) -> WardReader:
        """As whom a membership reads."""
        return cls(cast(int, membership.municipality_id), tuple(membership.roles))

    def rows(self, question: Prepared, **given: Any) -> list[Any]:
        """What a question finds for them (one query)."""
        return question.rows(ward=self.ward, roles=self.roles, **given)

    def counts(self, question: Prepared, **given: Any) -> tuple[int, ...]:
        """The only row of a question (one query)."""
        return cast(tuple[int, ...], question.row(ward=self.ward, roles=self.roles, **given))


class WaitingList(Sequence[Application]):
    """The queue as a paginator holds it: counted, and read by the page."""

    def __init__(
        self, reader: WardReader, turns: Sequence[Turn], on: date, counts: Mapping[Turn, int]
    ) -> None:
        """`counts`: how many wait for whom (`turns`); nobody waits for two."""
        self.reader, self.asked = reader, {"turns": tuple(turns), "on": on}
        self.total = sum(counts[turn] for turn in tuple(turns) or MOVED_HERE)

    def __len__(self) -> int:
        return self.total

    @overload
    def __getitem__(self, index: int) -> Application: ...
    @overload
    def __getitem__(self, index: slice) -> list[Application]: ...

    def __getitem__(self, index: int | slice) -> Application | list[Application]:
        if isinstance(index, int):
            return self[index : index + 1][0]
        return self.reader.rows(waiting, **self.asked, start=index.start or 0, stop=index.stop)


def _as(ward: int, roles: Roles) -> Membership:
    return Membership(municipality_id=ward, roles=list(roles))


@prepared("ward")
def waiting(
    ward: int, roles: Roles, turns: tuple[Turn, ...], on: date, start: int, stop: int
) -> QuerySet[Application]:
    """Part of the queue."""
    return queue(applications_for(_as(ward, roles)), on, *turns)[start:stop]


def turns(reader: WardReader, on: date) -> dict[Turn, int]:
    """How many wait for whom, in the order of QUEUE_TURNS (two queries)."""
    undecided = zip(OPEN_TURNS, reader.counts(open_turns), strict=True)
    granted = zip(GRANTED_TURNS, reader.counts(granted_turns, on=on), strict=True)
    found = Counter(dict(undecided))
    found.update(dict(granted))
    return {turn: found[turn] for turn in QUEUE_TURNS}


@prepared("ward")
def open_turns(ward: int, roles: Roles) -> QuerySet[Any, Any]:
    """One row: how many undecided ones wait for whom, by OPEN_TURNS."""
    rows, counts = open_by_turn(applications_for(_as(ward, roles)))
    return in_one_row(rows, **counts)


@prepared("ward")
def granted_turns(ward: int, roles: Roles, on: date) -> QuerySet[Any, Any]:
    """One row: how many granted ones wait for whom, by GRANTED_TURNS."""
    rows, counts = granted_by_turn(applications_for(_as(ward, roles)), on)
    return in_one_row(rows, **counts)


@prepared("ward")
def ending(ward: int, roles: Roles, due: Due | None, on: date, shown: int) -> QuerySet[Decision]:
    """Decisions that run out, with their people."""
    return _ending(ward, roles, on, due).select_related("client")[:shown]


def _ending(ward: int, roles: Roles, on: date, due: Due | None = None) -> QuerySet[Decision]:
    kept = kept_decisions(_as(ward, roles), ends_on__range=ending_days(on, due))
    return ending_decisions(kept, on, due)


@prepared("ward")
def dues(ward: int, roles: Roles, on: date) -> QuerySet[Any, Any]:
    """One row: how many run out how soon, by Due."""
    rows = _ending(ward, roles, on)
    return in_one_row(rows, **{due.value: Count("pk", filter=due_q(due, on)) for due in Due})


@prepared("ward")
def corrected_papers(ward: int, roles: Roles) -> QuerySet[WardPaper]:
    """Papers after which something that they bear was corrected."""
    return suspects(kept_decisions(_as(ward, roles)))


@prepared("ward")
def ending_caps_count(ward: int, roles: Roles, on: date) -> QuerySet[Any, Any]:
    """One row: how many caps end this month or the next."""
    return in_one_row(ending_caps(kept_decisions(_as(ward, roles)), on), n=Count("pk"))


@prepared("ward")
def reviewed(ward: int, roles: Roles, year: int) -> QuerySet[Any, Any]:
    """One row: how many caps of 収入状況の見直し are in which state, by ReviewState."""
    rows = reviewed_caps(kept_decisions(_as(ward, roles)), year)
    counts = {each.value: Count("pk", filter=review_q(each, year)) for each in ReviewState}
    return in_one_row(rows, **counts)


@prepared("ward")
def grants(ward: int, roles: Roles) -> QuerySet[PendingGrant]:
    """What waits for a second officer, the oldest first."""
    return open_grants(applications_for(_as(ward, roles)))


@prepared("ward")
def uploads(ward: int, roles: Roles) -> QuerySet[Any, Any]:
    """One row: how many files of the core system wait for an officer."""
    return in_one_row(core_uploads_for(_as(ward, roles)), n=Count("pk", filter=Q(waiting_q())))
