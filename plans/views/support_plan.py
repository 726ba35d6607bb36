"""個別支援計画 pages of the provider."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from clients.access import get_enrolment_for_edit
from clients.actions.facts import correct_fact
from clients.models import Attachment
from clients.views.beside import beside
from plans.actions.support_plan import record_support_plan
from plans.forms import support_plan as forms
from plans.models import SupportPlan
from plans.views.flow import enrolment_form, form_beside
from teikyaku.accounts.access import requires
from teikyaku.accounts.roles import Permission, Scope

CONTRACTS = requires(Permission.CONTRACT_WRITE, scope=Scope.OFFICE)


@CONTRACTS
def support_plan_new(request: HttpRequest, enrolment: UUID) -> HttpResponse:
    """個別支援計画 was handed over."""
    row = get_enrolment_for_edit(request, enrolment)
    side = beside(request, row, Attachment.Kind.SUPPORT_PLAN)
    form = forms.SupportPlanForm(side.answers)

    def run(**who: Any) -> SupportPlan:
        return record_support_plan(enrolment=row, **form.cleaned_data, **who)

    return form_beside(
        request, row, form, side, heading=_("個別支援計画を記録する"), run=run,
        checked=(SupportPlan,), dated_by="handed_over_on",
        lead=_("アセスメントから交付までの日付を、手順の順に入れます。"),
        done=_("個別支援計画を記録しました。"),
    )  # fmt: skip


@CONTRACTS
def support_plan_correct(request: HttpRequest, enrolment: UUID, plan: UUID) -> HttpResponse:
    """A support plan was written wrongly; what was reviewed is a new plan instead."""
    row = get_enrolment_for_edit(request, enrolment)
    found = row.support_plans.filter(public_id=plan).first()
    if found is None:
        raise Http404
    form = forms.SupportPlanCorrectionForm(request.POST or None, instance=found)

    def run(**who: Any) -> Any:
        stored = SupportPlan.objects.get(pk=found.pk)
        reason = form.cleaned_data["reason"]
        return correct_fact(stored, changes=form.changes(), reason=reason, **who)

    return enrolment_form(
        request, row, form, heading=_("個別支援計画を訂正する"), run=run, checked=(SupportPlan,),
        lead=_("書き間違いを直します。見直した計画は、新しく記録します。"),
        done=_("個別支援計画を訂正しました。"),
    )  # fmt: skip
