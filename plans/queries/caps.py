"""Which cap counts in a month."""

from __future__ import annotations

from clients.models import Client
from plans.models import CapPeriod
from teikyaku.periods import Month


def cap_for(client: Client, month: Month) -> CapPeriod | None:
    """The cap on file for `month`; None is "not entered", which is not 0 yen."""
    first = month.first_day
    rows = CapPeriod.objects.filter(client=client, first_month__lte=first)
    return rows.exclude(last_month__lt=first).order_by("first_month").last()
