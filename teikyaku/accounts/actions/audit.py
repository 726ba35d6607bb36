"""Audit lines. Names of fields, never values; subjects as UUIDs."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import models
from django.http import HttpRequest

from teikyaku.accounts.actions.trail import gathering
from teikyaku.accounts.models import AuditEvent, Membership, User
from teikyaku.bulk import insert_rows
from teikyaku.rehearsal import is_rehearsed


def audit(
    *,
    verb: str,
    subject: models.Model,
    by: Membership,
    at: datetime,
    person_id: UUID | None = None,
    fields: Iterable[str] = (),
) -> None:
    """Write one line inside the action's own transaction.

    `subject` needs a `public_id`; `person_id` is the public id of the person it belongs to.
    """
    if is_rehearsed():
        return
    line = {**_line(verb, subject, by, at), "person_id": person_id, "fields": sorted(fields)}
    trail = gathering()
    if trail is None:
        AuditEvent.objects.create(**line)
    else:
        trail.keep(AuditEvent, line)


def audit_all(
    *, verb: str, subjects: Iterable[tuple[models.Model, Membership]], at: datetime
) -> None:
    """As `audit` for each subject and who did it, in one statement."""
    insert_rows(AuditEvent, (_line(verb, subject, by, at) for subject, by in subjects))


def audit_people(
    *, verb: str, subjects: Iterable[tuple[models.Model, UUID]], by: Membership, at: datetime
) -> None:
    """As `audit` for each subject and the person it belongs to (public id), in one statement."""
    insert_rows(
        AuditEvent,
        ({**_line(verb, subject, by, at), "person_id": person} for subject, person in subjects),
    )


def _line(verb: str, subject: models.Model, by: Membership, at: datetime) -> dict[str, Any]:
    return {
        "at": at,
        "user_id": by.user_id,
        "membership_id": by.pk,
        "verb": verb,
        "subject_type": subject._meta.model_name or "",
        "subject_id": getattr(subject, "public_id", None),
    }


def audit_own(
    *,
    verb: str,
    user: User | None,
    at: datetime,
    outcome: AuditEvent.Outcome = AuditEvent.Outcome.DONE,
    membership: Membership | None = None,
) -> None:
    """A line about somebody's own sign-in: `user` is who it happened to, None when nobody's."""
    AuditEvent.objects.create(
        at=at,
        user=user,
        membership=membership,
        verb=verb,
        outcome=outcome,
        subject_type="user" if user else "",
        subject_id=user.public_id if user else None,
    )


def record_reads(
    user: User, membership: Membership | None, reads: list[tuple[Any, ...]], *, at: datetime
) -> None:
    """One line per subject that a page showed."""
    rows = [
        AuditEvent(
            at=at, user=user, membership=membership, verb="read",
            outcome=AuditEvent.Outcome.READ, subject_type=kind, subject_id=subject,
            person_id=person,
        )
        for kind, subject, person in reads
    ]  # fmt: skip
    if len(rows) == 1:
        rows[0].save(force_insert=True)  # one autocommit insert, without a transaction around it
    else:
        AuditEvent.objects.bulk_create(rows)


def record_refusal(
    user: User, membership: Membership | None, request: HttpRequest, *, at: datetime
) -> None:
    """A page that the roles do not grant was asked for; the route's name, never the address."""
    match = request.resolver_match
    AuditEvent.objects.create(
        at=at,
        user=user,
        membership=membership,
        verb="refused",
        outcome=AuditEvent.Outcome.REFUSED,
        subject_type=(match.view_name if match else "")[:60],
    )
