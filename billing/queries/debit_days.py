"""口座振替: on which day a person's open money is debited, as papers tell it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db.models import Q

from billing.models import DebitAccount, DebitSetting
from billing.rules.direct_debit import next_debit_day
from clients.models import Client
from teikyaku.accounts.models import Office


def next_day(office: Office, on: date) -> date | None:
    """The next debit day of the office; None without a contract with its bank (one query)."""
    setting = DebitSetting.objects.filter(office=office).first()
    return next_debit_day(on, setting.usual_day, setting.lead_days) if setting else None


def debit_days(office: Office, clients: Iterable[int], on: date) -> dict[int, date]:
    """By client (keys), the next debit day of those who have an account on it (two queries)."""
    day = next_day(office, on)
    if day is None:
        return {}
    rows = DebitAccount.objects.filter(
        Q(ends_on=None) | Q(ends_on__gte=day), office=office, client__in=list(clients),
        starts_on__lte=day, client__died_on=None,
    )  # fmt: skip
    return dict.fromkeys(rows.values_list("client", flat=True), day)


def debit_day(office: Office, client: Client, on: date) -> date | None:
    """The same of one person."""
    return debit_days(office, [client.pk], on).get(client.pk)
