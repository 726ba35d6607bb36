"""The rows behind a chunk of months: one query per kind, keyed for look-up."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Min, QuerySet

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
from plans.rules.kinds import ContactOutcome
from teikyaku.periods import Month, Period, in_force, overlapping


@dataclass(frozen=True, slots=True)
class MonthRows:
    """Rows of one chunk, by client or enrolment key."""

    names: Mapping[int, ClientName]
    decisions: Mapping[int, list[Decision]]
    numbers: Mapping[int, str]
    caps: Mapping[int, list[CapPeriod]]
    contracts: Mapping[int, list[Contract]]
    plans: Mapping[int, list[SupportPlan]]
    interviews: Mapping[int, list[Interview]]
    refusals: Mapping[int, date]
    shared: Mapping[int, date]
    subsidised: Mapping[int, list[OtherSupport]]
    offices: Mapping[int, set[int]]
    """By client: the offices with a contract in the month, whoever asks."""


def rows_of(enrolments: Sequence[Enrolment], month: Month) -> MonthRows:
    """Everything that the month of these enrolments depends on (eleven queries)."""
    ids = [row.pk for row in enrolments]
    clients = {row.client_id for row in enrolments}
    decisions = _by(
        Decision.objects.filter(client__in=clients, starts_on__lte=month.last_day)
        .select_related("municipality__city")
        .order_by("starts_on"),
        "client_id",
    )
    contacts = (
        Interview.objects.filter(
            enrolment__in=ids,
            held_on__range=(month.first_day, month.last_day),
            replaced_by=None,
        )
        .select_related("met_by")
        .only("enrolment_id", "held_on", "way", "outcome", "met_by__roles")
    )
    interviews = _by(contacts.order_by("held_on", "pk"), "enrolment_id")
    return MonthRows(
        names={
            name.client_id: name
            for name in ClientName.objects.filter(in_force(month.last_day), client__in=clients)
        },
        decisions=decisions,
        numbers=_numbers(decisions),
        caps=_by(_caps(clients, month), "client_id"),
        contracts=_by(Contract.objects.filter(enrolment__in=ids), "enrolment_id"),
        plans=_by(SupportPlan.objects.filter(enrolment__in=ids), "enrolment_id"),
        interviews=interviews,
        refusals=_refusals(interviews),
        shared=_shared(ids, month),
        subsidised=_by(
            OtherSupport.objects.filter(client__in=clients, is_subsidised=True), "client_id"
        ),
        offices=_offices(clients, month),
    )


def _by(rows: QuerySet[Any] | Iterable[Any], key: str) -> Mapping[int, list[Any]]:
    found: dict[int, list[Any]] = defaultdict(list)
    for row in rows:
        found[getattr(row, key)].append(row)
    return found


def _numbers(decisions: Mapping[int, list[Decision]]) -> Mapping[int, str]:
    ids = [decision.pk for rows in decisions.values() for decision in rows]
    papers = Certificate.objects.filter(decision__in=ids).select_related("recipient_number")
    return {
        paper.decision_id: paper.recipient_number.number
        for paper in papers.order_by("issued_on", "pk")
    }


def _refusals(interviews: Mapping[int, list[Interview]]) -> Mapping[int, date]:
    return {
        enrolment: row.held_on
        for enrolment, rows in interviews.items()
        for row in rows
        if row.outcome == ContactOutcome.REFUSED
    }


def _caps(clients: set[int], month: Month) -> QuerySet[CapPeriod]:
    first = month.first_day
    begun = CapPeriod.objects.filter(client__in=clients, first_month__lte=first)
    return begun.exclude(last_month__lt=first).order_by("first_month")


def _offices(clients: set[int], month: Month) -> Mapping[int, set[int]]:
    whole = Period(month.first_day, month.last_day)
    signed = Contract.objects.filter(overlapping(whole), enrolment__client__in=clients)
    found: dict[int, set[int]] = defaultdict(set)
    for client, office in signed.values_list("enrolment__client", "enrolment__office"):
        found[client].add(office)
    return found


def _shared(ids: list[int], month: Month) -> Mapping[int, date]:
    shares = ReportShare.objects.filter(
        report__enrolment__in=ids,
        report__month=month.first_day,
        recipient=ReportShare.Recipient.PERSON,
    )
    firsts = shares.values("report__enrolment").annotate(first=Min("shared_on"))
    return {row["report__enrolment"]: row["first"] for row in firsts}
