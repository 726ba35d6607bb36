"""つなぎ: what was done, what came of it, and taking a wrong record back. Nothing here is derived."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction

from clients.actions.facts import add_fact, correct_fact, refuse_future
from clients.actions.withdrawal import hold, save, withdraw
from clients.enums import ReferralOutcome
from clients.models import Client, Referral
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
    row = hold(referral)
    row.outcome = outcome
    row.outcome_on = None if outcome == ReferralOutcome.WAITING else on
    row.outcome_note = note
    _refuse_days(row, at)
    return save(row, "referral_answered", ("outcome", "outcome_on", "outcome_note"), by, at)


@transaction.atomic
def follow_referral(
    *, referral: Referral, follow_up: str, on: date, note: str, by: Membership, at: datetime
) -> Referral:
    """もう一度声をかけた: the person can use the service after all, and was told so.

    Raises ValidationError by field.
    """
    row = hold(referral)
    row.follow_up, row.follow_up_on, row.follow_up_note = follow_up, on, note
    _refuse_days(row, at)
    fields = ("follow_up", "follow_up_on", "follow_up_note")
    return save(row, "referral_followed", fields, by, at)


@transaction.atomic
def correct_referral(
    *, referral: Referral, changes: Mapping[str, Any], reason: str, by: Membership, at: datetime
) -> Referral:
    """It was written wrongly; the history keeps what was. Raises ValidationError by field."""
    row = hold(referral)
    refuse_future(at=at, **{name: changes.get(name) for name in DAYS if name in changes})
    correct_fact(row, changes=dict(changes), reason=reason, by=by, at=at)
    return row


@transaction.atomic
def withdraw_referral(*, referral: Referral, reason: str, by: Membership, at: datetime) -> Referral:
    """It never was: the record stays readable as taken back, and asks nobody any more.

    Raises ValidationError without a reason, or where it was taken back before.
    """
    return withdraw(referral, verb="referral_withdrawn", reason=reason, by=by, at=at)


def _refuse_days(row: Referral, at: datetime) -> None:
    refuse_future(at=at, **{name: getattr(row, name) for name in DAYS})
