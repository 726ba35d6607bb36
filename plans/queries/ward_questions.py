"""What a ward's home asks of the database, once for every ward: see teikyaku.prepared."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, cast, overload

from django.db.models import Count, Q, QuerySet

from plans.access import applications_for, core_uploads_for, kept_decisions
from plans.models import Application, Decision, PendingGrant, WardPaper
from plans.queries.core_upload import waiting_q
from plans.queries.income_review import ReviewState, review_q, reviewed_caps
from plans.queries.outdated_papers import suspects
from plans.queries.queue import QUEUE_TURNS, queue, turn_q
from plans.queries.renewal import Due, due_q, ending_caps, ending_decisions
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

    def __init__(self, reader: WardReader, turns: Sequence[Turn], on: date) -> None:
        self.reader, self.asked = reader, {"turns": tuple(turns), "on": on}

    def __len__(self) -> int:
        return sum(self.reader.counts(waiting_count, **self.asked))

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


@prepared("ward")
def waiting_count(ward: int, roles: Roles, turns: tuple[Turn, ...], on: date) -> QuerySet[Any, Any]:
    """One row: how many stand in it."""
    return in_one_row(queue(applications_for(_as(ward, roles)), on, *turns), n=Count("pk"))


@prepared("ward")
def turns(ward: int, roles: Roles, on: date) -> QuerySet[Any, Any]:
    """One row: how many wait for whom, by QUEUE_TURNS."""
    counts = {turn.value: Count("pk", filter=turn_q(turn, on)) for turn in QUEUE_TURNS}
    return in_one_row(applications_for(_as(ward, roles)), **counts)


@prepared("ward")
def ending(ward: int, roles: Roles, due: Due | None, on: date, shown: int) -> QuerySet[Decision]:
    """Decisions that run out, with their people."""
    rows = ending_decisions(kept_decisions(_as(ward, roles)), on, due)
    return rows.select_related("client")[:shown]


@prepared("ward")
def dues(ward: int, roles: Roles, on: date) -> QuerySet[Any, Any]:
    """One row: how many run out how soon, by Due."""
    rows = ending_decisions(kept_decisions(_as(ward, roles)), on)
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
