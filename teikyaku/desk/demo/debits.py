"""口座振替: the first office has its contract, and whoever pays by debit an account; all fictional."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db.models import Q

from billing.actions.direct_debit import record_account, record_setting
from billing.enums import PaymentWay
from billing.models import Payment
from billing.queries.payments import open_invoices
from clients.models import Client, ClientName
from teikyaku.accounts.models import Membership
from teikyaku.accounts.roles import Permission
from teikyaku.clock import at_noon
from teikyaku.desk.demo.places import City

CONSENTED_DAYS = 150
BANK: dict[str, Any] = {
    "bank_code": "9999", "bank_name": "ｶｸｳ", "branch_code": "001", "branch_name": "ﾎﾝﾃﾝ", "kind": "1",
}  # fmt: skip


def debit_some(city: City) -> None:
    """Accounts of those who paid by debit, so that the next file can be made with one press."""
    office, on = city.offices[0], city.today - timedelta(days=CONSENTED_DAYS)
    closer: Membership = next(
        m for m in city.staff.values()
        if m.office_id == office.pk and m.may(Permission.MONTH_CLOSE)
    )  # fmt: skip
    record_setting(
        office=office, collector_code="0000000001", collector_name="ｶｸｳﾎｳｼﾞﾝ", number="0000001",
        ends_lines=False, lead_days=7, by=closer, at=at_noon(on), **BANK,
    )  # fmt: skip
    paying = Payment.objects.filter(way=PaymentWay.DEBIT, invoice__enrolment__office=office).values(
        "invoice__enrolment__client"
    )
    # Of what is not due yet some is debited next, so that there is a file to make.
    coming = open_invoices(office).filter(due_on__gte=city.today).values("enrolment__client")
    people = Client.objects.filter(Q(pk__in=paying) | Q(pk__in=coming), died_on=None).order_by("pk")
    for number, client in enumerate(people, 1):
        name = ClientName.objects.filter(client=client).latest("starts_on")
        record_account(
            client=client, office=office, number=f"{number:07d}", holder_kana=name.kana,
            consented_on=on, starts_on=on, by=closer, at=at_noon(on), **BANK,
        )  # fmt: skip
