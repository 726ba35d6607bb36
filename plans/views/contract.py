"""Contract, support plan, consent, pace and hand-over pages of the provider."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from clients.access import get_enrolment_for_edit
from clients.models import Consent, Enrolment
from plans.actions import contract as contract_actions
from plans.actions import handover as handover_actions
from plans.actions import life_change
from plans.actions.report import give_consent, withdraw_consent
from plans.actions.support_plan import record_support_plan
from plans.forms import contract as forms
from plans.models import Contract, Handover, PaceDecision, SupportPlan
from plans.queries.pace import next_due_of
from plans.rules.handover import handover_days
from plans.views.flow import enrolment_form
from teikyaku.accounts.access import requires
from teikyaku.accounts.roles import Permission, Scope
from teikyaku.clock import today

CONTRACTS = requires(Permission.CONTRACT_WRITE, scope=Scope.OFFICE)


@CONTRACTS
def contract_new(request: HttpRequest, enrolment: UUID) -> HttpResponse:
    """重要事項説明, signature, use begins."""
    row = get_enrolment_for_edit(request, enrolment)
    form = forms.ContractForm(request.POST or None)

    def run(**who: Any) -> Contract:
        return life_change.start_use(enrolment=row, **form.cleaned_data, **who)

    return enrolment_form(
        request, row, form, heading=_("契約を記録する"), run=run, checked=(Contract, Enrolment),
        lead=_("説明・契約・利用開始の日付を、この順に入れます。"),
        done=_("契約を記録しました。契約内容報告書を市町村へ送ってください。"),
    )  # fmt: skip


@CONTRACTS
def contract_report(request: HttpRequest, enrolment: UUID, contract: UUID) -> HttpResponse:
    """契約内容報告書 was sent."""
    row = get_enrolment_for_edit(request, enrolment)
    paper = Contract.objects.filter(enrolment=row, public_id=contract).first()
    if paper is None:
        raise Http404
    form = forms.ContractReportForm(request.POST or None, initial={"on": today(request)})

    def run(**who: Any) -> Contract:
        return contract_actions.report_contract(contract=paper, **form.cleaned_data, **who)

    return enrolment_form(
        request, row, form, heading=_("契約内容報告書を送った日"), run=run, checked=(Contract,),
        done=_("送った日を記録しました。"),
    )  # fmt: skip


@CONTRACTS
def support_plan_new(request: HttpRequest, enrolment: UUID) -> HttpResponse:
    """個別支援計画 was handed over."""
    row = get_enrolment_for_edit(request, enrolment)
    form = forms.SupportPlanForm(request.POST or None)

    def run(**who: Any) -> SupportPlan:
        return record_support_plan(enrolment=row, **form.cleaned_data, **who)

    return enrolment_form(
        request, row, form, heading=_("個別支援計画を記録する"), run=run, checked=(SupportPlan,),
        lead=_("アセスメントから交付までの日付を、手順の順に入れます。"),
        done=_("個別支援計画を記録しました。"),
    )  # fmt: skip


@CONTRACTS
def consent_new(request: HttpRequest, enrolment: UUID) -> HttpResponse:
    """The person consented."""
    row = get_enrolment_for_edit(request, enrolment)
    form = forms.ConsentForm(request.POST or None, initial={"starts_on": today(request)})

    def run(**who: Any) -> Consent:
        return give_consent(enrolment=row, **form.cleaned_data, **who)

    return enrolment_form(
        request, row, form, heading=_("同意を記録する"), run=run, checked=(Consent,),
        lead=_("相手ごと・内容ごとに記録します。"), done=_("同意を記録しました。"),
    )  # fmt: skip


@CONTRACTS
def consent_end(request: HttpRequest, enrolment: UUID, consent: UUID) -> HttpResponse:
    """The person withdrew a consent."""
    row = get_enrolment_for_edit(request, enrolment)
    given = Consent.objects.filter(enrolment=row, public_id=consent, ends_on=None).first()
    if given is None:
        raise Http404
    form = forms.ConsentEndForm(request.POST or None, initial={"on": today(request)})

    def run(**who: Any) -> Consent:
        return withdraw_consent(consent=given, **form.cleaned_data, **who)

    return enrolment_form(
        request, row, form, heading=_("同意の撤回を記録する"), run=run, checked=(Consent,),
        done=_("同意の撤回を記録しました。"),
    )  # fmt: skip


@requires(Permission.PACE_DECIDE, scope=Scope.OFFICE)
def pace_decide(request: HttpRequest, enrolment: UUID) -> HttpResponse:
    """Accept or decline the suggestion to loosen; the months that cannot be billed stand first."""
    row = get_enrolment_for_edit(request, enrolment)
    on = today(request)
    form = forms.PaceForm(request.POST or None)

    def run(**who: Any) -> PaceDecision:
        data = form.cleaned_data
        return life_change.decide_pace(
            enrolment=row, decided_on=on, is_accepted=data["answer"] == "yes",
            reason=data["reason"], **who,
        )  # fmt: skip

    return enrolment_form(
        request, row, form, heading=_("面談の間隔を決める"), run=run, checked=(PaceDecision,),
        done=_("間隔の決定を記録しました。"), template="plans/pace_form.html",
        due=next_due_of(row, on),
    )  # fmt: skip


@CONTRACTS
def handover_judge(request: HttpRequest, enrolment: UUID) -> HttpResponse:
    """Whether the person still needs support after the end."""
    row = get_enrolment_for_edit(request, enrolment)
    form = forms.JudgementForm(request.POST or None, initial={"judged_on": today(request)})

    def run(**who: Any) -> Handover:
        return handover_actions.judge_need(enrolment=row, **form.cleaned_data, **who)

    return enrolment_form(
        request, row, form, heading=_("引き継ぎの要否を判断する"), run=run, checked=(Handover,),
        done=_("判断を記録しました。"), template="plans/handover_form.html", days=_days(row),
    )  # fmt: skip


@CONTRACTS
def handover_edit(request: HttpRequest, enrolment: UUID) -> HttpResponse:
    """Centre, consent, sharing, meeting, acceptance."""
    row = get_enrolment_for_edit(request, enrolment)
    handover = Handover.objects.filter(enrolment=row).first()
    if handover is None:
        raise Http404
    names = list(forms.HandoverForm.base_fields)
    initial = {name: getattr(handover, name) for name in names}
    form = forms.HandoverForm(request.POST or None, initial=initial)

    def run(**who: Any) -> Handover:
        return handover_actions.record_progress(handover=handover, **form.cleaned_data, **who)

    return enrolment_form(
        request, row, form, heading=_("引き継ぎの経過"), run=run, checked=(Handover,),
        done=_("引き継ぎの経過を記録しました。"), template="plans/handover_form.html",
        days=_days(row),
    )  # fmt: skip


def _days(enrolment: Enrolment) -> Any:
    return handover_days(enrolment.window_ends_on) if enrolment.window_ends_on else None
