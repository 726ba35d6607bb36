"""Where a person's support stands: path, decision, cap, contract, plan, pace, hand-over."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from clients.models import Consent, Enrolment
from plans.models import (
    CapPeriod,
    Certificate,
    Contract,
    Decision,
    Handover,
    Interview,
    SupportPlan,
)
from plans.queries.pace import next_due_of
from plans.queries.use_path import path_facts, with_contract
from plans.rules.handover import HandoverDays, handover_days
from plans.rules.pace import NextDue
from plans.rules.path import DrawnStep, Turn, drawn_steps, whose_turn
from teikyaku.periods import Month, in_force


@dataclass(frozen=True, slots=True)
class SupportSummary:
    """支援のいま for one enrolment on a day; lists are in the order of their dates."""

    steps: tuple[DrawnStep, ...]
    turn: Turn
    decision: Decision | None
    certificate: Certificate | None
    cap: CapPeriod | None
    caps: tuple[CapPeriod, ...]
    decisions: tuple[Decision, ...]
    contract: Contract | None
    support_plan: SupportPlan | None
    due: NextDue
    interviews: tuple[Interview, ...]
    consents: tuple[Consent, ...]
    handover: Handover | None
    handover_days: HandoverDays | None


SHOWN_INTERVIEWS = 4


def support_summary(enrolment: Enrolment, on: date) -> SupportSummary:
    """Everything above; a constant number of queries, whatever the history."""
    client = enrolment.client
    decisions = tuple(
        Decision.objects.filter(client=client)
        .select_related("municipality__city")
        .order_by("starts_on")
    )
    begun = [d for d in decisions if d.starts_on <= on]
    # Before the first one begins, the one that lies ahead is what the page is about.
    decision = begun[-1] if begun else next(iter(decisions), None)
    ahead = decision.starts_on if decision is not None and not begun else on
    facts = path_facts(client, enrolment.use_starts_on or ahead)
    caps = tuple(CapPeriod.objects.filter(client=client).order_by("first_month"))
    first = Month.of(on).first_day
    contract = enrolment.contracts.order_by("starts_on").last()
    facts = with_contract(facts, contract)
    plans = enrolment.support_plans.filter(starts_on__lte=on)
    contacts = Interview.objects.filter(enrolment=enrolment, replaced_by=None, held_on__lte=on)
    ends_on = enrolment.window_ends_on
    return SupportSummary(
        steps=drawn_steps(facts),
        turn=whose_turn(facts),
        decision=decision,
        certificate=_certificate(decision),
        cap=next((c for c in caps if _covers(c, first)), None),
        caps=caps,
        decisions=decisions,
        contract=contract,
        support_plan=plans.order_by("starts_on").last(),
        due=next_due_of(enrolment),
        interviews=tuple(contacts.select_related("met_by__user")[:SHOWN_INTERVIEWS]),
        consents=tuple(Consent.objects.filter(in_force(on), enrolment=enrolment)),
        handover=Handover.objects.filter(enrolment=enrolment).select_related("centre").first(),
        handover_days=handover_days(ends_on) if ends_on else None,
    )


def _certificate(decision: Decision | None) -> Certificate | None:
    if decision is None:
        return None
    papers = Certificate.objects.filter(decision=decision).select_related("recipient_number")
    return papers.order_by("issued_on", "pk").last()


def _covers(cap: CapPeriod, first: date) -> bool:
    return cap.first_month <= first and (cap.last_month is None or first <= cap.last_month)
