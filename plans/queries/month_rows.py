"""The rows behind a chunk of months: one query per kind, keyed for look-up.

Named tuples of what months hang on, and no model objects: a close judges a hundred thousand people.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

from django.db.models import Case, QuerySet, When

from clients.models import ClientName, OtherSupport
from clients.queries.other_support import barring_of
from clients.rules.barred import BarringSupport
from plans.models import (
    CapPeriod,
    Certificate,
    Contract,
    Decision,
    Interview,
    ReportShare,
    SupportPlan,
)
from plans.queries.month_values import (
    CapRow,
    ContactRow,
    ContractRow,
    DecisionRow,
    NameRow,
    PlanRow,
    SharedRow,
)
from teikyaku.accounts.models import Municipality
from teikyaku.periods import Month, Period, overlapping
from teikyaku.prepared import Keys, prepared

Row = TypeVar("Row")
# Of a plan that is being made, in the order of PlanRow.
_OF_THE_MAKING = (
    "public_id", "assessed_on", "drafted_on", "meeting_on", "explained_on", "consented_on",
    "consultation_on",
)  # fmt: skip
# By the key of a client or an enrolment, in the order of days.
Keyed = Mapping[int, list[Row]]


@dataclass(frozen=True, slots=True)
class MonthRows:
    """Rows of one chunk over some months in a row."""

    names: Keyed[NameRow]
    decisions: Keyed[DecisionRow]
    municipalities: Mapping[int, str]
    numbers: Mapping[int, str]
    """By decision: 受給者証番号 on its latest paper."""
    caps: Keyed[CapRow]
    contracts: Keyed[ContractRow]
    plans: Keyed[PlanRow]
    contacts: Keyed[ContactRow]
    shared: Mapping[tuple[int, date], SharedRow]
    """By enrolment and first day of the month: when its report was shared with the person."""
    barring: Mapping[int, tuple[BarringSupport, ...]]


def rows_of(ids: Keys, clients: Keys, first: Month, last: Month) -> MonthRows:
    """Everything that the months of these enrolments depend on (ten queries, however many).

    `ids` are the keys of the enrolments, `clients` those of their people.
    """
    span = {"first": first, "last": last}
    decisions = _keyed(DecisionRow, _decisions.tuples(clients=clients, last=last))
    granted = [row for rows in decisions.values() for row in rows]
    return MonthRows(
        names=_keyed(NameRow, _names.tuples(clients=clients, **span)),
        decisions=decisions,
        municipalities=_names_of_municipalities({row.municipality_id for row in granted}),
        numbers=dict(_papers.tuples(decisions=[row.pk for row in granted])),
        caps=_keyed(CapRow, _caps.tuples(clients=clients, **span)),
        contracts=_keyed(ContractRow, _contracts.tuples(clients=clients)),
        plans=_keyed(PlanRow, _plans.tuples(ids=ids)),
        contacts=_keyed(ContactRow, _contacts.tuples(ids=ids, **span)),
        shared=_days_shared(_shared.tuples(ids=ids, **span)),
        barring=_barring_of(clients),
    )


def _days_shared(
    rows: Iterable[tuple[int, date, date]],
) -> Mapping[tuple[int, date], SharedRow]:
    days: dict[tuple[int, date], list[date]] = defaultdict(list)
    for enrolment, month, shared_on in rows:
        days[enrolment, month].append(shared_on)
    return {key: SharedRow(tuple(each)) for key, each in days.items()}


def _keyed(kind: Any, rows: Iterable[tuple[Any, ...]]) -> Mapping[int, list[Any]]:
    found: dict[int, list[Any]] = defaultdict(list)
    for row in map(kind._make, rows):
        found[row[0]].append(row)
    return found


@prepared("clients")
def _names(clients: list[int], first: Month, last: Month) -> QuerySet[Any, Any]:
    ends = Period(first.last_day, last.last_day)
    rows = ClientName.objects.filter(overlapping(ends), client__in=clients)
    return rows.values_list("client_id", "starts_on", "ends_on", "name", "kana")


@prepared("clients")
def _decisions(clients: list[int], last: Month) -> QuerySet[Any, Any]:
    begun = Decision.objects.standing().filter(client__in=clients, starts_on__lte=last.last_day)
    return begun.order_by("starts_on").values_list(
        "client_id", "pk", "public_id", "starts_on", "ends_on", "revoked_on", "granted_until",
        "municipality_id",
    )  # fmt: skip


@prepared("keys")
def _municipalities(keys: list[int]) -> QuerySet[Municipality]:
    return Municipality.objects.filter(pk__in=keys).select_related("city")


def _names_of_municipalities(keys: Collection[int]) -> Mapping[int, str]:
    return {row.pk: row.full_name for row in _municipalities.rows(keys=keys)}


@prepared("clients")
def _caps(clients: list[int], first: Month, last: Month) -> QuerySet[Any, Any]:
    begun = CapPeriod.objects.filter(client__in=clients, first_month__lte=last.first_day)
    # One month more: whose city changed is claimed from the one before, with its cap (`cap_in`).
    held = begun.exclude(last_month__lt=(first - 1).first_day).order_by("first_month")
    return held.values_list(
        "client_id", "municipality_id", "first_month", "last_month", "cap_yen", "is_managed",
        "managing_office_number", "managing_office_name",
    )  # fmt: skip


@prepared("clients")
def _contracts(clients: list[int]) -> QuerySet[Any, Any]:
    return Contract.objects.filter(enrolment__client__in=clients).values_list(
        "enrolment__client", "enrolment", "enrolment__office", "starts_on", "ends_on",
        "initial_addition_month",
    )  # fmt: skip


@prepared("ids")
def _plans(ids: list[int]) -> QuerySet[Any, Any]:
    """Their days alone: the texts are long, and no money hangs on them.

    Of one that was handed over only what it holds for: how it was made is asked of those being made.
    """
    making = [Case(When(handed_over_on=None, then=name)) for name in _OF_THE_MAKING]
    return SupportPlan.objects.filter(enrolment__in=ids, stopped_on=None).values_list(
        "enrolment_id", "starts_on", "review_by", "handed_over_on", *making
    )


@prepared("ids")
def _contacts(ids: list[int], first: Month, last: Month) -> QuerySet[Any, Any]:
    held = Interview.objects.standing().filter(
        enrolment__in=ids, held_on__range=(first.first_day, last.last_day)
    )
    columns = ("enrolment_id", "held_on", "way", "outcome", "day_roles")
    return held.with_day_roles().order_by("held_on", "pk").values_list(*columns)


@prepared("clients")
def _barring(clients: list[int]) -> QuerySet[OtherSupport]:
    return OtherSupport.objects.all().barring().filter(client__in=clients)


def _barring_of(clients: Collection[int]) -> Mapping[int, tuple[BarringSupport, ...]]:
    found: dict[int, list[OtherSupport]] = defaultdict(list)
    for row in _barring.rows(clients=clients):  # few people have one
        found[row.client_id].append(row)
    return {client: barring_of(rows) for client, rows in found.items()}


@prepared("decisions")
def _papers(decisions: list[int]) -> QuerySet[Any, Any]:
    papers = Certificate.objects.filter(decision__in=decisions).order_by("issued_on", "pk")
    return papers.values_list("decision", "recipient_number__number")


@prepared("ids")
def _shared(ids: list[int], first: Month, last: Month) -> QuerySet[Any, Any]:
    # Of whichever version: a correction takes nothing from a month that was earned.
    shares = ReportShare.with_person(
        report__enrolment__in=ids, report__month__range=(first.first_day, last.first_day)
    )
    return shares.values_list("report__enrolment", "report__month", "shared_on")
