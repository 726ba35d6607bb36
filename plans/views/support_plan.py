"""個別支援計画 pages of the provider: the path, each step, corrections.

An assessment and a draft may be written by 就労定着支援員, under the direction of the サービス管理責任者,
whose duty the plan is; meeting, consent, handing over and corrections are theirs alone (roles.py).
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from clients.access import get_enrolment_for_edit, get_enrolment_or_404
from clients.queries.subject import subject_of
from plans.actions import support_plan as actions
from plans.forms import support_plan as forms
from plans.models import SupportPlan
from plans.queries import support_plan as queries
from plans.queries.signers import who_may_sign
from plans.rules.support_plan import PlanStep, review_steps
from plans.views.plan_flow import DRAFTS, MAKES, READS, plan_or_404, plan_page, told, way_to
from teikyaku.accounts.access import active_membership, may_open
from teikyaku.accounts.models import Membership
from teikyaku.accounts.roles import Permission
from teikyaku.clock import today

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
        "goals": queries.goal_lines(current) if current else [],
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
    steps = ()
    if found.starts_on is not None:
        steps = review_steps(found.starts_on, actions.review_months(found.starts_on))
    papers = found.papers.select_related("document", "document__replaced_by").order_by("-pk")
    context = {
        "enrolment": row,
        "plan": found,
        "subject": subject_of(row.client, on),
        "path": queries.path_of(found, reader),
        "next": _next(found, reader, is_running),
        "goals": queries.goal_lines(found),
        "review_steps": steps,
        "papers": papers,
        "may_correct": makes and found.consented_on is not None and not found.stopped_on,
        "may_stop": makes and found.is_open,
        "may_print": makes and found.drafted_on is not None and not found.stopped_on,
        "breadcrumbs": way_to(_("計画の内容"), row),
    }
    return render(request, "plans/support_plan/plan.html", context)


@DRAFTS
def support_plan_new(request: HttpRequest, enrolment: UUID) -> HttpResponse:
    """アセスメント begins a plan; a review starts from what the last plan says."""
    row, on = get_enrolment_for_edit(request, enrolment), today(request)
    open_plan = queries.plan_being_made(list(row.support_plans.being_made()))
    if open_plan is not None and request.method != "POST":
        return redirect("support_plan_page", row.public_id, open_plan.public_id)
    before = row.support_plans.complete().order_by("-starts_on").first()
    initial = {name: getattr(before, name) for name in actions.ASSESSED} if before else {}
    form = forms.AssessmentForm(request.POST or None, initial={"assessed_on": on, **initial})

    def run(**who: Any) -> SupportPlan:
        facts = {k: v for k, v in form.cleaned_data.items() if k != "seen"}
        return actions.begin_plan(enrolment=row, **facts, **who)

    heading = _("個別支援計画を見直す") if before else _("個別支援計画をつくる")
    lead = _("前の計画の内容を写しました。いまの様子に直してください。目標も引き継ぎます。")
    return plan_page(
        request, row, form, heading=heading, run=run, submit_label=_("アセスメントを保存"),
        lead=lead if before else _("はじめにアセスメント。本人の言葉から書きます。"),
        done=_("アセスメントを記録しました。次は原案です。"),
    )  # fmt: skip


@MAKES
def support_plan_record(request: HttpRequest, enrolment: UUID) -> HttpResponse:
    """A plan that was made on paper, with all its dates at once."""
    row, on = get_enrolment_for_edit(request, enrolment), today(request)
    wants_more = "add_goal" in request.POST
    form = forms.PaperPlanForm(
        request.POST or None, able=who_may_sign(row, on), wants_more=wants_more,
        initial={"signer": SupportPlan.Signer.PERSON},
    )  # fmt: skip

    def run(**who: Any) -> SupportPlan:
        facts = {k: v for k, v in form.own_values.items() if k != "seen"}
        if facts["review_by"] is None:
            facts["review_by"] = actions.latest_review_of(facts["starts_on"])
        return actions.record_support_plan(enrolment=row, goal_rows=form.goal_rows, **facts, **who)

    return plan_page(
        request, row, form, heading=_("紙でつくった個別支援計画を記録する"), run=run,
        template="plans/support_plan/goals_form.html",
        lead=_("すでに本人に交付した計画を写します。日付は手順の順に入れます。"),
        done=_("個別支援計画を記録しました。"),
    )  # fmt: skip


@MAKES
def support_plan_stop(request: HttpRequest, enrolment: UUID, plan: UUID) -> HttpResponse:
    """A plan being made is given up."""
    row, on = get_enrolment_for_edit(request, enrolment), today(request)
    found = plan_or_404(row, plan)
    if not found.is_open:
        raise Http404
    form = forms.StopForm(request.POST or None, instance=found, initial={"stopped_on": on})

    def run(**who: Any) -> Any:
        return told(form, found, actions.stop_plan, **form.cleaned_data, **who)

    return plan_page(
        request, row, form, heading=_("計画を取りやめる"), run=run, submit_label=_("取りやめる"),
        tone="danger", plan=found, done=_("計画を取りやめました。"),
        lead=_("書いたことは読めますが、続きは書けません。元には戻せません。"),
    )  # fmt: skip


@MAKES
def support_plan_correct(request: HttpRequest, enrolment: UUID, plan: UUID) -> HttpResponse:
    """A support plan was written wrongly; what was reviewed is a new plan instead."""
    row, on = get_enrolment_for_edit(request, enrolment), today(request)
    found = plan_or_404(row, plan)
    if found.stopped_on is not None:
        raise Http404
    form = forms.SupportPlanCorrectionForm(
        request.POST or None, instance=found, able=who_may_sign(row, found.consented_on or on),
        goals=found.goal_rows.all(), wants_more="add_goal" in request.POST,
    )  # fmt: skip

    def run(**who: Any) -> SupportPlan:
        reason = form.cleaned_data["reason"]
        return actions.correct_plan(
            plan=found, changes=form.changes(), goal_rows=form.goal_rows, reason=reason, **who
        )

    return plan_page(
        request, row, form, heading=_("個別支援計画を訂正する"), run=run,
        template="plans/support_plan/goals_form.html", plan=found,
        lead=_("書き間違いを直します。日付を空けると、その手順は「これから」に戻ります。見直した計画は、新しくつくります。"),
        done=_("個別支援計画を訂正しました。"),
    )  # fmt: skip


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
