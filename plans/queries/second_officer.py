"""Grants that wait for a second officer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import QuerySet

from clients.queries.subject import names_of
from plans.models import Application, PendingGrant
from teikyaku.prepared import prepared


@dataclass(frozen=True, slots=True)
class WaitingGrant:
    """One 確認待ちの支給決定 as the queue shows it."""

    application_id: UUID
    name: str
    kana: str
    written_by: str
    written_at: datetime
    is_own: bool
    """Whether the reader wrote it: somebody else has to look."""


def open_grant(application: Application) -> PendingGrant | None:
    """What waits for a second officer; None once it is settled or the application has ended."""
    if application.outcome:
        return None
    return next(iter(_open_of.rows(application=application.pk)), None)


def returned_grant(application: Application) -> PendingGrant | None:
    """What was handed back last, so that nobody types it again; None while one waits."""
    last = application.pending_grants.select_related("outcome_by__user").first()
    if last is None or last.outcome != PendingGrant.Outcome.RETURNED:
        return None
    return last


def open_grants(applications: QuerySet[Application]) -> QuerySet[PendingGrant]:
    """All that wait among `applications`, the oldest first."""
    rows = _open().filter(application__in=applications, application__outcome="")
    return rows.select_related("application").order_by("recorded_at", "pk")


def waiting_grants(rows: Sequence[PendingGrant], reader_id: int, on: date) -> list[WaitingGrant]:
    """Rows of `open_grants` as they are told; `reader_id` is the reader's user (one query)."""
    names = names_of([row.application.client_id for row in rows], on)
    found = []
    for row in rows:
        name = names.get(row.application.client_id)
        found.append(
            WaitingGrant(
                application_id=row.application.public_id,
                name=name.name if name else "",
                kana=name.kana if name else "",
                written_by=row.recorded_by.user.name,
                written_at=row.recorded_at,
                is_own=row.recorded_by.user_id == reader_id,
            )
        )
    return found


@prepared("application")
def _open_of(application: int) -> QuerySet[PendingGrant]:
    return _open().filter(application=application)[:1]


def _open() -> QuerySet[PendingGrant]:
    return PendingGrant.objects.filter(outcome="").select_related("recorded_by__user")
