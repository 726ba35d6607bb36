"""つなぎ: what was done, what came of it, and taking a wrong record back. Nothing here is derived."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from clients.actions.facts import add_fact, correct_fact, refuse_future
from clients.enums import ReferralOutcome
from clients.models import Client, Referral
from teikyaku.accounts.actions.record import save_record
from teikyaku.accounts.models import Membership

DAYS = ("referred_on", "consented_on", "outcome_on", "follow_up_on")


@transaction.atomic
def record_referral(
    *, client: Client, centre: str, referred_on: date, by: Membership, at: datetime, **more: Any
) -> Referral:
    """The person was led to a centre; it is the record of the member's office or ward.

    `more`: further fields of the model. Raises ValidationError by field, also for days that lie ahead.
    """
    row = Referral(
        client=client, centre=centre, referred_on=referred_on, office=by.office,
        municipality=by.municipality, **more,
    )  # fmt: skip
    _refuse_days(row, at)
    add_fact(row, verb="referral_recorded", by=by, at=at)
    return row


@transaction.atomic
def answer_referral(
    *, referral: Referral, outcome: str, on: date | None, note: str, by: Membership, at: datetime
) -> Referral:
    """What came of it; back to waiting where an answer was written too early. The history keeps both.

    Raises ValidationError by field.
    """
    row = _held(referral)
    row.outcome = outcome
    row.outcome_on = None if outcome == ReferralOutcome.WAITING else on
    row.outcome_note = note
    _refuse_days(row, at)
    return _save(row, "referral_answered", ("outcome", "outcome_on", "outcome_note"), by, at)


@transaction.atomic
def follow_referral(
    *, referral: Referral, follow_up: str, on: date, note: str, by: Membership, at: datetime
) -> Referral:
    """もう一度声をかけた: the person can use the service after all, and was told so.

    Raises ValidationError by field.
    """
    row = _held(referral)
    row.follow_up, row.follow_up_on, row.follow_up_note = follow_up, on, note
    _refuse_days(row, at)
    fields = ("follow_up", "follow_up_on", "follow_up_note")
    return _save(row, "referral_followed", fields, by, at)


@transaction.atomic
def correct_referral(
    *, referral: Referral, changes: Mapping[str, Any], reason: str, by: Membership, at: datetime
) -> Referral:
    """It was written wrongly; the history keeps what was. Raises ValidationError by field."""
    row = _held(referral)
    refuse_future(at=at, **{name: changes.get(name) for name in DAYS if name in changes})
    correct_fact(row, changes=dict(changes), reason=reason, by=by, at=at)
    return row


@transaction.atomic
def withdraw_referral(*, referral: Referral, reason: str, by: Membership, at: datetime) -> Referral:
    """It never was: the record stays readable as taken back, and asks nobody any more.

    Raises ValidationError without a reason, or where it was taken back before.
    """
    row = _held(referral)
    if not reason.strip():
        raise ValidationError({"reason": _("取り消すには、理由を入れてください。")})
    row.withdrawn_at, row.withdrawn_by, row.withdrawn_reason = at, by, reason.strip()
    fields = ("withdrawn_at", "withdrawn_by", "withdrawn_reason")
    return _save(row, "referral_withdrawn", fields, by, at, reason=reason)


def _held(referral: Referral) -> Referral:
    """The row as it is stored now, held: two at once get one result and one message."""
    row = Referral.objects.select_for_update().get(pk=referral.pk)
    if row.withdrawn_at is not None:
        raise ValidationError(_("この記録は、たったいま別の人が取り消しました。"))
    return row


def _refuse_days(row: Referral, at: datetime) -> None:
    refuse_future(at=at, **{name: getattr(row, name) for name in DAYS})


def _save(
    row: Referral, verb: str, fields: tuple[str, ...], by: Membership, at: datetime,
    reason: str = "",
) -> Referral:  # fmt: skip
    return save_record(
        row, verb=verb, by=by, at=at, person_id=row.client.public_id, fields=fields, reason=reason
    )
