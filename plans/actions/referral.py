"""つなぎ with its derived days: whoever can use the service after all is found again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from clients.actions import referral as referrals
from clients.actions.screening import keep_screening
from clients.models import Client, Referral, Screening
from clients.rules.screening import ScreeningResult
from plans.actions import application as applications
from plans.models import Application
from plans.queries.referral_days import differing_referrals
from teikyaku.accounts.models import Membership
from teikyaku.prepared import prepared


def store_days(rows: Iterable[Referral]) -> None:
    """Store from when to when these people could use the service. The one writer of these columns."""
    for row, days in differing_referrals(rows):
        stored = (days.starts_on, days.ends_on) if days else (None, None)
        row.eligible_from, row.eligible_until = stored
        Referral.objects.filter(pk=row.pk).update(eligible_from=stored[0], eligible_until=stored[1])


def refresh_referrals(client: Client) -> None:
    """After any fact that moves it; call in the action's transaction (one query where nobody was led)."""
    if _led.rows(client=client.pk):
        standing = Referral.objects.filter(client=client, withdrawn_at=None)
        store_days(standing.select_related("client"))


@prepared("client")
def _led(client: int) -> QuerySet[Any, Any]:
    rows = Referral.objects.filter(client=client, withdrawn_at=None)
    return rows.order_by().values_list("pk", flat=True)


@transaction.atomic
def refer(
    *, client: Client, centre: str, referred_on: date, by: Membership, at: datetime, **more: Any
) -> Referral:
    """As `clients.actions.referral.record_referral`, and from when the service could be used."""
    row = referrals.record_referral(
        client=client, centre=centre, referred_on=referred_on, by=by, at=at, **more
    )
    store_days([row])
    return row


@transaction.atomic
def correct_referral(
    *, referral: Referral, changes: Mapping[str, Any], reason: str, by: Membership, at: datetime
) -> Referral:
    """As in clients: another day of referring can make it another window."""
    row = referrals.correct_referral(
        referral=referral, changes=changes, reason=reason, by=by, at=at
    )
    store_days([row])
    return row


@transaction.atomic
def keep_asked(
    *,
    client: Client,
    answers: dict[str, Any],
    result: ScreeningResult,
    by: Membership,
    at: datetime,
) -> Screening:
    """A screening is kept; what was asked in it may find a referred person again, or not any more."""
    row = keep_screening(client=client, answers=answers, result=result, by=by, at=at)
    refresh_referrals(client)
    return row


@transaction.atomic
def end_application(
    *, application: Application, by: Membership, at: datetime, **facts: Any
) -> Application:
    """As in `application`: from here on the ward's own referral asks again, by what is known now."""
    row = applications.end_application(application=application, by=by, at=at, **facts)
    refresh_referrals(row.client)
    return row
