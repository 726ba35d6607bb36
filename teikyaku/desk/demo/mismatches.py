"""締めた月のくいちがい: two caps became 0 yen retroactively, after their months were closed and claimed."""

from __future__ import annotations

from datetime import datetime, timedelta

from billing.models import PersonMonth
from clients.models import Client
from clients.rules.kinds import Category
from plans.actions.caps import Cap, add_cap_period, is_kept_by_ward
from plans.models import CapPeriod
from plans.queries.caps import mark_of, overlapped
from teikyaku.accounts.models import Membership
from teikyaku.accounts.roles import Role
from teikyaku.clock import at_noon
from teikyaku.desk.demo.places import City
from teikyaku.periods import Month

# When the new certificate came, and of how many closed months the cap is another: person by person.
KNOWN_DAYS = 3
CLOSED_MONTHS = (3, 1)
REASON = "税の更正で非課税になった（遡って適用）"


def change_caps_late(city: City) -> None:
    """In the first office; nobody has put the months right yet."""
    last = Month.of(city.today) - 2
    manager = city.of_office(0, Role.SERVICE_MANAGER)[0]
    at = at_noon(city.today - timedelta(days=KNOWN_DAYS))
    people = _people(city, last)
    for cap, months in zip(people, CLOSED_MONTHS, strict=False):
        _nothing_to_pay(cap, last - months + 1, manager, at)


def _people(city: City, last: Month) -> list[CapPeriod]:
    """The caps, set by the office, of whoever paid something in each of the last closed months."""
    first = last - max(CLOSED_MONTHS) + 1
    office = city.offices[0]
    rows = PersonMonth.objects.standing().filter(
        closing__office=office, month__range=(first.first_day, last.first_day), cap_result=None,
        edition=1, copayment_yen__gt=0, subsidy_yen=0,
    )  # fmt: skip
    months = list(rows.values_list("client", flat=True))
    paying = {client for client in months if months.count(client) == max(CLOSED_MONTHS)}
    caps = CapPeriod.objects.filter(
        client__in=paying, first_month__lte=first.first_day, is_managed=False,
        recorded_by__office=office,
    ).select_related("client", "municipality")  # fmt: skip
    return [
        cap for cap in caps.order_by("cap_yen", "-pk")
        if (cap.last_month is None or cap.last_month >= last.first_day)
        and not is_kept_by_ward(cap.client, cap.municipality)
    ]  # fmt: skip


def _nothing_to_pay(cap: CapPeriod, month: Month, by: Membership, at: datetime) -> None:
    client: Client = cap.client
    new = Cap(month.first_day, cap.last_month, Category.LOW_INCOME, 0, category_reason=REASON)
    seen = mark_of(
        overlapped(client, new.first_month, new.last_month), new.first_month, new.last_month
    )
    add_cap_period(client=client, municipality=cap.municipality, cap=new, by=by, at=at, seen=seen)
