"""個別支援計画: a person's plans, the drawn path of one, its goals to talk over."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet
from django.urls import reverse

from clients.models import Consent, Enrolment
from clients.queries.consent import withdrawn_on
from clients.rules.names import search_key
from plans.models import SupportPlan, SupportPlanGoal
from plans.rules.support_plan import PlanStep
from teikyaku.accounts.access import may_open
from teikyaku.accounts.models import Membership
from teikyaku.prepared import prepared


@dataclass(frozen=True, slots=True)
class PathStep:
    """One step as the page draws it; `url` where the reader may record or mend it."""

    key: str
    label: str
    state: str
    on: date | None
    note: str
    url: str


def plans_of(enrolment: Enrolment) -> list[SupportPlan]:
    """All plans of an enrolment with their goals, the newest first (two queries)."""
    found = enrolment.support_plans.select_related("manager__user", "representative")
    rows = list(found.prefetch_related("goal_rows"))
    # One that has no period yet is the newest.
    return sorted(rows, key=lambda row: (row.starts_on or date.max, row.pk), reverse=True)


def consultation_consents(enrolment: Enrolment, on: date) -> set[str]:
    """The names (as searched) for which the person allows the plan to go to, "" for any (one query).

    From the day on which a consent was withdrawn it allows nothing.
    """
    found = Consent.objects.given(on).filter(
        enrolment=enrolment,
        recipient=Consent.Recipient.CONSULTATION,
        scope=Consent.ConsentScope.SUPPORT_PLAN,
    )
    return {search_key(name) for name in found.values_list("recipient_name", flat=True)}


def consultation_withdrawn_on(enrolment: Enrolment, on: date) -> date | None:
    """When the person took back that the plan may go to 相談支援, as of `on` (one query)."""
    rows = Consent.objects.filter(
        enrolment=enrolment,
        recipient=Consent.Recipient.CONSULTATION,
        scope=Consent.ConsentScope.SUPPORT_PLAN,
    )
    return withdrawn_on(rows, on)


def plan_in_force(plans: Sequence[SupportPlan], on: date) -> SupportPlan | None:
    """The complete one that began last by `on`, also when its review is overdue."""
    begun = [p for p in plans if p.is_complete and p.starts_on is not None and p.starts_on <= on]
    return max(begun, key=lambda plan: plan.starts_on or date.min, default=None)


def plan_being_made(plans: Sequence[SupportPlan]) -> SupportPlan | None:
    """The one that is not handed over yet."""
    return next((plan for plan in plans if plan.is_open), None)


def path_of(plan: SupportPlan, reader: Membership) -> tuple[PathStep, ...]:
    """The steps of a plan, each with its day and the page that records it."""
    upcoming = plan.next_step
    return tuple(
        PathStep(
            key=step.value,
            label=step.label,
            state=_state(plan, step, upcoming),
            on=plan.dates.of(step),
            note=_note(plan, step),
            url=step_url(plan, step, reader),
        )
        for step in PlanStep
    )


def step_url(plan: SupportPlan, step: PlanStep, reader: Membership) -> str:
    """The page of a step while it can be recorded or written over by `reader`; else empty."""
    if not is_recordable(plan, step):
        return ""
    url = reverse(f"support_plan_{step.value}", args=[plan.enrolment.public_id, plan.public_id])
    return url if may_open(reader, url) else ""


def is_recordable(plan: SupportPlan, step: PlanStep) -> bool:
    """Whether the step can be recorded now: the ones before are there, nothing later fixed it."""
    if plan.stopped_on is not None:
        return False
    if step == PlanStep.CONSULTATION:
        return plan.consented_on is not None
    if not plan.is_open:
        return False
    has_consent = plan.consented_on is not None
    return {
        PlanStep.ASSESSMENT: not has_consent,
        PlanStep.DRAFT: not has_consent,
        PlanStep.MEETING: plan.drafted_on is not None and not has_consent,
        PlanStep.CONSENT: plan.meeting_on is not None,
        PlanStep.HANDOVER: has_consent,
    }[step]


def _state(plan: SupportPlan, step: PlanStep, upcoming: PlanStep | None) -> str:
    if plan.dates.of(step) is not None:
        return "done"
    if plan.stopped_on is not None:
        return "stopped"
    return "current" if step == upcoming else "waiting"


def _note(plan: SupportPlan, step: PlanStep) -> str:
    if step == PlanStep.CONSENT and plan.signer:
        return str(plan.get_signer_display())
    if step == PlanStep.CONSULTATION and plan.consultation:
        return plan.consultation_name or str(plan.get_consultation_display())
    return ""


def goals_to_talk_over(enrolment: Enrolment, on: date) -> list[SupportPlanGoal]:
    """The short-term goals of the plan that holds on `on` (one query)."""
    return _goals.rows(enrolment=enrolment.pk, on=on)


@prepared("enrolment")
def _goals(enrolment: int, on: date) -> QuerySet[SupportPlanGoal]:
    plan = SupportPlan.objects.filter(enrolment=enrolment).begun(on).values("pk")[:1]
    goals = SupportPlanGoal.objects.filter(plan__in=plan, term=SupportPlanGoal.Term.SHORT)
    return goals.order_by("position", "pk")
