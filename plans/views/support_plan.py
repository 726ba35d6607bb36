"""個別支援計画 pages of the provider: the path, each step, corrections.

An assessment and a draft may be written by 就労定着支援員, under the direction of the サービス管理責任者,
whose duty the plan is; meeting, consent, handing over and corrections are theirs alone (roles.py).
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from clients.access import get_enrolment_for_edit
from plans.actions import support_plan as actions
from plans.forms import support_plan as forms
from plans.models import SupportPlan
from plans.queries import support_plan as queries
from plans.queries.signers import who_may_sign
from plans.rules.support_plan import ASSESSED
from plans.views.plan_flow import DRAFTS, MAKES, plan_or_404, plan_page, told
from teikyaku.clock import today


@DRAFTS
def support_plan_new(request: HttpRequest, enrolment: UUID) -> HttpResponse:
    """アセスメント begins a plan; a review starts from what the last plan says."""
    row, on = get_enrolment_for_edit(request, enrolment), today(request)
    open_plan = queries.plan_being_made(list(row.support_plans.being_made()))
    if open_plan is not None and request.method != "POST":
        return redirect("support_plan_page", row.public_id, open_plan.public_id)
    before = row.support_plans.complete().order_by("-starts_on").first()
    initial = {name: getattr(before, name) for name in ASSESSED} if before else {}
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
