"""The path of one application as the rule takes it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from plans.models import Application, ServiceUsePlan
from plans.rules.path import PathFacts


def facts_of_application(application: Application, **dates: Any) -> PathFacts:
    """The dated facts of one application; `dates` are those about to be recorded."""
    survey = getattr(application, "survey", None)
    plans = {plan.stage: plan for plan in application.service_use_plans.all()}
    proposed = plans.get(ServiceUsePlan.Stage.PROPOSED)
    final = plans.get(ServiceUsePlan.Stage.FINAL)
    decision = getattr(application, "decision", None)
    ended = application.outcome
    facts = PathFacts(
        applied_on=application.received_on,
        surveyed_on=survey.held_on if survey else None,
        proposal_on=proposed.received_on if proposed else None,
        decided_on=decision.decided_on if decision else None,
        issued_on=issued_on(decision),
        final_plan_on=final.received_on if final else None,
        refused_on=application.outcome_on if ended == Application.Outcome.REFUSED else None,
        withdrawn_on=application.outcome_on if ended == Application.Outcome.WITHDRAWN else None,
    )
    return replace(facts, **dates)


def issued_on(decision: Any) -> date | None:
    """The day of a decision's first paper; None without one (or without a decision)."""
    if decision is None:
        return None
    # Through the relation, so that lists can prefetch it.
    return min((paper.issued_on for paper in decision.certificates.all()), default=None)
