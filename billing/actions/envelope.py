"""封筒: they leave the house as a file, and issued papers are marked as sent."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime
from uuid import UUID

from django.db import transaction

from billing.models import PaperDispatch
from teikyaku.accounts.actions.audit import audit
from teikyaku.accounts.actions.record import save_record
from teikyaku.accounts.models import AuditEvent, IssuedDocument, Membership, Office
from teikyaku.clock import date_of
from teikyaku.constraints import violations_as_validation_errors
from teikyaku.frozen import erase_frozen

VERB = "envelopes_printed"
BY_MISTAKE = "発送していない文書だった"


@transaction.atomic
def note_envelopes(
    *, office: Office, clients: Iterable[UUID], by: Membership, at: datetime
) -> None:
    """One line for the office, one for each person whose papers are in the file (one insert)."""
    told = [("office", office.public_id, None)]
    told += [("client", client, client) for client in dict.fromkeys(clients)]  # type: ignore[misc]
    AuditEvent.objects.bulk_create(
        AuditEvent(
            at=at, user_id=by.user_id, membership=by, verb=VERB, subject_type=kind,
            subject_id=subject, person_id=person,
        )
        for kind, subject, person in told
    )  # fmt: skip


@transaction.atomic
def mark_as_unsent(*, documents: Collection[UUID], by: Membership, at: datetime) -> int:
    """These papers did not go out after all: the mark goes, who set it and took it back stays.

    Answers how many were marked; safe to run again, and under two at once.
    """
    rows = list(
        PaperDispatch.objects.select_for_update(of=("self",))
        .filter(document__public_id__in=documents, document__issued_by__office=by.office_id)
        .select_related("document")
        .order_by("pk")
    )
    for row in rows:
        audit(
            verb="paper_sent_taken_back", subject=row, by=by, at=at,
            person_id=row.document.person_id,
        )  # fmt: skip
    # The mark says nothing of money: what is frozen, the paper itself, stays as it is.
    erase_frozen(PaperDispatch.objects.filter(pk__in=[row.pk for row in rows]), reason=BY_MISTAKE)
    return len(rows)


def mark_as_sent(
    *, documents: Collection[UUID], by: Membership, at: datetime
) -> list[PaperDispatch]:
    """発送済み: these issued papers (public ids) of the office went out; safe to run again.

    Raises ValidationError when somebody has just marked one of them.
    """
    with violations_as_validation_errors(PaperDispatch), transaction.atomic():
        rows = IssuedDocument.objects.filter(
            public_id__in=documents, issued_by__office=by.office_id, dispatch=None
        ).order_by("pk")
        return [
            save_record(
                PaperDispatch(document=row, sent_on=date_of(at)), verb="paper_sent", by=by, at=at,
                person_id=row.person_id,
            )
            for row in rows
        ]  # fmt: skip
