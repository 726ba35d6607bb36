"""The objects of the support plan's addresses: one handed over, one at each step."""

from __future__ import annotations

from typing import Any

from plans.actions import plan_consent, plan_papers
from plans.actions import support_plan as actions
from plans.models import SupportPlan, SupportPlanPaper
from plans.rules.support_plan import GoalFacts
from teikyaku.clock import at_noon
from tests.cast import Cast

# Pages of a plan that is being made. Beginning another one leads to it instead of showing a form.
OPEN = (
    "support_plan_assessment", "support_plan_draft", "support_plan_meeting", "support_plan_stop",
    "support_plan_consent", "support_plan_handover",
)  # fmt: skip


def arguments(cast: Cast, name: str) -> dict[str, Any]:
    """A plan at the step that the page is about, and a paper of the one that holds."""
    manager, at = cast.members["manager"], at_noon(cast.today)
    whole = cast.enrolment.support_plans.complete().get()
    if name == "support_plan_new":
        cast.enrolment.support_plans.being_made().delete()
    if name == "support_plan_pdf":
        paper = plan_papers.issue_plan_paper(
            plan=whole, kind=SupportPlanPaper.Kind.PLAN, by=manager, at=at
        )
        return {"plan_paper": paper.public_id}
    plan = plan_at(cast, name) if name in OPEN else whole
    return {"plan": plan.public_id}


def plan_at(cast: Cast, name: str) -> SupportPlan:
    """The one being made: met over, and consented to where it is handed over next."""
    who = {"by": cast.members["manager"], "at": at_noon(cast.today)}
    plan = cast.enrolment.support_plans.being_made().first() or met_over(cast)
    plan.explained_on = plan.consented_on = None
    plan.signer = ""
    plan.save()
    if name == "support_plan_handover":
        plan = plan_consent.record_consent(
            plan=plan, explained_on=cast.today, consented_on=cast.today, signer="person",
            starts_on=cast.today, review_by=None, **who,
        )  # fmt: skip
    return plan


def met_over(cast: Cast) -> SupportPlan:
    """A plan with assessment, draft and meeting, all today."""
    day = cast.today
    who = {"by": cast.members["manager"], "at": at_noon(day)}
    plan = actions.begin_plan(
        enrolment=cast.enrolment, assessed_on=day, wishes="長く働きたい", **who
    )
    plan = actions.write_draft(
        plan=plan, drafted_on=day, support="", starts_on=day, review_by=None,
        goal_rows=[GoalFacts("long", "一人で暮らす"), GoalFacts("short", "朝起きる", staff_does="朝に電話する")], **who,
    )  # fmt: skip
    return actions.hold_meeting(plan=plan, meeting_on=day, participants="本人", **who)
