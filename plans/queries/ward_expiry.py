"""期限 of a ward: decisions, caps, certificates and windows of the people whose file lies with it.

Of the support itself (meetings, plans, reports, hand-over) nothing is asked (docs/rules.md §10).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import TruncDate, TruncMonth

from clients.models import Enrolment
from plans.models import Application, CapPeriod, Certificate, Decision, Proposal
from plans.models.certificate import DecisionQuerySet
from plans.queries.expiry_list import EndList, Found, Source, Span, Tally, When, period_of, span_of
from plans.queries.expiry_sources import last_caps, month_end, settled_by_hand
from plans.queries.path import path_facts_of, with_path
from plans.queries.queue import turn_q
from plans.queries.ward_sight import names_in_sight
from plans.queries.ward_unused import WithUnused, unused_windows, without_use
from plans.rules.expiry import ExpiryStage, WardEndKind, may_be_settled, stage_of
from plans.rules.path import Turn, whose_turn
from plans.rules.path import next_step as next_path_step
from plans.rules.ward_expiry import WardFacts, WardStep, ward_step
from teikyaku.accounts.models import Municipality
from teikyaku.periods import Month, in_force


def ward_labels() -> dict[str, str]:
    """The kinds of what ends for a ward, with their words."""
    return {kind.value: kind.label for kind in WardEndKind}


@dataclass(frozen=True, slots=True)
class WardExpiry:
    """One thing that ends for one person of the ward."""

    on: date
    kind: str
    label: str
    decision_id: UUID | None
    """The decision in force, or the last one: where the person is found."""
    application_id: UUID | None
    """The open application, if there is one."""
    name: str
    kana: str
    is_late: bool
    stage: ExpiryStage
    step: WardStep
    subject_id: UUID
    may_be_settled: bool

    @property
    def period(self) -> str:
        """Under which heading it stands: its month, or that it has passed."""
        return period_of(self.on, self.stage)

    @property
    def links_application(self) -> bool:
        """Whether the step is one of the open application."""
        return self.kind == WardEndKind.DECISION and self.application_id is not None

    @property
    def wants_cap(self) -> bool:
        """Whether the next cap is to be set, on the page of the decision."""
        return self.kind == WardEndKind.CAP and self.decision_id is not None

    @property
    def may_renew(self) -> bool:
        """Whether an application for the renewal can be taken in from here."""
        return self.kind == WardEndKind.DECISION and self.step.is_unasked


class WardExpiries(EndList[WardExpiry]):
    """What ends for the people whose decisions the ward keeps, by day, and what has passed unsettled.

    `kept` are those decisions (plans.access.kept_decisions): the scope. Narrowed down as `Expiries`,
    and to whose turn it is. One query for each kind, and some ten for what is said of a slice.
    """

    def __init__(
        self,
        kept: DecisionQuerySet,
        ward: Municipality,
        on: date,
        when: When,
        kind: str = "",
        *,
        turn: Turn | None = None,
        tally: Tally | None = None,
    ) -> None:
        self.kept, self.ward = kept, ward
        span = span_of(when, on)
        sources = {
            key: source
            for key, source in _sources(kept, ward, on, span, turn).items()
            if kind in ("", key)
        }
        super().__init__(sources, span, on, tally)

    def told(self, found: list[Found]) -> list[WardExpiry]:
        """The rows, with whose turn it is."""
        return _told(self.kept, self.ward, found, self.on)


def _sources(
    kept: DecisionQuerySet, ward: Municipality, on: date, span: Span, turn: Turn | None
) -> Mapping[str, Source]:
    sources = {
        WardEndKind.DECISION: _decisions(kept, ward, on, span, turn),
        WardEndKind.CAP: _caps(kept, on, span),
        WardEndKind.CERTIFICATE: _certificates(kept, on, span),
        WardEndKind.WINDOW: _windows(kept, on, span),
    }
    others = {WardEndKind.CAP: Turn.WARD, WardEndKind.CERTIFICATE: Turn.WARD,
              WardEndKind.WINDOW: Turn.PROVIDER}  # fmt: skip
    return {
        kind: source
        for kind, source in sources.items()
        if turn is None or others.get(kind, turn) == turn
    }


def _decisions(
    kept: DecisionQuerySet, ward: Municipality, on: date, span: Span, turn: Turn | None
) -> Source:
    """Settled by the next decision, by a revocation, by the end of the window, or by hand."""
    later = Decision.objects.standing().filter(
        client=OuterRef("client"), starts_on__gt=OuterRef("ends_on")
    )
    last = kept.standing().filter(ends_on__range=span, revoked_on__isnull=True)
    # Where the right ended with the decision nothing follows it.
    is_over = Q(ends_on__lt=on) & Q(Exists(_last_uses()))
    rows = last.exclude(Exists(later)).exclude(is_over)
    rows = rows.exclude(settled_by_hand(WardEndKind.DECISION, "ends_on", is_ward=True))
    if turn is not None:
        rows = rows.filter(_turn_q(turn, ward, on))
    return Source(rows, "ends_on", "client")


def _last_uses() -> QuerySet[Enrolment]:
    """Uses whose window ends with the decision around, or has before it."""
    return Enrolment.objects.filter(
        client=OuterRef("client"),
        use_starts_on__lte=OuterRef("ends_on"),
        window_ends_on__lte=OuterRef("ends_on"),
    ).filter(Q(ends_on=None) | Q(ends_on__gte=OuterRef("starts_on")))


def _caps(kept: DecisionQuerySet, on: date, span: Span) -> Source:
    """The last cap of who holds a decision, or of whose decision went on after it.

    Months of a decision without a cap hold claims (docs/rules.md §4), also once the decision is over:
    settled by the next cap, or, where no decision is in force any more, by hand.
    """
    this_month = Month.of(on).first_day
    running = Q(client__in=kept.in_force(on).values("client"))
    months = kept.standing().filter(client=OuterRef("client"))
    # Where the decision ended with the cap no month is missing, until the next decision.
    went_on = months.annotate(last=TruncMonth("ends_on")).filter(last__gt=OuterRef("last_month"))
    laid_aside = settled_by_hand(WardEndKind.CAP, "last_month", is_ward=True)
    rows = last_caps(kept.values("client"), span).filter(
        running | (Q(last_month__lt=this_month) & Q(Exists(went_on)) & ~Q(laid_aside))
    )
    return Source(rows, "last_month", "client", day_of=month_end)


def _certificates(kept: DecisionQuerySet, on: date, span: Span) -> Source:
    """A cap that a ward set on a later day than the last paper was made of the decisions it applies to.

    By the day it applies from; settled by a new version of the paper, or by hand, whatever became of
    the decision.
    """
    papers = Certificate.objects.filter(
        Q(decision__starts_on__lte=on) | Q(decision__starts_on__lte=OuterRef("first_month")),
        decision__client=OuterRef("client"),
        decision__is_cancelled=False,
        decision__ends_on__gte=OuterRef("first_month"),
    )
    newest = papers.order_by("-recorded_at").values("recorded_at")[:1]
    rows = (
        CapPeriod.objects.filter(
            _held(kept, on, "first_month"),
            first_month__range=span,
            recorded_by__municipality__isnull=False,
        )
        .annotate(paper_day=TruncDate(Subquery(newest)))
        # What was set on the day of the paper stands on it (plans.queries.ward_papers).
        .filter(recorded_at__date__gt=F("paper_day"))
        .exclude(settled_by_hand(WardEndKind.CERTIFICATE, "first_month", is_ward=True))
    )
    return Source(rows, "first_month", "client")


def _windows(kept: DecisionQuerySet, on: date, span: Span) -> Source:
    """The last usable day of who holds a decision; once for each person, whichever office looks after them.

    Also of who has no use yet. Settled by the end of the use, or, where no decision is in force any more, by hand.
    """
    uses = Enrolment.objects.filter(in_force(on), window_ends_on__isnull=False)
    other = uses.filter(client=OuterRef("client")).filter(
        Q(window_ends_on__gt=OuterRef("window_ends_on"))
        | Q(window_ends_on=OuterRef("window_ends_on"), pk__lt=OuterRef("pk"))
    )
    rows = uses.filter(_held(kept, on, "window_ends_on"), window_ends_on__range=span)
    rows = rows.exclude(settled_by_hand(WardEndKind.WINDOW, "window_ends_on", is_ward=True))
    stored = rows.exclude(Exists(other))
    more = tuple(unused_windows(kept, on, span))
    return WithUnused(stored, "window_ends_on", "client", more=more)


def _held(kept: DecisionQuerySet, on: date, day: str) -> Q:
    """Who holds a kept decision; of what has passed on its `day`, who held one then or after it."""
    running = Q(client__in=kept.in_force(on).values("client"))
    then = kept.standing().filter(client=OuterRef("client"), ends_on__gte=OuterRef(day))
    # The people of the ward first: the rest is then asked of these alone, not of a whole table.
    own = Q(client__in=kept.standing().values("client"))
    return own & (running | (Q(**{f"{day}__lt": on}) & Q(Exists(then))))


def _turn_q(turn: Turn, ward: Municipality, on: date) -> Q:
    """`ward_step` of a decision as a condition on decisions."""
    opened = _open_applications(ward).filter(client=OuterRef("client"))
    is_open = Q(Exists(opened))
    asked = _renewal_proposals(ward).filter(enrolment__client=OuterRef("client"))
    at_ward = Q(Exists(asked.filter(state=Proposal.State.WARD)))
    at_office = Q(Exists(asked.filter(state=Proposal.State.OFFICE)))
    ends = Q(Exists(_last_uses()))
    unasked = ~is_open & ~ends
    answers = {
        Turn.WARD: unasked & at_ward,
        Turn.PROVIDER: unasked & ~at_ward & at_office,
        Turn.PERSON: unasked & ~at_ward & ~at_office,
        Turn.NONE: ~is_open & ends,
    }
    found = answers.get(turn, Q(pk__in=[]))
    return found | Q(Exists(opened.filter(turn_q(turn, on)))) if turn != Turn.NONE else found


def _open_applications(ward: Municipality) -> QuerySet[Application]:
    """Its own: what another ward was asked is not told here."""
    return Application.objects.filter(municipality=ward, outcome="")


def _renewal_proposals(ward: Municipality) -> QuerySet[Proposal]:
    return Proposal.objects.filter(
        municipality=ward,
        kind=Proposal.Kind.RENEWAL,
        state__in=(Proposal.State.WARD, Proposal.State.OFFICE),
    )


def _told(
    kept: DecisionQuerySet, ward: Municipality, found: list[Found], on: date
) -> list[WardExpiry]:
    clients = {who for _day, _kind, who, _row in found}
    names = names_in_sight(clients, ward.pk, on)
    held = kept.standing().filter(client__in=clients).order_by("starts_on")
    decisions = {row.client_id: row for row in held}
    running = {row.client_id for row in held if row.starts_on <= on <= row.ends_on}
    opened = with_path(_open_applications(ward).filter(client__in=clients))
    applications = {row.client_id: row for row in opened}
    asked: dict[int, str] = {}
    proposals = _renewal_proposals(ward).filter(enrolment__client__in=clients)
    for client, state in proposals.values_list("enrolment__client", "state"):
        # Where one waits for the ward, that is what comes next.
        if asked.get(client) != Proposal.State.WARD:
            asked[client] = state
    unused = set(without_use(kept, on).filter(client__in=clients).values_list("client", flat=True))
    over = set(held.filter(Exists(_last_uses())).values_list("pk", flat=True))
    return [
        _row(
            each, on,
            name=names.get(each[2]),
            decision=decisions.get(each[2]),
            is_over=each[2] not in running,
            application=applications.get(each[2]),
            facts=_facts(applications.get(each[2]), asked.get(each[2], ""),
                         decisions.get(each[2]), over, is_unused=each[2] in unused),
        )
        for each in found
    ]  # fmt: skip


def _facts(
    application: Application | None,
    asked: str,
    decision: Decision | None,
    over: set[Any],
    *,
    is_unused: bool,
) -> WardFacts:
    facts = path_facts_of(application) if application is not None else None
    step = next_path_step(facts) if facts is not None else None
    return WardFacts(
        turn=whose_turn(facts) if facts is not None else None,
        path_step=step,
        is_proposed=asked == Proposal.State.WARD,
        is_asked_back=asked == Proposal.State.OFFICE,
        is_last=decision is not None and decision.pk in over,
        is_unused=is_unused,
    )


def _row(
    found: Found,
    on: date,
    *,
    name: Any,
    decision: Decision | None,
    is_over: bool,
    application: Application | None,
    facts: WardFacts,
) -> WardExpiry:
    day, text, _client, subject = found
    kind, is_late = WardEndKind(text), day < on
    return WardExpiry(
        on=day,
        kind=kind,
        label=kind.label,
        decision_id=decision.public_id if decision is not None else None,
        application_id=application.public_id if application is not None else None,
        name=name.name if name else "",
        kana=name.kana if name else "",
        is_late=is_late,
        stage=stage_of(day, on),
        step=ward_step(kind, facts, is_late=is_late),
        subject_id=subject,
        may_be_settled=may_be_settled(kind, day, on, is_over=is_over),
    )
