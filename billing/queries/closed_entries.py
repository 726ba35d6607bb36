"""Whose month is frozen, with the sums that were closed: what a board shows beside who is judged."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import QuerySet

from billing.models import PersonMonth
from clients.models import ClientName
from teikyaku.accounts.models import Municipality, Office
from teikyaku.periods import Month, Period, overlapping
from teikyaku.prepared import prepared

_Name = tuple[str, str, date, date | None]


@dataclass(frozen=True, slots=True)
class ClosedEntry:
    """One person's closed month: the frozen sums, whatever today's facts would say."""

    public_id: UUID
    client_public_id: UUID
    enrolment_id: int
    person_month_id: int
    name: str
    kana: str
    certificate_number: str
    municipality: str
    units: int
    total_cost_yen: int
    copayment_yen: int
    benefit_yen: int
    payable_yen: int
    """What the person pays: the copayment less a subsidy."""
    is_corrected: bool = False
    is_withdrawn: bool = False


class _Row(NamedTuple):
    """A closed month as it is read: keys, then sums in yen."""

    pk: int
    public_id: UUID
    enrolment: int
    client: int
    person: UUID
    office: int
    month: date
    municipality: int
    certificate_number: str
    units: int
    total_cost_yen: int
    copayment_yen: int
    subsidy_yen: int
    benefit_yen: int
    replaces: int | None
    is_withdrawn: bool


def closed_entries(
    offices: Sequence[Office], first: Month, last: Month
) -> dict[tuple[int, Month], tuple[ClosedEntry, ...]]:
    """Whose month is frozen, by kana, also when they have left since (three queries).

    By office and month. The last row of each: withdrawn months are among them.
    """
    keys = [office.pk for office in offices]
    rows = [_Row(*row) for row in _rows.rows(offices=keys, first=first, last=last)]
    names: dict[int, list[_Name]] = defaultdict(list)
    for client, *name in _names.rows(clients={row.client for row in rows}, first=first, last=last):
        names[client].append((name[0], name[1], name[2], name[3]))
    places = _place_names({row.municipality for row in rows})
    found: dict[tuple[int, Month], list[ClosedEntry]] = defaultdict(list)
    for row in rows:
        month = Month.of(row.month)
        entry = _entry(row, _name_on(names[row.client], month.last_day), places)
        found[row.office, month].append(entry)
    return {
        (office.pk, month): tuple(
            sorted(found[office.pk, month], key=lambda entry: (entry.kana, entry.enrolment_id))
        )
        for office in offices
        for month in Month.span(first, last)
    }


@prepared("offices")
def _rows(offices: list[int], first: Month, last: Month) -> QuerySet[Any, Any]:
    rows = PersonMonth.objects.newest().filter(
        closing__office__in=offices, month__range=(first.first_day, last.first_day)
    )
    return rows.order_by().values_list(
        "pk", "public_id", "enrolment", "client", "client__public_id", "closing__office", "month",
        "municipality", "certificate_number", "units", "total_cost_yen", "copayment_yen",
        "subsidy_yen", "benefit_yen", "replaces", "is_withdrawn",
    )  # fmt: skip


@prepared("clients")
def _names(clients: list[int], first: Month, last: Month) -> QuerySet[Any, Any]:
    span = Period(first.last_day, last.last_day)
    rows = ClientName.objects.filter(overlapping(span), client__in=clients)
    return rows.values_list("client", "name", "kana", "starts_on", "ends_on")


def _place_names(keys: set[int]) -> dict[int, str]:
    return {place.pk: place.full_name for place in _places.rows(keys=keys)}


@prepared("keys")
def _places(keys: list[int]) -> QuerySet[Municipality]:
    return Municipality.objects.filter(pk__in=keys).select_related("city")


def _entry(row: _Row, name: tuple[str, str], places: dict[int, str]) -> ClosedEntry:
    return ClosedEntry(
        public_id=row.public_id,
        client_public_id=row.person,
        enrolment_id=row.enrolment,
        person_month_id=row.pk,
        name=name[0],
        kana=name[1],
        certificate_number=row.certificate_number,
        municipality=places[row.municipality],
        units=row.units,
        total_cost_yen=row.total_cost_yen,
        copayment_yen=row.copayment_yen,
        benefit_yen=row.benefit_yen,
        payable_yen=row.copayment_yen - row.subsidy_yen,
        is_corrected=row.replaces is not None,
        is_withdrawn=row.is_withdrawn,
    )


def _name_on(names: list[_Name], on: date) -> tuple[str, str]:
    """Name and kana on a day; empty where none is on file."""
    for name, kana, starts_on, ends_on in names:
        if Period(starts_on, ends_on).contains(on):
            return name, kana
    return "", ""
