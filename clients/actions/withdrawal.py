"""Records that are taken back and stay readable as such: held, saved and withdrawn in one way."""

from __future__ import annotations

from datetime import datetime
from typing import TypeVar

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from clients.models import OtherSupport, Referral
from teikyaku.accounts.actions.record import save_record
from teikyaku.accounts.models import Membership

Row = TypeVar("Row", OtherSupport, Referral)


def hold(row: Row) -> Row:
    """The row as it is stored now, held: two at once get one result and one message.

    Raises ValidationError where it was taken back meanwhile. Call in the action's transaction.
    """
    held: Row = type(row).objects.select_for_update().get(pk=row.pk)
    if held.withdrawn_at is not None:
        raise ValidationError(_("この記録は、たったいま別の人が取り消しました。"))
    return held


def save(
    row: Row, verb: str, fields: tuple[str, ...], by: Membership, at: datetime, reason: str = ""
) -> Row:
    """Store these fields of a record of a person, with its audit line."""
    return save_record(
        row, verb=verb, by=by, at=at, person_id=row.client.public_id, fields=fields, reason=reason
    )


def withdraw(row: Row, *, verb: str, reason: str, by: Membership, at: datetime) -> Row:
    """It never was. Raises ValidationError without a reason, or where it was taken back before."""
    held = hold(row)
    if not reason.strip():
        raise ValidationError({"reason": _("取り消すには、理由を入れてください。")})
    held.withdrawn_at, held.withdrawn_by, held.withdrawn_reason = at, by, reason.strip()
    fields = ("withdrawn_at", "withdrawn_by", "withdrawn_reason")
    return save(held, verb, fields, by, at, reason)
