"""移行の取込 undone: who built what on it, and which rows it made."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Min

from billing.models import PersonMonth
from clients.models import Client, Enrolment
from clients.queries.keeping import office_parts as own_parts
from clients.queries.subject import names_of
from plans.models import InterviewDue, MoveIn, MoveInRow
from plans.queries.keeping import last_parts, office_parts
from teikyaku.accounts.models import AuditEvent, Office
from teikyaku.accounts.queries.audit import AuditRow, audit_rows
from teikyaku.erasing import Part
from teikyaku.periods import Month

MOST_TOLD = 50
DONE = MoveInRow.State.DONE


@dataclass(frozen=True, slots=True)
class BuiltOn:
    """What somebody did with a person after the import: why the whole cannot be undone."""

    client_id: UUID
    name: str
    who: str
    what: str
    at: datetime | None


def built_on(move_in: MoveIn, on: date) -> list[BuiltOn]:
    """What stands on it, the newest first, at most fifty; empty where it can be undone."""
    rows = list(
        move_in.rows.filter(state=DONE).values_list(
            "imported_at", "enrolment__client", "enrolment__client__public_id"
        )
    )
    names = names_of({client for _at, client, _id in rows}, on)
    shown = {
        public_id: (name.name if (name := names.get(client)) else "")
        for _at, client, public_id in rows
    }
    since: dict[UUID, datetime] = {}
    for at, _client, public_id in rows:
        since[public_id] = min(at, since.get(public_id, at))
    found = [
        BuiltOn(event.person_id, shown[event.person_id], row.who, _what(row), row.at)
        for event, row in _events(since, {at for at, _client, _id in rows})
        if event.person_id is not None
    ]
    return [*found, *_closed(move_in, shown)][:MOST_TOLD]


def _events(
    since: dict[UUID, datetime], own: set[datetime]
) -> Iterator[tuple[AuditEvent, AuditRow]]:
    """What was done with these people after they were imported; reading is no building."""
    if not since:
        return
    events = (
        AuditEvent.objects.filter(
            person_id__in=since, outcome=AuditEvent.Outcome.DONE, at__gt=min(since.values())
        )
        .exclude(verb__endswith="exported")
        .select_related("user")
        .order_by("-at", "-pk")
    )
    kept = [
        event
        for event in events[: MOST_TOLD * 20]
        if event.person_id and event.at > since[event.person_id] and event.at not in own
    ]
    yield from zip(kept, audit_rows(kept), strict=True)


def _what(row: AuditRow) -> str:
    return f"{row.subject}：{row.action}" if row.subject else row.action


def _closed(move_in: MoveIn, shown: dict[UUID, str]) -> Iterator[BuiltOn]:
    """People whose month was closed: no line of the audit names them."""
    enrolments = move_in.rows.filter(state=DONE).values("enrolment")
    months = PersonMonth.objects.filter(
        enrolment__in=enrolments, closing__closed_at__gt=move_in.outcome_at
    ).select_related("client", "closing__closed_by__user")
    for row in months[:MOST_TOLD]:
        what = f"{PersonMonth._meta.verbose_name} {Month.of(row.month).label}"
        who = row.closing.closed_by.user.name
        yield BuiltOn(
            row.client.public_id, shown[row.client.public_id], who, what, row.closing.closed_at
        )


def parts_of(client: Client, office: Office) -> list[Part]:
    """All that can hang on a person here, those first that hang on others."""
    return [
        *office_parts(client, office),
        *own_parts(client, office, shells=(), signers=()),
        *last_parts(client),
    ]


def made_at(part: Part, at: datetime) -> list[Any]:
    """The keys of the part's rows that one line of the import made."""
    if not any(each.name == "recorded_at" for each in part.model._meta.concrete_fields):
        return []
    return list(part.rows.filter(recorded_at=at).values_list("pk", flat=True))


def stored_dues(enrolments: Iterable[int], on: date) -> Any:
    """The log of due dates that began with the import: it goes with what it was made of."""
    return InterviewDue.objects.filter(enrolment__in=enrolments, since__gte=on)


def first_use(enrolment: Enrolment) -> date | None:
    """The first day of use by the contracts that are left."""
    found: date | None = enrolment.contracts.aggregate(first=Min("starts_on"))["first"]
    return found


def by_client(rows: Iterable[MoveInRow]) -> dict[int, list[MoveInRow]]:
    """The lines about each person."""
    found: dict[int, list[MoveInRow]] = defaultdict(list)
    for row in rows:
        if row.enrolment is not None:
            found[row.enrolment.client_id].append(row)
    return found
