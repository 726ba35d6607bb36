"""The path of one application as the rule takes it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, cast

from django.db.models import OuterRef, QuerySet, Subquery

from plans.models import Application, CompletionRequest, ServiceUsePlan
from plans.rules.path import PathFacts
from teikyaku.prepared import prepared


def with_path(applications: QuerySet[Application]) -> QuerySet[Application]:
    """Applications with the days of their path: survey, plans, decision, and what is asked for."""
    plans = ServiceUsePlan.objects.filter(application=OuterRef("pk")).order_by("-pk")
    asked = CompletionRequest.objects.filter(application=OuterRef("pk"), answered_on=None)
    return applications.select_related("client", "survey", "decision").annotate(
        proposed_on=Subquery(_received(plans, ServiceUsePlan.Stage.PROPOSED)),
        final_plan_on=Subquery(_received(plans, ServiceUsePlan.Stage.FINAL)),
        sent_back_on=Subquery(asked.values("asked_on")[:1]),
        wanted=Subquery(asked.values("wanted")[:1]),
    )


def _received(plans: QuerySet[ServiceUsePlan], stage: str) -> QuerySet[Any]:
    return plans.filter(stage=stage).values("received_on")[:1]


def facts_of_application(application: Application, **dates: Any) -> PathFacts:
    """The dated facts of one application (one query); `dates` are those about to be recorded."""
    row = _one.row(application=application.pk)
    return replace(path_facts_of(row), **dates)


@prepared("application")
def _one(application: int) -> QuerySet[Application]:
    return with_path(Application.objects.filter(pk=application))


def path_facts_of(row: Application) -> PathFacts:
    """The dated facts of a row of `with_path`."""
    found = cast(Any, row)
    survey, decision = getattr(row, "survey", None), getattr(row, "decision", None)
    ended = row.outcome
    return PathFacts(
        applied_on=row.received_on,
        surveyed_on=survey.held_on if survey else None,
        proposal_on=found.proposed_on,
        decided_on=decision.decided_on if decision else None,
        final_plan_on=found.final_plan_on,
        sent_back_on=found.sent_back_on,
        wanted=found.wanted or "",
        refused_on=row.outcome_on if ended == Application.Outcome.REFUSED else None,
        revoked_on=decision.revoked_on if decision else None,
        withdrawn_on=row.outcome_on if ended == Application.Outcome.WITHDRAWN else None,
    )
