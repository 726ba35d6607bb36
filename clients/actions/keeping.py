"""A file whose time of keeping is over: held back with a reason, or given free again."""

from __future__ import annotations

from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from clients.models import Client, KeepingHold
from clients.queries.keeping import standing_hold
from teikyaku.accounts.actions.record import save_record
from teikyaku.accounts.models import Membership
from teikyaku.clock import date_of


@transaction.atomic
def hold_file(
    *, client: Client, reason: str, until: date | None, by: Membership, at: datetime
) -> KeepingHold:
    """The file of the member's office or ward stays, until a day or until somebody lifts the hold.

    A hold that stands is replaced: who held it before, and why, stays on file. Raises ValidationError
    without a reason, for a last day that has passed, or when somebody has just held it.
    """
    if until is not None and until < date_of(at):
        raise ValidationError({"until": _("今日以後の日付にしてください。")})
    former = standing_hold(client, office=by.office, ward=by.municipality)
    if former is not None:
        lift_hold(hold=former, by=by, at=at)
    hold = KeepingHold(
        client=client,
        office=by.office,
        municipality=by.municipality,
        reason=reason.strip(),
        until=until,
    )
    return save_record(
        hold, verb="keeping_held", by=by, at=at, person_id=client.public_id,
        fields=("reason", "until"),
    )  # fmt: skip


@transaction.atomic
def lift_hold(*, hold: KeepingHold, by: Membership, at: datetime) -> KeepingHold:
    """The file waits for a decision again. Lifted once: asked again, the same."""
    row = KeepingHold.objects.select_for_update(of=("self",)).get(pk=hold.pk)
    if row.lifted_at is not None:
        return row
    row.lifted_at, row.lifted_by = at, by
    return save_record(
        row, verb="keeping_hold_lifted", by=by, at=at, person_id=row.client.public_id,
        fields=("lifted_at",),
    )  # fmt: skip
