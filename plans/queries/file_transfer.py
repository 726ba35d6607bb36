"""Files that pass from ward to ward: what waits for an answer, and what became of an offer."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Case, Q, QuerySet, When

from clients.models import Client, ClientName
from clients.queries.subject import names_of
from plans.models import Application, Decision, FileTransfer
from teikyaku.accounts.models import Municipality
from teikyaku.clock import date_of
from teikyaku.prepared import prepared

Names = Callable[[list[int], int, date], dict[int, ClientName]]
# Answers of the last weeks stay in sight of the ward that asked.
SHOWN = 20
# Of what is open, on the ward's home; the list has all of it.
AT_HOME = 10


@dataclass(frozen=True, slots=True)
class TransferRow:
    """One 区の引継ぎ as the queue shows it."""

    transfer_id: UUID
    name: str
    kana: str
    other_ward: str
    """The ward at the other end."""
    moved_on: date
    waiting_days: int
    is_incoming: bool
    """The file comes to this ward, or would."""
    is_answerer: bool
    """It is this ward that has to answer."""
    outcome: str
    """In words; "" while it waits."""
    reason: str


def open_transfers(ward_id: int, on: date) -> tuple[list[TransferRow], bool]:
    """The first of `open_of` for the ward's home, and whether there are more (two queries)."""
    found = _open.rows(ward=ward_id)
    return transfer_rows(found[:AT_HOME], ward_id, on), len(found) > AT_HOME


@prepared("ward")
def _open(ward: int) -> QuerySet[FileTransfer]:
    return open_of(ward)[: AT_HOME + 1]


def open_of(ward: int) -> QuerySet[FileTransfer]:
    """What waits for this ward's answer, then what it has offered; the oldest first. Page this."""
    asked = Q(to_municipality=ward, is_requested=False) | Q(
        from_municipality=ward, is_requested=True
    )
    found = _of(ward).filter(outcome="").annotate(is_asked=Case(When(asked, then=0), default=1))
    return found.order_by("is_asked", "pk")


def settled_transfers(ward_id: int, on: date, names: Names) -> list[TransferRow]:
    """The latest answers, newest first; `names` gives those of people by key, as the ward may read."""
    found = list(_of(ward_id).exclude(outcome="").order_by("-outcome_at")[:SHOWN])
    known = names([row.client_id for row in found], ward_id, on)
    return [_row(row, known, ward_id, on) for row in found]


def latest_transfer(client: Client, ward_id: int) -> FileTransfer | None:
    """The newest offer of this person's file that the ward made or got."""
    return next(iter(_latest.rows(ward=ward_id, client=client.pk)), None)


@prepared("ward", "client")
def _latest(ward: int, client: int) -> QuerySet[FileTransfer]:
    return _of(ward).filter(client=client).order_by("-pk")[:1]


def keeping_wards(client_ids: Iterable[int]) -> dict[int, Municipality]:
    """Where the file of each of these people lies: with whom decided last, or where they applied.

    Decisions that offices copied from paper make no file, and one that was cancelled before it began
    only where no other was made. Nobody's file where a person has neither (two queries).
    """
    ids = list(client_ids)
    found: dict[int, Municipality] = {}
    if not ids:
        return found
    for application in _open_of.rows(clients=ids):
        found[application.client_id] = application.municipality
    for decision in _decided_of.rows(clients=ids):
        found[decision.client_id] = decision.passed_to or decision.municipality
    return found


@prepared("clients")
def _open_of(clients: list[int]) -> QuerySet[Application]:
    rows = Application.objects.filter(client__in=clients, outcome="")
    return rows.select_related("municipality__city").order_by("received_on", "pk")


@prepared("clients")
def _decided_of(clients: list[int]) -> QuerySet[Decision]:
    """Last what counts most: those that hold or held a day come after those that never did."""
    rows = Decision.objects.filter(client__in=clients, is_transcribed=False)
    rows = rows.select_related("municipality__city", "passed_to__city")
    return rows.order_by("-is_cancelled", "starts_on")


def _of(ward_id: int) -> QuerySet[FileTransfer]:
    found = FileTransfer.objects.filter(Q(to_municipality=ward_id) | Q(from_municipality=ward_id))
    return found.select_related(
        "from_municipality__city", "to_municipality__city", "outcome_by__user", "recorded_by__user"
    )


def transfer_rows(found: Iterable[FileTransfer], ward_id: int, on: date) -> list[TransferRow]:
    """Open ones as the ward reads them, in their order (one query for the names)."""
    rows = list(found)
    names = names_of([row.client_id for row in rows], on)
    return [_row(row, names, ward_id, on) for row in rows]


def _row(row: FileTransfer, names: dict, ward_id: int, on: date) -> TransferRow:
    name, is_incoming = names.get(row.client_id), row.to_municipality_id == ward_id
    other = row.from_municipality if is_incoming else row.to_municipality
    return TransferRow(
        transfer_id=row.public_id,
        name=name.name if name else "",
        kana=name.kana if name else "",
        other_ward=other.name,
        moved_on=row.moved_on,
        waiting_days=(on - date_of(row.recorded_at)).days,
        is_incoming=is_incoming,
        is_answerer=row.answering_ward_id == ward_id,
        outcome=row.get_outcome_display() if row.outcome else "",
        reason=row.outcome_reason,
    )
