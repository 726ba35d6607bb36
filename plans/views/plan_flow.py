"""The shape of a plan's pages: one step, its action, and what happens when somebody else was first."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from clients.access import get_enrolment_for_edit
from clients.models import Consent, Enrolment
from clients.queries.subject import subject_of
from plans.actions.support_plan import PlanChanged
from plans.models import SupportPlan, SupportPlanGoal
from plans.queries.support_plan import is_recordable
from plans.rules.support_plan import PlanStep
from teikyaku.accounts.access import requires
from teikyaku.accounts.flow import form_flow
from teikyaku.accounts.roles import Permission, Scope
from teikyaku.clock import today
from teikyaku.era import both
from teikyaku.form_pages import form_page

READS = requires(Permission.INTERVIEW_READ, scope=Scope.OFFICE)
DRAFTS = requires(Permission.SUPPORT_PLAN_DRAFT, scope=Scope.OFFICE)
MAKES = requires(Permission.SUPPORT_PLAN_WRITE, scope=Scope.OFFICE)
CHECKED = (SupportPlan, SupportPlanGoal, Consent)


def plan_or_404(enrolment: Enrolment, plan: UUID) -> SupportPlan:
    """The plan of this enrolment.

    Raises Http404 for every other one.
    """
    found: SupportPlan | None = (
        enrolment.support_plans.select_related(
            "enrolment__client", "enrolment__office", "manager__user", "representative"
        )
        .filter(public_id=plan)
        .first()
    )
    if found is None:
        raise Http404("no such plan")
    return found


def way_to(heading: str, enrolment: Enrolment, *, below: bool = True) -> list[dict[str, str]]:
    """The breadcrumbs; no name in them, since browsers keep what they show."""
    steps = [
        {"label": _("利用者"), "url": reverse("client_list")},
        {
            "label": _("この人のページ"),
            "url": reverse("client_page", args=[enrolment.client.public_id]),
        },
    ]
    if below:
        url = reverse("support_plans", args=[enrolment.public_id])
        steps.append({"label": _("個別支援計画"), "url": url})
    return [*steps, {"label": heading, "url": ""}]


def step_page(
    request: HttpRequest,
    enrolment: UUID,
    plan: UUID,
    step: PlanStep,
    form_class: Any,
    action: Callable[..., Any],
    *,
    initial: dict[str, Any] | None = None,
    extra: dict[str, Any] | None = None,
    **page: Any,
) -> HttpResponse:
    """One step of a plan: its form, its action; a step whose turn it is not leads to the plan.

    `initial` is proposed where nothing is stored; `extra` goes to the form.
    """
    row = get_enrolment_for_edit(request, enrolment)
    found = plan_or_404(row, plan)
    if not is_recordable(found, step):
        return redirect("support_plan_page", row.public_id, found.public_id)
    proposed = {
        name: value
        for name, value in (initial or {}).items()
        if name in ("starts_on", "review_by") or not getattr(found, name)
    }
    form = form_class(request.POST or None, instance=found, initial=proposed, **(extra or {}))

    def run(**who: Any) -> Any:
        facts = dict(getattr(form, "own_values", form.cleaned_data))
        if hasattr(form, "goal_rows"):
            facts["goal_rows"] = form.goal_rows
        stored = told(form, found, action, **facts, **who)
        if form.is_review_moved and stored.review_by:
            text = _("見直しの期限も、新しい開始日に合わせて%(on)sに変わりました。")
            messages.info(request, text % {"on": both(stored.review_by)})
        return stored

    return plan_page(request, row, form, run=run, plan=found, **page)


def told(form: Any, plan: SupportPlan, action: Callable[..., Any], **facts: Any) -> Any:
    """Run the action; where somebody else was first, the page goes on from their version.

    Raises what the action raises.
    """
    # What the form's instance carries by now is what was typed.
    stored = SupportPlan.objects.select_related("enrolment__client").get(pk=plan.pk)
    try:
        return action(plan=stored, **facts)
    except PlanChanged:
        form.show_latest(stored)
        raise


def plan_page(
    request: HttpRequest,
    enrolment: Enrolment,
    form: Any,
    *,
    heading: str,
    run: Callable[..., Any],
    done: str,
    plan: SupportPlan | None = None,
    **page: Any,
) -> HttpResponse:
    """As `form_flow`, back to the plan; where another goal was asked for, shown again with it."""
    back = reverse("support_plans", args=[enrolment.public_id])
    if plan is not None:
        back = reverse("support_plan_page", args=[enrolment.public_id, plan.public_id])
    page |= {
        "heading": heading,
        "subject": subject_of(enrolment.client, today(request)),
        "breadcrumbs": way_to(heading, enrolment),
        "plan": plan,
        "keeps": True,
    }
    if getattr(form, "wants_more", False):
        return form_page(request, form, cancel_url=back, **page)
    return form_flow(request, form, back=back, done=done, run=run, checked=CHECKED, **page)
