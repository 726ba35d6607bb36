"""The closed months of one person, in a few words, for whoever changes what they were computed from."""

from __future__ import annotations

from billing.models import PersonMonth
from clients.models import Client
from teikyaku.money import yen
from teikyaku.periods import Month


def closed_months(client: Client, first: Month, last: Month | None) -> tuple[str, ...]:
    """Each closed month from `first` to `last` with its office and the cap of that time (one query)."""
    rows = PersonMonth.objects.filter(client=client, month__gte=first.first_day)
    if last is not None:
        rows = rows.filter(month__lte=last.first_day)
    return tuple(
        f"{Month.of(row.month).label}（{row.closing.office.name}、上限額{yen(row.cap_yen)}）"
        for row in rows.select_related("closing__office").order_by("month")
    )
