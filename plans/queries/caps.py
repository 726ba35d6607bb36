"""Which cap counts in a month, and which ones a new cap meets."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from copy import copy
from datetime import date
from hashlib import sha256
from typing import Any

from django.db.models import Max, Q, QuerySet

from clients.models import Client
from clients.rules.cap import CapMonths
from plans.models import CapPeriod, Decision
from plans.rules.caps import RestMonths, bare_months, joined_months, months_holding, rest_after
from teikyaku.accounts.models import Membership, Municipality
from teikyaku.periods import Month
from teikyaku.prepared import prepared

# What a cap says to whoever reads it, beside its months and the reason of its category.
SAID = ("category", "cap_yen", "is_managed", "managing_office_name", "managing_office_number")
# What is shown of a cap that a new one meets.
MET = (
    "first_month", "last_month", "category", "cap_yen", "is_managed", "managing_office_name",
    "managing_office_number",
)  # fmt: skip
# The months of a person that are closed already, each in a few words, from a month to another (or
# without an end). Months are closed above this room: who puts the pages together hands it in.
ClosedMonths = Callable[[Client, Month, Month | None], Sequence[str]]
# Those of its own office, as a reader may know them.
ClosedFor = Callable[[Membership], ClosedMonths]


def none_closed(_client: Client, _first: Month, _last: Month | None) -> tuple[str, ...]:
    """For whoever is not told of closed months."""
    return ()


def cap_for(client: Client, month: Month) -> CapPeriod | None:
    """The cap on file for `month`; None is "not entered", which is not 0 yen."""
    first = month.first_day
    rows = CapPeriod.objects.filter(client=client, first_month__lte=first)
    return rows.exclude(last_month__lt=first).order_by("first_month").last()


def cap_for_or_before(client: Client, month: Month) -> CapPeriod | None:
    """The cap on file for `month`, else the last one that began before it: what a next one goes on from."""
    rows = CapPeriod.objects.filter(client=client, first_month__lte=month.first_day)
    return cap_for(client, month) or rows.order_by("first_month").last()


def latest_decision(client: Client) -> Decision | None:
    """The person's latest decision, in force or not."""
    rows = Decision.objects.standing().filter(client=client).select_related("municipality__city")
    return rows.order_by("starts_on").last()


def granted_months(client: Client, municipality: Municipality, month: Month) -> CapMonths | None:
    """Every month of the decisions in a row that hold `month`; else of the last ones (one query).

    None where the municipality has none on file. A renewal that follows without a gap goes on with
    the months before it: one cap may run through both.
    """
    rows = Decision.objects.standing().filter(client=client, municipality=municipality)
    spans = joined_months(rows.order_by("starts_on").values_list("starts_on", "ends_on"))
    return months_holding(spans, month)


def first_month_without_cap(
    client: Client, first: Month, before: Month, of: Municipality | None = None
) -> Month | None:
    """The first month from `first` on, and before `before`, for which no cap is on file.

    `of`: only the caps of that municipality count, as on its own papers.
    """
    if before <= first:
        return None
    rows = CapPeriod.objects.filter(client=client)
    if of is not None:
        rows = rows.filter(municipality=of)
    bare = bare_months(CapMonths(first, before - 1), map(months_of_cap, rows), before)
    return bare[0].first_month if bare else None


def months_of_cap(cap: CapPeriod) -> tuple[Month, Month | None]:
    """First and last month of a cap; no last one while no end is on file."""
    return Month.of(cap.first_month), Month.of(cap.last_month) if cap.last_month else None


def joined_caps(caps: Iterable[CapPeriod], terms: Sequence[str] = SAID) -> list[CapPeriod]:
    """Caps as they are read, in their order: neighbours that say the same `terms` are one.

    Copies that nobody saves: what is stored stays two rows, each with its own history.
    """
    found: list[CapPeriod] = []
    for cap in caps:
        if found and _goes_on(found[-1], cap, terms):
            found[-1].last_month = cap.last_month
            continue
        found.append(copy(cap))
    return found


def _goes_on(before: CapPeriod, cap: CapPeriod, terms: Sequence[str]) -> bool:
    is_next = before.last_month and Month.of(before.last_month) + 1 == Month.of(cap.first_month)
    return bool(is_next) and all(getattr(before, name) == getattr(cap, name) for name in terms)


def overlapped(client: Client, first_month: date, last_month: date | None) -> list[CapPeriod]:
    """The caps on file that share a month with `first_month` to `last_month`, by month (one query)."""
    rows: list[CapPeriod] = _on_file.rows(client=client.pk)
    found = [
        row
        for row in rows
        if (last_month is None or row.first_month <= last_month)
        and (row.last_month is None or row.last_month >= first_month)
    ]
    for row in found:
        row.client = client
    return found


@prepared("client")
def _on_file(client: int) -> QuerySet[CapPeriod]:
    return CapPeriod.objects.filter(client=client).order_by("first_month")


@prepared("client", "municipality")
def kept_by_ward(client: int, municipality: int) -> QuerySet[Any]:
    """The decisions of a person that the municipality itself keeps here, by key."""
    own = Decision.objects.filter(client=client, municipality=municipality, is_transcribed=False)
    return own.order_by().values_list("pk", flat=True)


def mark_of(caps: Iterable[CapPeriod], first_month: date, last_month: date | None) -> str:
    """A mark of what a cap for these months meets: other `overlapped` caps, or other months, give another.

    It goes along with the tick of whoever was shown `caps`, and is compared with what is on file then.
    """
    met = [(cap.pk, *(getattr(cap, name) for name in MET)) for cap in caps]
    return sha256(repr((first_month, last_month, met)).encode()).hexdigest()


def mark_on_file(client: Client, first_month: date | None, last_month: date | None) -> str:
    """`mark_of` the caps on file; "" while the first month is not known (one query)."""
    if first_month is None:
        return ""
    return mark_of(overlapped(client, first_month, last_month), first_month, last_month)


def replaced(caps: Iterable[CapPeriod], first_month: date) -> list[CapPeriod]:
    """Those among `overlapped` of which a new cap from `first_month` on leaves no earlier month."""
    return [cap for cap in caps if cap.first_month >= first_month]


def set_by_others(caps: Iterable[CapPeriod], municipality: Municipality) -> list[CapPeriod]:
    """Those of `caps` that neither this municipality has set nor a ward whose file it has taken over."""
    found = [cap for cap in caps if cap.municipality_id != municipality.pk]
    if not found:
        return []
    passed = Decision.objects.filter(
        client=found[0].client_id, passed_to=municipality, is_transcribed=False
    ).values_list("municipality_id", flat=True)
    wards = set(passed)
    return [cap for cap in found if cap.municipality_id not in wards]


def same_on_file(
    client: Client, municipality: Municipality, first_month: date, last_month: date | None,
    **terms: Any,
) -> bool:  # fmt: skip
    """Whether a cap of this municipality stands for all these months already, with the same `terms`.

    `terms` are fields of CapPeriod: category, amount, and who manages it.
    """
    rows = client.cap_periods.filter(
        municipality=municipality, first_month__lte=first_month, **terms
    )
    beyond = Q(last_month=None) | (Q(last_month__gte=last_month) if last_month else Q(pk__in=[]))
    return rows.filter(beyond).exists()


def rest_of(
    running: CapPeriod, last_month: date | None, on: date, ends_on: date | None = None
) -> RestMonths | None:
    """What is left of a cap after a new one that ends with `last_month`, asked on a day.

    `ends_on`: the last day of a decision that is being granted and not on file yet.
    """
    decisions = Decision.objects.standing().filter(
        client=running.client_id, municipality=running.municipality_id
    )
    ends = [decisions.aggregate(last=Max("ends_on"))["last"], ends_on]
    known = [day for day in ends if day is not None]
    return rest_after(
        Month.of(running.last_month) if running.last_month else None,
        Month.of(last_month) if last_month else None,
        Month.of(max(known)) if known else None,
        Month.of(on),
    )
