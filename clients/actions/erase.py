"""Erasing in this app: an office's own rows of a person, what lies beside them, and the record of it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from clients.actions.attachment import erase_attachments
from clients.models import (
    Attachment,
    CaseMove,
    Client,
    Enrolment,
    Erasure,
    FileToErase,
    RetentionEvidence,
    StaffAssignment,
)
from clients.queries.evidence import evidence_of, evidence_over
from clients.queries.keeping import office_parts
from clients.rules.keeping import Keeping
from teikyaku.accounts.actions.audit import audit
from teikyaku.accounts.models import Membership, Office
from teikyaku.erasing import erase_history, erase_parts
from teikyaku.scans import store

REASON = "the time of keeping is over"


@transaction.atomic
def erase_office_facts(
    *,
    client: Client,
    office: Office,
    shells: Iterable[int],
    signers: Iterable[int],
    by: Membership,
    at: datetime,
) -> None:
    """The office's own rows of a person in this app; the caller has erased what hangs on them.

    `shells` and `signers` as in `clients.queries.keeping.office_parts`.
    """
    shells = list(shells)
    own = list(Enrolment.objects.filter(client=client, office=office).values_list("pk", flat=True))
    moves = list(
        StaffAssignment.objects.with_undone()
        .filter(enrolment__in=own, move__isnull=False)
        .values_list("move", flat=True)
    )
    _note_files(client, office)
    erase_attachments(client=client, office=office, by=by, at=at)
    erase_parts(office_parts(client, office, shells=shells, signers=signers), reason=REASON)
    # What one wrote on handing several people over may name each of them.
    rows = CaseMove.objects.filter(pk__in=moves)
    others = StaffAssignment.objects.with_undone().filter(move__in=moves)
    rows.exclude(pk__in=others.values("move")).delete()
    rows.update(note="")
    Enrolment.every.filter(pk__in=shells).update(
        is_erased=True, use_starts_on=None, end_note="", interview_due_on=None, pace_months=None,
        suggested_months=None, last_met_on=None, window_starts_on=None, window_ends_on=None,
    )  # fmt: skip
    erase_history(Enrolment, "id", shells)


def keep_evidence(*, client: Client, office: Office, on: date) -> None:
    """Before the file goes: what 就労定着率 and 実績体制加算 still need, without the person."""
    found = evidence_of(client, office, on)
    if found is None:
        return
    RetentionEvidence.objects.create(
        office=office,
        used=[
            [used.starts_on.isoformat(), (used.ends_on or on).isoformat()] for used in found.used
        ],
        employed_years=list(found.employed_years),
        open_years=list(found.open_years),
        stays=[[stay.year, stay.hired_on.isoformat(), stay.months] for stay in found.stays],
        died_on=found.died_on,
        needed_until=found.needed_until,
    )


def forget_evidence(*, office: Office, on: date) -> int:
    """Evidence that nothing needs any more goes with the next review. Returns how many rows went."""
    count, _by_model = evidence_over(office, on).delete()
    return count


def record_erasure(
    *,
    client: Client,
    keeping: Keeping,
    counts: dict[str, int],
    was_last: bool,
    by: Membership,
    at: datetime,
) -> Erasure:
    """消去の記録 of the member's office or ward, with its audit line."""
    row = Erasure.objects.create(
        person_id=client.public_id,
        office=by.office,
        municipality=by.municipality,
        was_last=was_last,
        erased_at=at,
        erased_by=by,
        ended_on=keeping.ends_on,
        years=keeping.years,
        due_on=keeping.due_on,
        counts=counts,
    )
    audit(verb="file_erased", subject=row, by=by, at=at, person_id=client.public_id)
    # Only once the rows are gone for good. Who is killed in between leaves a list, never a loss.
    transaction.on_commit(remove_files)
    return row


def remove_files() -> int:
    """Remove the files whose rows are gone. Safe to run again. Returns how many were on the list."""
    names = list(FileToErase.objects.order_by("pk").values_list("name", flat=True))
    for name in names:
        store.remove([name])
        FileToErase.objects.filter(name=name).delete()
    return len(names)


def past_erasure(person_id: UUID, by: Membership) -> Erasure | None:
    """The last erasure of this person's file in the member's office or ward, if there was one."""
    own = Q(office=by.office_id, municipality=by.municipality_id)
    return Erasure.objects.filter(own, person_id=person_id).order_by("-erased_at").first()


def _note_files(client: Client, office: Office) -> None:
    rows = Attachment.objects.filter(enrolment__client=client, enrolment__office=office)
    FileToErase.objects.bulk_create(
        (FileToErase(name=name) for row in rows for name in row.names), ignore_conflicts=True
    )
