"""What has passed is laid aside with a reason, or comes back."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from clients.models import Client
from plans.models import Decision, ExpirySettlement
from plans.rules.expiry import EndKind, WardEndKind, may_be_settled
from teikyaku.accounts.actions.record import save_record
from teikyaku.accounts.models import Membership, StaffQualification
from teikyaku.clock import date_of


@transaction.atomic
def settle_end(
    *,
    kind: EndKind | WardEndKind,
    ends_on: date,
    subject_id: UUID,
    on_file: date,
    reason: str,
    client: Client | None = None,
    qualification: StaffQualification | None = None,
    by: Membership,
    at: datetime,
) -> ExpirySettlement:
    """An end of the member's office or ward that has passed waits for nothing more.

    `on_file` is the day that stands on the row `subject_id`, from which `ends_on` follows. Raises
    ValidationError without a reason, before the end has passed, for a kind that only a fact settles,
    and when somebody has just settled it.
    """
    is_over = not _holds_decision(client, by.municipality_id, date_of(at))
    if not may_be_settled(kind, ends_on, date_of(at), is_over=is_over):
        raise ValidationError(_("この期限は、次の記録をすると済みになります。"))
    row = ExpirySettlement(
        office=by.office,
        municipality=by.municipality,
        client=client,
        qualification=qualification,
        kind=kind.value,
        subject_id=subject_id,
        on_file=on_file,
        reason=reason.strip(),
    )
    person = client.public_id if client else None
    return save_record(
        row, verb="expiry_settled", by=by, at=at, person_id=person, fields=("reason",)
    )


def _holds_decision(client: Client | None, ward_id: int | None, on: date) -> bool:
    if client is None or ward_id is None:
        return False
    return Decision.objects.in_force(on).kept_by(ward_id).filter(client=client).exists()


@transaction.atomic
def undo_settlement(
    *, settlement: ExpirySettlement, by: Membership, at: datetime
) -> ExpirySettlement:
    """The end shows on the board again. Taken back once: asked again, the same."""
    row = ExpirySettlement.objects.select_for_update(of=("self",)).get(pk=settlement.pk)
    if row.undone_at is not None:
        return row
    row.undone_at, row.undone_by = at, by
    person = row.client.public_id if row.client else None
    return save_record(
        row, verb="expiry_settlement_undone", by=by, at=at, person_id=person, fields=("undone_at",)
    )
