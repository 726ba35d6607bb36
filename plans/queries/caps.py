"""Which cap counts in a month."""

from __future__ import annotations

from clients.models import Client
from plans.models import CapPeriod, Decision
from teikyaku.periods import Month


def cap_for(client: Client, month: Month) -> CapPeriod | None:
    """The cap on file for `month`; None is "not entered", which is not 0 yen."""
    first = month.first_day
    rows = CapPeriod.objects.filter(client=client, first_month__lte=first)
    return rows.exclude(last_month__lt=first).order_by("first_month").last()


def latest_decision(client: Client) -> Decision | None:
    """The person's latest decision, in force or not."""
    rows = Decision.objects.filter(client=client).select_related("municipality__city")
    return rows.order_by("starts_on").last()
