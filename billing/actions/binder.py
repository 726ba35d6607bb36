"""運営指導の綴り leaves the house as a file: it is on the record, for the office and each person."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction

from clients.models import Enrolment
from teikyaku.accounts.models import AuditEvent, Membership, Office

VERB = "binder_exported"


@transaction.atomic
def note_binder(
    *, office: Office, enrolments: Iterable[Enrolment], by: Membership, at: datetime
) -> None:
    """One line for the office, one for each enrolment whose papers are in the file (one insert).

    `enrolments` come with their client (docs/rules.md §10).
    """
    told: list[tuple[str, Any, Any]] = [("office", office.public_id, None)]
    told += [("enrolment", row.public_id, row.client.public_id) for row in enrolments]
    AuditEvent.objects.bulk_create(
        AuditEvent(
            at=at, user_id=by.user_id, membership=by, verb=VERB, subject_type=kind,
            subject_id=subject, person_id=person,
        )
        for kind, subject, person in told
    )  # fmt: skip
