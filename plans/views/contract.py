"""利用契約 pages of the provider."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from clients.access import get_enrolment_for_edit
from clients.models import Enrolment
from plans.actions import contract as contract_actions
from plans.actions import life_change
from plans.forms import contract as forms
from plans.models import Contract
from plans.views.flow import enrolment_form, lead_of_month
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
        lead=lead_of_month(request, _("説明・契約・利用開始の日付を、この順に入れます。")),
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
