"""代理受領通知書: for whom one can be issued, which one holds."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import F, QuerySet

from billing.models import ClaimPayment, PersonMonth, ProxyNotice, standing_q
from teikyaku.accounts.models import Office
from teikyaku.periods import Month
from teikyaku.prepared import prepared


def notices_due(office: Office, month: Month) -> QuerySet[Any]:
    """What was paid for the month of service and was not told to the person yet.

    Not of who has died: whether and to whom such a notice goes is decided one by one.
    """
    return (
        ClaimPayment.objects.standing()
        .filter(
            standing_q("entry__person_month"),
            entry__person_month__closing__office=office,
            entry__person_month__month=month.first_day,
            amount_yen__gt=F("entry__person_month__subsidy_yen"),
            entry__person_month__client__died_on=None,
            notice=None,
        )
        .order_by("pk")
    )


def living_notice(office: int, client: int, month: date) -> ProxyNotice | None:
    """The notice of a person's month of service that no other replaced (one query).

    `office` and `client` are keys.
    """
    return next(iter(_living.rows(office=office, client=client, month=month)), None)


@prepared("office", "client")
def _living(office: int, client: int, month: date) -> QuerySet[ProxyNotice]:
    rows = ProxyNotice.objects.filter(
        payment__entry__person_month__closing__office=office,
        payment__entry__person_month__client=client,
        payment__entry__person_month__month=month,
        document__replaced_by=None,
    )
    return rows.select_related("document", "payment__entry").order_by("pk")[:1]


def notice_of(row: PersonMonth) -> ProxyNotice | None:
    """The notice of a closed month that holds; also one whose payment was taken back since."""
    return living_notice(row.closing.office_id, row.client_id, row.month)
