"""Which cap counts in a month."""

from __future__ import annotations

from clients.models import Client
from clients.rules.cap import CapMonths
from plans.models import CapPeriod, Decision
from plans.rules.caps import joined_months
from teikyaku.accounts.models import Municipality
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


def granted_months(client: Client, municipality: Municipality, month: Month) -> CapMonths | None:
    """Every month of the decisions in a row that hold `month`; else of the last ones (one query).

    None where the municipality has none on file. A renewal that follows without a gap goes on with
    the months before it: one cap may run through both.
    """
    rows = Decision.objects.filter(client=client, municipality=municipality)
    spans = joined_months(rows.order_by("starts_on").values_list("starts_on", "ends_on"))
    holding = (span for span in spans if span.contains(month))
    return next(holding, spans[-1] if spans else None)


def first_month_without_cap(client: Client, first: Month, before: Month) -> Month | None:
    """The first month from `first` on, and before `before`, for which no cap is on file."""
    rows = list(CapPeriod.objects.filter(client=client))
    for month in Month.span(first, before - 1):
        day = month.first_day
        if not any(
            row.first_month <= day and (row.last_month is None or day <= row.last_month)
            for row in rows
        ):
            return month
    return None
