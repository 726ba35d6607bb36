"""The rows behind a chunk of months: one query per kind, keyed for look-up."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import F, Min, QuerySet

from clients.models import ClientName, Enrolment, OtherSupport
from plans.models import (
    CapPeriod,
    Certificate,
    Contract,
    Decision,
    Interview,
    ReportShare,
    SupportPlan,
)
from plans.rules.refusal import refusal_in
from teikyaku.accounts.models import Membership, Municipality
from teikyaku.periods import Month, Period, overlapping
from teikyaku.prepared import prepared


@dataclass(frozen=True, slots=True)
class MonthRows:
    """Rows of one chunk and month, by client or enrolment key."""

    names: Mapping[int, ClientName]
    decisions: Mapping[int, list[Decision]]
    numbers: Mapping[int, str]
    caps: Mapping[int, list[CapPeriod]]
    contracts: Mapping[int, list[Contract]]
    plans: Mapping[int, list[SupportPlan]]
    interviews: Mapping[int, list[Interview]]
    refusals: Mapping[int, date]
    shared: Mapping[int, date]
    barring: Mapping[int, list[OtherSupport]]
    offices: Mapping[int, set[int]]
    """By client: the offices with a contract in the month, whoever asks."""


@dataclass(frozen=True, slots=True)
class SpanRows:
    """Rows of one chunk over some months in a row; `of` hands out one month's."""

    names: Mapping[int, list[ClientName]]
    decisions: Mapping[int, list[Decision]]
    numbers: Mapping[int, str]
    caps: Mapping[int, list[CapPeriod]]
    contracts: Mapping[int, list[Contract]]
    plans: Mapping[int, list[SupportPlan]]
    interviews: Mapping[int, list[Interview]]
    shared: Mapping[date, Mapping[int, date]]
    """By month: by enrolment the first day on which its report was shared with the person."""
    barring: Mapping[int, list[OtherSupport]]
    signed: Sequence[tuple[int, int, date, date | None]]
    """Contracts of whichever office: client, office, first and last day."""

    def of(self, month: Month) -> MonthRows:
        """What one month depends on, the same as if it had been read alone."""
        first, last = month.first_day, month.last_day
        interviews = _kept(self.interviews, lambda row: first <= row.held_on <= last)
        offices: dict[int, set[int]] = defaultdict(set)
        for client, office, starts_on, ends_on in self.signed:
            if starts_on <= last and (ends_on is None or first <= ends_on):
                offices[client].add(office)
        names = _kept(
            self.names, lambda n: n.starts_on <= last and (n.ends_on is None or last <= n.ends_on)
        )
        return MonthRows(
            names={client: rows[0] for client, rows in names.items()},
            decisions=_kept(self.decisions, lambda row: row.starts_on <= last),
            numbers=self.numbers,
            caps=_kept(
                self.caps,
                lambda c: c.first_month <= first and (not c.last_month or first <= c.last_month),
            ),
            contracts=self.contracts,
            plans=self.plans,
            interviews=interviews,
            refusals=_refusals(interviews, month),
            shared=self.shared.get(first, {}),
            barring=self.barring,
            offices=offices,
        )


def rows_of(enrolments: Sequence[Enrolment], first: Month, last: Month) -> SpanRows:
    """Everything that the months of these enrolments depend on (eleven queries, however many)."""
    ids = [row.pk for row in enrolments]
    clients = {row.client_id for row in enrolments}
    span = {"first": first, "last": last}
    decisions = _by(_decisions_of(clients, last), "client_id")
    return SpanRows(
        names=_by(_names.rows(clients=clients, **span), "client_id"),
        decisions=decisions,
        numbers=_numbers(decisions),
        caps=_by(_caps.rows(clients=clients, **span), "client_id"),
        contracts=_by(_contracts.rows(ids=ids), "enrolment_id"),
        plans=_by(_plans.rows(ids=ids), "enrolment_id"),
        interviews=_by(_with_staff(_contacts.rows(ids=ids, **span)), "enrolment_id"),
        shared=_shared(ids, first, last),
        barring=_by(_barring.rows(clients=clients), "client_id"),
        signed=_signed.rows(clients=clients, **span),
    )


@prepared("clients")
def _names(clients: list[int], first: Month, last: Month) -> QuerySet[ClientName]:
    ends = Period(first.last_day, last.last_day)
    return ClientName.objects.filter(overlapping(ends), client__in=clients)


@prepared("clients")
def _decisions(clients: list[int], last: Month) -> QuerySet[Decision]:
    begun = Decision.objects.standing().filter(client__in=clients, starts_on__lte=last.last_day)
    return begun.order_by("starts_on")


@prepared("keys")
def _municipalities(keys: list[int]) -> QuerySet[Municipality]:
    return Municipality.objects.filter(pk__in=keys).select_related("city")


def _decisions_of(clients: set[int], last: Month) -> list[Decision]:
    """Decisions with their municipality: a few municipalities, each made once."""
    rows: list[Decision] = _decisions.rows(clients=clients, last=last)
    found = {row.pk: row for row in _municipalities.rows(keys={r.municipality_id for r in rows})}
    for row in rows:
        row.municipality = found[row.municipality_id]
    return rows


@prepared("clients")
def _caps(clients: list[int], first: Month, last: Month) -> QuerySet[CapPeriod]:
    begun = CapPeriod.objects.filter(client__in=clients, first_month__lte=last.first_day)
    return begun.exclude(last_month__lt=first.first_day).order_by("first_month")


@prepared("ids")
def _contracts(ids: list[int]) -> QuerySet[Contract]:
    return Contract.objects.filter(enrolment__in=ids).only(
        "enrolment_id", "starts_on", "ends_on", "initial_addition_month"
    )


@prepared("ids")
def _plans(ids: list[int]) -> QuerySet[SupportPlan]:
    """Their days alone: the texts are long, and no money hangs on them."""
    return SupportPlan.objects.filter(enrolment__in=ids, stopped_on=None).only(
        "public_id", "enrolment_id", "assessed_on", "drafted_on", "meeting_on", "explained_on",
        "consented_on", "handed_over_on", "consultation_on", "starts_on", "review_by", "stopped_on",
    )  # fmt: skip


@prepared("ids")
def _contacts(ids: list[int], first: Month, last: Month) -> QuerySet[Interview]:
    held = Interview.objects.standing().filter(
        enrolment__in=ids, held_on__range=(first.first_day, last.last_day)
    )
    return (
        held.only("enrolment_id", "held_on", "way", "outcome", "met_by_id")
        .annotate(staff_roles=F("met_by__roles"))
        .order_by("held_on", "pk")
    )


def _with_staff(contacts: list[Any]) -> list[Interview]:
    """Who met them at hand with their roles: a few people, each made once."""
    known: dict[int, Membership] = {}
    for row in contacts:
        key = row.met_by_id
        if key not in known:
            known[key] = Membership.from_db(row._state.db, ["id", "roles"], [key, row.staff_roles])
        row.met_by = known[key]
    return contacts


@prepared("clients")
def _barring(clients: list[int]) -> QuerySet[OtherSupport]:
    return OtherSupport.objects.all().barring().filter(client__in=clients)


@prepared("clients")
def _signed(clients: list[int], first: Month, last: Month) -> QuerySet[Any, Any]:
    span = Period(first.first_day, last.last_day)
    signed = Contract.objects.filter(overlapping(span), enrolment__client__in=clients)
    return signed.values_list("enrolment__client", "enrolment__office", "starts_on", "ends_on")


@prepared("decisions")
def _papers(decisions: list[int]) -> QuerySet[Any, Any]:
    papers = Certificate.objects.filter(decision__in=decisions).order_by("issued_on", "pk")
    return papers.values_list("decision", "recipient_number__number")


@prepared("ids")
def _first_shared(ids: list[int], first: Month, last: Month) -> QuerySet[Any, Any]:
    # Of whichever version: a correction takes nothing from a month that was earned.
    shares = ReportShare.with_person(
        report__enrolment__in=ids, report__month__range=(first.first_day, last.first_day)
    )
    return shares.values("report__month", "report__enrolment").annotate(first=Min("shared_on"))


def _kept(rows: Mapping[int, list[Any]], is_kept: Callable[[Any], bool]) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = defaultdict(list)
    for key, each in rows.items():
        if kept := [row for row in each if is_kept(row)]:
            found[key] = kept
    return found


def _by(rows: Iterable[Any], key: str) -> Mapping[int, list[Any]]:
    found: dict[int, list[Any]] = defaultdict(list)
    for row in rows:
        found[getattr(row, key)].append(row)
    return found


def _numbers(decisions: Mapping[int, list[Decision]]) -> Mapping[int, str]:
    ids = [decision.pk for rows in decisions.values() for decision in rows]
    return dict(_papers.rows(decisions=ids))


def _refusals(interviews: Mapping[int, list[Interview]], month: Month) -> Mapping[int, date]:
    found = {key: refusal_in(rows, month) for key, rows in interviews.items()}
    return {key: row.held_on for key, row in found.items() if row is not None}


def _shared(ids: list[int], first: Month, last: Month) -> Mapping[date, Mapping[int, date]]:
    found: dict[date, dict[int, date]] = defaultdict(dict)
    for row in _first_shared.rows(ids=ids, first=first, last=last):
        found[row["report__month"]][row["report__enrolment"]] = row["first"]
    return found
