"""The ward's queue: open applications by whose turn it is, and decisions that run out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from clients.models import ClientName
from plans.models import Application, Decision, ServiceUsePlan
from plans.queries.path import facts_of_application
from plans.rules.path import PathStep, Turn, next_step, whose_turn
from teikyaku.accounts.models import Municipality
from teikyaku.periods import in_force

ENDING_DAYS = 60
SMALL = 5


@dataclass(frozen=True, slots=True)
class QueueRow:
    """One open application: whose turn, what comes next, how long it has waited."""

    application: Application
    name: str
    kana: str
    turn: Turn
    step: PathStep | None
    waiting_days: int


def queue_rows(
    applications: QuerySet[Application],
    on: date,
    without: tuple[Turn, ...] = (Turn.NONE, Turn.PROVIDER),
    at_most: int | None = None,
) -> list[QueueRow]:
    """Applications that wait, the oldest first, but for the turns `without` (four queries).

    `at_most`: read no more than so many applications.
    """
    rows = list(
        applications.filter(_waits(on, without))
        .select_related("client", "survey", "decision")
        .prefetch_related("service_use_plans", "decision__certificates")
        .order_by("received_on", "pk")[:at_most]
    )
    names = names_of([row.client_id for row in rows], on)
    found = [_row(row, names.get(row.client_id), on) for row in rows]
    return [row for row in found if row.turn not in without]


def _waits(on: date, without: tuple[Turn, ...]) -> Q:
    """Undecided ones, and granted ones whose decision still runs.

    Where the provider's turn is not asked for, a granted one waits until its final plan is there:
    otherwise every settled application of past years would be read.
    """
    granted = Q(outcome=Application.Outcome.GRANTED, decision__ends_on__gte=on)
    if Turn.PROVIDER in without:
        final = ServiceUsePlan.objects.filter(
            application=OuterRef("pk"), stage=ServiceUsePlan.Stage.FINAL
        )
        granted &= ~Q(Exists(final))
    return Q(outcome="") | granted


def names_of(client_ids: list[int], on: date) -> dict[int, ClientName]:
    """The names in force on a day (one query)."""
    rows = ClientName.objects.filter(in_force(on), client__in=client_ids)
    return {row.client_id: row for row in rows}


def _row(row: Application, name: ClientName | None, on: date) -> QueueRow:
    facts = facts_of_application(row)
    last = max(
        day
        for day in (facts.applied_on, facts.surveyed_on, facts.proposal_on, facts.decided_on)
        if day is not None
    )
    return QueueRow(
        application=row,
        name=name.name if name else "",
        kana=name.kana if name else "",
        turn=whose_turn(facts),
        step=next_step(facts),
        waiting_days=(on - last).days,
    )


def ending_decisions(decisions: QuerySet[Decision], on: date) -> QuerySet[Decision]:
    """Decisions of the ward that end within 60 days."""
    until = on + timedelta(days=ENDING_DAYS)
    return (
        decisions.filter(ends_on__range=(on, until))
        .select_related("client")
        .order_by("ends_on", "pk")
    )


@dataclass(frozen=True, slots=True)
class WardFigures:
    """Counts of one ward; None where a count is too small to show."""

    name: str
    open: int | None
    granted: int | None
    refused: int | None
    withdrawn: int | None
    in_force: int | None


def ward_figures(on: date) -> list[WardFigures]:
    """Every ward's counts for the city; counts below 5 are not shown (two queries)."""
    wards = Municipality.objects.filter(kind=Municipality.Kind.WARD).select_related("city")
    decided = dict(
        Decision.objects.in_force(on)
        .values_list("municipality")
        .annotate(n=Count("pk"))
        .values_list("municipality", "n")
    )
    counted = wards.annotate(
        open=Count("applications", filter=Q(applications__outcome="")),
        granted=Count("applications", filter=Q(applications__outcome="granted")),
        refused=Count("applications", filter=Q(applications__outcome="refused")),
        withdrawn=Count("applications", filter=Q(applications__outcome="withdrawn")),
    )
    return [_figures(ward, decided.get(ward.pk, 0)) for ward in counted.order_by("code")]


def _figures(ward: Any, in_force_count: int) -> WardFigures:
    return WardFigures(
        name=ward.full_name,
        open=_shown(ward.open),
        granted=_shown(ward.granted),
        refused=_shown(ward.refused),
        withdrawn=_shown(ward.withdrawn),
        in_force=_shown(in_force_count),
    )


def _shown(count: int) -> int | None:
    return count if count == 0 or count >= SMALL else None
