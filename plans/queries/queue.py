"""The ward's queue: open applications by whose turn it is, and decisions that run out."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from clients.models import ClientName
from clients.queries.subject import names_of
from plans.models import Application, Decision, ServiceUsePlan
from plans.queries.path import path_facts_of, with_path
from plans.rules.path import PathStep, Turn, next_step, whose_turn
from teikyaku.accounts.models import Municipality

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


_PLANS = ServiceUsePlan.objects.filter(application=OuterRef("pk"))
_PROPOSED = Exists(_PLANS.filter(stage=ServiceUsePlan.Stage.PROPOSED))
_FINAL = Exists(_PLANS.filter(stage=ServiceUsePlan.Stage.FINAL))


def turn_q(turn: Turn, on: date) -> Q:
    """The applications in which it is the ward's, or the consultation office's, turn on `on`.

    The same answer as plans.rules.path.whose_turn, for lists; a granted application waits while its
    decision runs.
    """
    heard = Q(survey__isnull=False)
    undecided = Q(outcome="")
    granted = Q(outcome=Application.Outcome.GRANTED, decision__ends_on__gte=on)
    answers = {
        Turn.WARD: undecided & (~heard | Q(_PROPOSED)),
        Turn.CONSULTATION: (undecided & heard & ~Q(_PROPOSED)) | (granted & ~Q(_FINAL)),
    }
    return answers[turn]


QUEUE_TURNS = (Turn.WARD, Turn.CONSULTATION)


def queue(applications: QuerySet[Application], on: date, *turns: Turn) -> QuerySet[Application]:
    """Applications that wait for one of `turns` (for any without), the oldest first."""
    wanted = Q()
    for turn in turns or QUEUE_TURNS:
        wanted |= turn_q(turn, on)
    return _with_path(applications.filter(wanted))


def queue_counts(applications: QuerySet[Application], on: date) -> dict[Turn, int]:
    """How many wait for whom (one query)."""
    found = applications.aggregate(
        **{turn.value: Count("pk", filter=turn_q(turn, on)) for turn in QUEUE_TURNS}
    )
    return {turn: found[turn.value] for turn in QUEUE_TURNS}


def queue_rows(applications: Iterable[Application], on: date) -> list[QueueRow]:
    """The rows of a page of `queue` (one query for the names)."""
    rows = list(applications)
    names = names_of([row.client_id for row in rows], on)
    return [_row(row, names.get(row.client_id), on) for row in rows]


def paths_of_waiting(
    applications: QuerySet[Application], on: date, *, at_most: int
) -> list[QueueRow]:
    """The oldest applications on the way to use, whoever's turn it is; settled ones left out."""
    running = Q(outcome="") | Q(outcome=Application.Outcome.GRANTED, decision__ends_on__gte=on)
    rows = queue_rows(_with_path(applications.filter(running))[:at_most], on)
    return [row for row in rows if row.turn != Turn.NONE]


def _with_path(applications: QuerySet[Application]) -> QuerySet[Application]:
    return with_path(applications).order_by("received_on", "pk")


def _row(row: Application, name: ClientName | None, on: date) -> QueueRow:
    facts = path_facts_of(row)
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
