"""移行の取込 undone: who built what on it, and which rows it made."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import islice
from typing import Any
from uuid import UUID

from django.db.models import Min, Model, QuerySet

from billing.models import PersonMonth
from clients.models import Client, Enrolment
from clients.queries.keeping import parts_of_all as own_parts
from clients.queries.subject import names_of
from plans.models import (
    CapPeriod,
    Contract,
    InterviewDraft,
    InterviewDue,
    MoveIn,
    MoveInRow,
    OpeningFacts,
)
from plans.queries.keeping import last_parts_of_all
from plans.queries.keeping import parts_of_all as office_parts
from teikyaku.accounts.models import AuditEvent, Office
from teikyaku.accounts.queries.audit import AuditRow, audit_rows
from teikyaku.erasing import Part
from teikyaku.periods import Month

MOST_TOLD = 50
DONE = MoveInRow.State.DONE
UNDONE = "move_in_person_undone"


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
    rows = [
        (at, client, public_id)
        for at, client, public_id in move_in.rows.filter(state=DONE).values_list(
            "imported_at", "enrolment__client", "enrolment__client__public_id"
        )
        if at is not None
    ]
    since: dict[UUID, datetime] = {}
    for at, _client, public_id in rows:
        since[public_id] = min(at, since.get(public_id, at))
    events = _events(move_in, since, {at for at, _client, _id in rows})
    months, drafts = _closed(move_in), _drafts(move_in)
    told = {*(event.person_id for event in events), *(row.client_id for row in (*months, *drafts))}
    keys = {public_id: client for _at, client, public_id in rows if public_id in told}
    names = names_of(list(keys.values()), on)
    shown = {
        public_id: name.name if (name := names.get(client)) else ""
        for public_id, client in keys.items()
    }
    found = [
        BuiltOn(event.person_id, "", row.who, _what(row), row.at)
        for event, row in zip(events, audit_rows(events), strict=True)
        if event.person_id is not None
    ]
    every = [*found, *months, *drafts][:MOST_TOLD]
    return [replace(each, name=shown.get(each.client_id, "")) for each in every]


def later_files(move_in: MoveIn) -> list[MoveIn]:
    """Imports of the same people that came after it and stand: those are taken back first (one query)."""
    people = move_in.rows.filter(state=DONE).values("enrolment__client")
    rows = MoveIn.objects.filter(
        office=move_in.office_id, outcome=MoveIn.Outcome.CONFIRMED, undone_at=None,
        outcome_at__gt=move_in.outcome_at, rows__state=DONE, rows__enrolment__client__in=people,
    )  # fmt: skip
    return list(rows.distinct().order_by("-outcome_at"))


def _events(move_in: MoveIn, since: dict[UUID, datetime], own: set[datetime]) -> list[AuditEvent]:
    """What was done with these people after they were imported.

    Reading is no building, nor is it that their municipality was joined with another.
    """
    if not since:
        return []
    people = move_in.rows.filter(state=DONE).values("enrolment__client__public_id")
    lines = (
        AuditEvent.objects.filter(
            person_id__in=people, outcome=AuditEvent.Outcome.DONE, at__gt=min(since.values())
        )
        .exclude(verb__endswith="exported")
        .exclude(verb="municipality_joined")
        .order_by("-at", "-pk")
    )
    gone = _undone_since(lines)
    told = lines.exclude(verb=UNDONE).values_list("pk", "person_id", "at", "membership")
    kept = (
        key
        for key, person, at, by in told.iterator()
        if person is not None
        and at > since[person]
        and at not in own
        and not any(each.holds(at, by) for each in gone.get(person, ()))
    )
    keys = list(islice(kept, MOST_TOLD))
    events = AuditEvent.objects.select_related("user").in_bulk(keys)
    return [events[key] for key in keys]


@dataclass(slots=True)
class _Gone:
    """A later file that was taken back whole: what it had brought of a person is no record any more.

    It could be undone as nobody had built on it: of what its member did with the person until then, its
    lines came last. What they did before, while the file was being imported, is theirs and no line's.
    """

    by: int | None
    first: datetime
    last: datetime
    lines: int
    """How many of its lines about the person are still to be met, going back in time."""
    met: datetime | None = None

    def holds(self, at: datetime, by: int | None) -> bool:
        """Whether the file did it; to be asked of the newest first, for each line has one instant."""
        if by != self.by or not self.first <= at <= self.last:
            return False
        if at != self.met:
            if not self.lines:
                return False
            self.met, self.lines = at, self.lines - 1
        return True


def _undone_since(events: QuerySet[AuditEvent]) -> dict[UUID, list[_Gone]]:
    """By person the later files that were taken back, the newest first (two queries; one without any)."""
    told = Counter(events.filter(verb=UNDONE).order_by().values_list("person_id", "subject_id"))
    if not told:
        return {}
    files = MoveIn.objects.filter(public_id__in={file for _person, file in told}).order_by(
        "-outcome_at"
    )
    found: dict[UUID, list[_Gone]] = {}
    for row in files:
        if row.outcome_at is None or row.undone_at is None:
            continue
        for (person, file), lines in told.items():
            if person is not None and file == row.public_id:
                gone = _Gone(row.outcome_by_id, row.outcome_at, row.undone_at, lines)
                found.setdefault(person, []).append(gone)
    return found


def _what(row: AuditRow) -> str:
    return f"{row.subject}：{row.action}" if row.subject else row.action


def _closed(move_in: MoveIn) -> list[BuiltOn]:
    """People whose month was closed: no line of the audit names them."""
    enrolments = move_in.rows.filter(state=DONE).values("enrolment")
    months = PersonMonth.objects.filter(
        enrolment__in=enrolments, closing__closed_at__gt=move_in.outcome_at
    ).select_related("client", "closing__closed_by__user")
    label = str(PersonMonth._meta.verbose_name)
    return [
        BuiltOn(
            row.client.public_id, "", row.closing.closed_by.user.name,
            f"{label} {Month.of(row.month).label}", row.closing.closed_at,
        )
        for row in months[:MOST_TOLD]
    ]  # fmt: skip


def _drafts(move_in: MoveIn) -> list[BuiltOn]:
    """What somebody has begun to write about them: it is not recorded yet, and not to be lost."""
    enrolments = move_in.rows.filter(state=DONE).values("enrolment")
    rows = InterviewDraft.objects.filter(enrolment__in=enrolments).select_related(
        "enrolment__client", "recorded_by__user"
    )
    label = str(InterviewDraft._meta.verbose_name)
    return [
        BuiltOn(row.enrolment.client.public_id, "", row.recorded_by.user.name, label, None)
        for row in rows[:MOST_TOLD]
    ]


def made_by(
    clients: Collection[Client], office: Office, instants: Collection[datetime]
) -> dict[type[Model], list[Any]]:
    """The keys of the rows that lines of the import made, those first that hang on others.

    Of all that can hang on these people here: as many queries for some as for one.
    """
    found: dict[type[Model], list[Any]] = {}
    for part in (
        *office_parts(clients, office), *own_parts(clients, office), *last_parts_of_all(clients),
    ):  # fmt: skip
        known = found.get(part.model, [])
        found[part.model] = [*known, *(key for key in _made(part, instants) if key not in known)]
    return found


def _made(part: Part, instants: Collection[datetime]) -> list[Any]:
    if not any(each.name == "recorded_at" for each in part.model._meta.concrete_fields):
        return []
    return list(part.rows.filter(recorded_at__in=instants).values_list("pk", flat=True))


def stored_dues(enrolments: Iterable[int], on: date) -> Any:
    """The log of due dates that began with the import: it goes with what it was made of."""
    return InterviewDue.objects.filter(enrolment__in=enrolments, since__gte=on)


def first_use(enrolment: Enrolment) -> date | None:
    """The first day of use by the contracts that are left."""
    found: date | None = enrolment.contracts.aggregate(first=Min("starts_on"))["first"]
    return found


def start_before(enrolment: Enrolment, instant: datetime) -> date | None:
    """Where a line moved the first day of work, the day that stood there before; None elsewhere."""
    told = enrolment.history.filter(history_date=instant, starts_on=enrolment.starts_on)
    before = enrolment.history.filter(history_date__lt=instant).order_by(
        "-history_date", "-history_id"
    )
    first = before.values_list("starts_on", flat=True).first()
    return first if first is not None and first > enrolment.starts_on and told.exists() else None


def told_initials(enrolment: Enrolment, instant: datetime) -> list[Contract]:
    """The contracts on file to which a line added the month of the first addition."""
    rows = enrolment.contracts.exclude(initial_addition_month=None).exclude(recorded_at=instant)
    return [row for row in rows if _was_without(row, instant)]


def _was_without(contract: Contract, instant: datetime) -> bool:
    """Whether the line wrote the contract, and no month stood in it before."""
    told = contract.history.filter(history_date=instant).exists()
    before = contract.history.filter(history_date__lt=instant).order_by(
        "-history_date", "-history_id"
    )
    return told and before.values_list("initial_addition_month", flat=True).first() is None


_ADDED_TO = {
    Contract: ("entry_number",),
    CapPeriod: ("last_month", "is_managed", "managing_office_number", "managing_office_name"),
    OpeningFacts: (
        "last_met_on", "pace_months", "settled_meetings", "without_plan_since", "network_months",
        "network_count",
    ),
}  # fmt: skip


def written_into(enrolment: Enrolment, instant: datetime) -> list[tuple[Any, dict[str, Any]]]:
    """Facts on file to which a line added what lacked, each with what stood there before."""
    rows: list[Any] = [
        *CapPeriod.objects.filter(client=enrolment.client_id),
        *OpeningFacts.objects.filter(enrolment=enrolment),
        *enrolment.contracts.exclude(recorded_at=instant),
    ]
    found = []
    for row in rows:
        told = row.history.filter(history_date=instant, history_type="~").exists()
        before = row.history.filter(history_date__lt=instant).order_by(
            "-history_date", "-history_id"
        )
        first = before.first() if told else None
        held = {name: getattr(first, name) for name in _ADDED_TO[type(row)]} if first else {}
        if any(getattr(row, name) != value for name, value in held.items()):
            found.append((row, held))
    return found
