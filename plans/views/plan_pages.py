"""個別支援計画 to read: all plans of a person, and one of them with its goals over time."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from clients.access import get_enrolment_or_404
from clients.queries.subject import subject_of
from plans.actions import support_plan as actions
from plans.models import SupportPlan
from plans.queries import support_plan as queries
from plans.queries.goal_lines import goal_lines
from plans.rules.support_plan import PlanStep, review_steps
from plans.views.plan_flow import READS, plan_or_404, way_to
from teikyaku.accounts.access import active_membership, may_open
from teikyaku.accounts.models import Membership
from teikyaku.accounts.roles import Permission
from teikyaku.clock import today
from teikyaku.reasons import Step

HINTS = {
    PlanStep.ASSESSMENT: _l("本人の言葉から始めます。"),
    PlanStep.DRAFT: _l("目標と、だれが何をするかを書きます。"),
    PlanStep.MEETING: _l("本人を交えて、原案を話し合います。サービス管理責任者が記録します。"),
    PlanStep.CONSENT: _l("計画書を見せて説明し、文書で同意を得ます。"),
    PlanStep.HANDOVER: _l("計画書を本人に渡すと、月の請求で有効になります。"),
    PlanStep.CONSULTATION: _l("計画書を相談支援事業所にも渡します（本人の同意があるとき）。"),
}


@READS
def support_plans(request: HttpRequest, enrolment: UUID) -> HttpResponse:
    """All plans of a person: the one in force, the one being made, those before."""
    row, on = get_enrolment_or_404(request, enrolment), today(request)
    reader, plans = active_membership(request), queries.plans_of(row)
    current, open_plan = queries.plan_in_force(plans, on), queries.plan_being_made(plans)
    is_running = row.ends_on is None or on <= row.ends_on
    new_url = reverse("support_plan_new", args=[row.public_id])
    context = {
        "enrolment": row,
        "subject": subject_of(row.client, on),
        "current": current,
        "is_late": current is not None and current.review_by is not None and current.review_by < on,
        "goals": goal_lines(current) if current else [],
        "open_plan": open_plan,
        "path": queries.path_of(open_plan, reader) if open_plan else (),
        "next": _next(open_plan, reader, is_running),
        "older": [plan for plan in plans if plan not in (current, open_plan)],
        "may_begin": is_running and open_plan is None and may_open(reader, new_url),
        "may_record": is_running and reader.may(Permission.SUPPORT_PLAN_WRITE),
        "on": on,
        "breadcrumbs": way_to(_("個別支援計画"), row, below=False),
    }
    return render(request, "plans/support_plan/plans.html", context)


@READS
def support_plan_page(request: HttpRequest, enrolment: UUID, plan: UUID) -> HttpResponse:
    """One plan, wholly: its path, what was said, its goals over time, its papers."""
    row, on = get_enrolment_or_404(request, enrolment), today(request)
    found, reader = plan_or_404(row, plan), active_membership(request)
    is_running = row.ends_on is None or on <= row.ends_on
    makes = is_running and reader.may(Permission.SUPPORT_PLAN_WRITE)
    steps: tuple[Step, ...] = ()
    if found.starts_on is not None:
        steps = review_steps(found.starts_on, actions.review_months(found.starts_on))
    papers = found.papers.select_related("document", "document__replaced_by").order_by("-pk")
    context = {
        "enrolment": row,
        "plan": found,
        "subject": subject_of(row.client, on),
        "path": queries.path_of(found, reader),
        "next": _next(found, reader, is_running),
        "goals": goal_lines(found),
        "review_steps": steps,
        "papers": papers,
        "may_correct": makes and found.consented_on is not None and not found.stopped_on,
        "may_stop": makes and found.is_open,
        "may_print": makes and found.drafted_on is not None and not found.stopped_on,
        "breadcrumbs": way_to(_("計画の内容"), row),
    }
    return render(request, "plans/support_plan/plan.html", context)


def _next(plan: SupportPlan | None, reader: Membership, is_running: bool) -> dict[str, str] | None:
    """The step that comes next, with its page for who may record it."""
    step = plan.next_step if plan is not None else None
    if plan is None or step is None or not is_running:
        return None
    return {
        "label": step.label,
        "url": queries.step_url(plan, step, reader),
        "hint": str(HINTS[step]),
    }
