"""The ward's queue: open applications by whose turn it is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import reduce
from operator import or_

from django.db.models import Case, Count, Exists, F, OuterRef, Q, QuerySet, When
from django.db.models.functions import Coalesce, Greatest
from django.utils.translation import gettext as _

from clients.models import ClientName
from clients.queries.subject import names_of
from plans.models import Application, CompletionRequest, Contract, PendingGrant, ServiceUsePlan
from plans.queries.path import path_facts_of, with_path
from plans.rules.path import PathStep, Turn, next_step, whose_turn

# Waiting so many days is worth a colour.
LONG_DAYS, VERY_LONG_DAYS = 14, 30
Counts = dict[str, Count]  # by the turn's name


@dataclass(frozen=True, slots=True)
class QueueRow:
    """One open application: whose turn, what comes next, how long it has waited."""

    application: Application
    name: str
    kana: str
    turn: Turn
    step: PathStep | None
    waiting_days: int
    """Since the last step."""
    since: str = ""
    """What that step was."""
    wanted: str = ""
    """What the ward asked for and what is not there yet, in its words."""
    phone: str = ""
    """Where the person can be rung up, while it is their turn."""
    phone_of: str = ""
    """Whose number that is, where not the person's own."""
    awaits_second: bool = False
    """A grant is written, and another officer has to look at it."""

    @property
    def step_label(self) -> str:
        """What comes next, in words."""
        if self.awaits_second:
            return _("二人目の確認")
        return self.step.label if self.step else ""

    @property
    def tone(self) -> str:
        """How long it has waited, as a tone."""
        if self.waiting_days >= VERY_LONG_DAYS:
            return "danger"
        return "warning" if self.waiting_days >= LONG_DAYS else "neutral"


_PLANS = ServiceUsePlan.objects.filter(application=OuterRef("pk"))
_PROPOSED = Exists(_PLANS.filter(stage=ServiceUsePlan.Stage.PROPOSED))
_FINAL = Exists(_PLANS.filter(stage=ServiceUsePlan.Stage.FINAL))
_WRITTEN = Exists(PendingGrant.objects.filter(application=OuterRef("pk"), outcome=""))
_SENT_BACK = Exists(CompletionRequest.objects.filter(application=OuterRef("pk"), answered_on=None))
# 契約内容報告書 is all that a ward learns of a contract.
_REPORTED = Exists(
    Contract.objects.filter(
        enrolment__client=OuterRef("client"),
        reported_on__isnull=False,
        starts_on__lte=OuterRef("decision__ends_on"),
    ).filter(Q(ends_on__isnull=True) | Q(ends_on__gte=OuterRef("decision__starts_on")))
)


def turn_q(turn: Turn, on: date) -> Q:
    """The applications in which it is somebody's turn on `on`.

    The same answer as plans.rules.path.whose_turn, for lists; a granted application waits while its
    decision runs and was not revoked, for a provider until the contract was reported to the ward.
    """
    is_open, runs = Q(outcome=""), _runs_q(on)
    parts = [is_open & _OPEN[turn]] if turn in _OPEN else []
    parts += [runs & _GRANTED[turn]] if turn in _GRANTED else []
    return reduce(or_, parts)


_HEARD = Q(survey__isnull=False)
# Whose turn it is while nothing is decided, and once it is granted.
_OPEN = {
    Turn.PERSON: Q(_SENT_BACK),
    Turn.WARD: ~Q(_SENT_BACK) & (~_HEARD | Q(_PROPOSED)),
    Turn.CONSULTATION: ~Q(_SENT_BACK) & _HEARD & ~Q(_PROPOSED),
}
_GRANTED = {
    Turn.CONSULTATION: ~Q(_FINAL),
    Turn.PROVIDER: Q(_FINAL) & ~Q(_REPORTED),
}


def _runs_q(on: date) -> Q:
    """Granted, and somebody may still be waited for: the decision runs and nobody has revoked it."""
    return Q(
        outcome=Application.Outcome.GRANTED,
        decision__ends_on__gte=on,
        decision__revoked_on__isnull=True,
    )


OPEN_TURNS, GRANTED_TURNS = tuple(_OPEN), tuple(_GRANTED)
QUEUE_TURNS = (Turn.WARD, Turn.PERSON, Turn.CONSULTATION, Turn.PROVIDER)
# Without a choice: what the ward itself moves on. A contract that nobody reported waits apart.
MOVED_HERE = (Turn.WARD, Turn.PERSON, Turn.CONSULTATION)


def queue(applications: QuerySet[Application], on: date, *turns: Turn) -> QuerySet[Application]:
    """Applications that wait for one of `turns` (ward, person or consultation without).

    What the ward itself moves on stands first, the longest since its last step on top.
    """
    wanted = Q()
    for turn in turns or MOVED_HERE:
        wanted |= turn_q(turn, on)
    is_own = Case(When(turn_q(Turn.WARD, on), then=0), default=1)
    found = with_path(applications.filter(wanted)).annotate(
        is_own=is_own, since_on=_since(), awaits_second=_WRITTEN
    )
    return found.order_by("is_own", "since_on", "pk")


def _since() -> Greatest:
    """The day of the last step, as `_row` finds it."""
    days = ("survey__held_on", "proposed_on", "decision__decided_on", "final_plan_on",
            "sent_back_on")  # fmt: skip
    return Greatest(F("received_on"), *(Coalesce(F(day), F("received_on")) for day in days))


def open_by_turn(applications: QuerySet[Application]) -> tuple[QuerySet[Application], Counts]:
    """Undecided applications, and what counts them by whose turn it is.

    `turn_q` in two halves, this and `granted_by_turn`: each reads its own applications by index, and none that
    was settled years ago.
    """
    return applications.filter(outcome=""), _counts(_OPEN)


def granted_by_turn(
    applications: QuerySet[Application], on: date
) -> tuple[QuerySet[Application], Counts]:
    """Granted applications whose decision runs, and what counts them by whose turn it is."""
    return applications.filter(_runs_q(on)), _counts(_GRANTED)


def queue_counts(applications: QuerySet[Application], on: date) -> dict[Turn, int]:
    """How many wait for whom (two queries)."""
    found: Counter[Turn] = Counter()
    for rows, counts in (open_by_turn(applications), granted_by_turn(applications, on)):
        found.update({Turn(name): n for name, n in rows.aggregate(**counts).items()})
    return {turn: found[turn] for turn in QUEUE_TURNS}


def open_for(applications: QuerySet[Application], turn: Turn) -> QuerySet[Application]:
    """Undecided ones that wait for `turn`."""
    return applications.filter(_OPEN[turn], outcome="")


def granted_for(applications: QuerySet[Application], turn: Turn, on: date) -> QuerySet[Application]:
    """Granted ones whose decision runs and that wait for `turn`."""
    return applications.filter(_runs_q(on)).filter(_GRANTED[turn])


def _counts(conditions: Mapping[Turn, Q]) -> Counts:
    return {turn.value: Count("pk", filter=condition) for turn, condition in conditions.items()}


def queue_rows(applications: Iterable[Application], on: date) -> list[QueueRow]:
    """The rows of a page of `queue` (one query for the names)."""
    rows = list(applications)
    names = names_of([row.client_id for row in rows], on)
    return [_row(row, names.get(row.client_id), on) for row in rows]


def waiting_paths(applications: QuerySet[Application], on: date) -> QuerySet[Application]:
    """Those on the way to use, whoever's turn it is, the oldest first; settled ones may be among them."""
    rows = with_path(applications.filter(Q(outcome="") | _runs_q(on)))
    return rows.order_by("received_on", "pk")


def paths_told(applications: Iterable[Application], on: date) -> list[QueueRow]:
    """The rows of `waiting_paths` without settled ones (one query for the names)."""
    return [row for row in queue_rows(applications, on) if row.turn != Turn.NONE]


def _row(row: Application, name: ClientName | None, on: date) -> QueueRow:
    facts = path_facts_of(row)
    days = (
        (facts.applied_on, PathStep.APPLICATION.label),
        (facts.surveyed_on, PathStep.SURVEY.label),
        (facts.proposal_on, PathStep.PROPOSAL.label),
        (facts.decided_on, PathStep.DECISION.label),
        (facts.final_plan_on, PathStep.FINAL_PLAN.label),
        (facts.sent_back_on, _("補正の求め")),
    )
    last, since = max(
        ((day, label) for day, label in days if day is not None), key=lambda each: each[0]
    )
    turn = whose_turn(facts)
    rings = turn == Turn.PERSON
    return QueueRow(
        application=row,
        name=name.name if name else "",
        kana=name.kana if name else "",
        turn=turn,
        step=next_step(facts),
        waiting_days=(on - last).days,
        since=since,
        wanted=facts.wanted,
        phone=row.contact_phone if rings else "",
        phone_of=row.contact_name if rings else "",
        awaits_second=getattr(row, "awaits_second", False),
    )
