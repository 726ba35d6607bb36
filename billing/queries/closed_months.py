"""The closed months of one person, in a few words, for whoever changes what they were computed from."""

from __future__ import annotations

from collections.abc import Iterable

from billing.models import PersonMonth
from clients.models import Client
from plans.queries.caps import ClosedMonths
from teikyaku.accounts.models import Membership
from teikyaku.accounts.roles import Permission
from teikyaku.money import yen
from teikyaku.periods import Month


def closed_months(client: Client, first: Month, last: Month | None) -> tuple[str, ...]:
    """Each closed month from `first` to `last` with its office and the cap of that time (one query)."""
    return tuple(text for _month, text in closed_by_client([client.pk], first, last)[client.pk])


def closed_for(reader: Membership) -> ClosedMonths:
    """As `closed_months`, for an office: its own closed months, with their yen for who may read them."""
    may_read = reader.may(Permission.MONTH_READ)

    def closed(client: Client, first: Month, last: Month | None) -> tuple[str, ...]:
        rows = PersonMonth.objects.standing().filter(
            client=client, closing__office=reader.office_id, month__gte=first.first_day
        )
        if last is not None:
            rows = rows.filter(month__lte=last.first_day)
        return tuple(_own_words(row, may_read) for row in rows.order_by("month"))

    return closed


def _own_words(row: PersonMonth, may_read: bool) -> str:
    label = Month.of(row.month).label
    if not may_read:
        return label
    return f"{label}（給付費{yen(row.benefit_yen)}、利用者負担{yen(row.copayment_yen)}）"


def closed_by_client(
    clients: Iterable[int], first: Month, last: Month | None
) -> dict[int, list[tuple[Month, str]]]:
    """As `closed_months` for many people by key, each month beside its words (one query)."""
    found: dict[int, list[tuple[Month, str]]] = {key: [] for key in clients}
    rows = PersonMonth.objects.standing().filter(client__in=list(found), month__gte=first.first_day)
    if last is not None:
        rows = rows.filter(month__lte=last.first_day)
    for row in rows.select_related("closing__office").order_by("month"):
        month = Month.of(row.month)
        text = f"{month.label}（{row.closing.office.name}、上限額{yen(row.cap_yen)}）"
        found[row.client_id].append((month, text))
    return found
