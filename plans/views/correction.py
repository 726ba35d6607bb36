"""What an office copied wrongly from a paper certificate."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from clients.access import get_enrolment_for_edit, get_enrolment_for_papers
from clients.models import RecipientNumber
from plans.access import get_transcribed_cap_or_404, get_transcribed_decision_or_404
from plans.actions import correction, life_change
from plans.forms.correction import (
    CapCorrectionForm,
    ContractCorrectionForm,
    DecisionCorrectionForm,
)  # fmt: skip
from plans.models import CapPeriod, Contract, Decision
from plans.views.flow import enrolment_form
from teikyaku.accounts.access import requires
from teikyaku.accounts.roles import Permission, Scope


@requires(Permission.CERTIFICATE_TRANSCRIBE, scope=Scope.OFFICE)
def decision_correct(request: HttpRequest, enrolment: UUID, decision: UUID) -> HttpResponse:
    """What was copied wrongly from the paper."""
    row = get_enrolment_for_papers(request, enrolment)
    found = get_transcribed_decision_or_404(row, decision)
    form = DecisionCorrectionForm(
        request.POST or None, initial=DecisionCorrectionForm.initial_of(found)
    )

    def run(**who: Any) -> Decision:
        reason = form.cleaned_data["reason"]
        return correction.correct_decision(decision=found, facts=form.facts(), reason=reason, **who)

    return enrolment_form(
        request,
        row,
        form,
        heading=_("転記を訂正する"),
        lead=_("紙と違っていたところを直します。更新や変更の紙が届いたときは、新しく転記します。"),
        done=_("転記を訂正しました。"),
        run=run,
        checked=(Decision, RecipientNumber),
    )


@requires(Permission.CERTIFICATE_TRANSCRIBE, scope=Scope.OFFICE)
def cap_correct(request: HttpRequest, enrolment: UUID, cap: UUID) -> HttpResponse:
    """A cap that was copied wrongly."""
    row = get_enrolment_for_papers(request, enrolment)
    found = get_transcribed_cap_or_404(row, cap)
    form = CapCorrectionForm(request.POST or None, initial=CapCorrectionForm.initial_of(found))

    def run(**who: Any) -> CapPeriod:
        reason = form.cleaned_data["reason"]
        return correction.correct_cap(cap=found, changes=form.changes(), reason=reason, **who)

    return enrolment_form(
        request,
        row,
        form,
        heading=_("負担上限月額を訂正する"),
        lead=_("紙と違っていたところを直します。額が変わったときは、新しい月から記録します。"),
        done=_("負担上限月額を訂正しました。"),
        run=run,
        checked=(CapPeriod,),
    )


CONTRACTS = requires(Permission.CONTRACT_WRITE, scope=Scope.OFFICE)


@CONTRACTS
def contract_correct(request: HttpRequest, enrolment: UUID, contract: UUID) -> HttpResponse:
    """Days or amount of a contract were written wrongly."""
    row = get_enrolment_for_edit(request, enrolment)
    found = row.contracts.filter(public_id=contract).first()
    if found is None:
        raise Http404
    form = ContractCorrectionForm(request.POST or None, instance=found)

    def run(**who: Any) -> Contract:
        stored = Contract.objects.get(pk=found.pk)
        reason = form.cleaned_data["reason"]
        return life_change.correct_contract(
            contract=stored, changes=form.changes(), reason=reason, **who
        )

    return enrolment_form(
        request, row, form, heading=_("契約を訂正する"), run=run, checked=(Contract,),
        lead=_("利用開始日を直すと、面談の期限も数え直します。締めた月は変わりません。"),
        done=_("契約を訂正しました。"),
    )  # fmt: skip
