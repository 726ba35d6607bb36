"""引き継ぎ pages of the provider."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from clients.access import get_enrolment_for_edit
from clients.models import Enrolment
from plans.actions import handover as handover_actions
from plans.forms import handover as forms
from plans.models import Handover
from plans.rules.handover import handover_days
from plans.views.flow import enrolment_form
from teikyaku.accounts.access import requires
from teikyaku.accounts.roles import Permission, Scope
from teikyaku.clock import today

CONTRACTS = requires(Permission.CONTRACT_WRITE, scope=Scope.OFFICE)


@CONTRACTS
def handover_judge(request: HttpRequest, enrolment: UUID) -> HttpResponse:
    """Whether the person still needs support after the end."""
    row = get_enrolment_for_edit(request, enrolment)
    form = forms.JudgementForm(request.POST or None, initial={"judged_on": today(request)})

    def run(**who: Any) -> Handover:
        return handover_actions.judge_need(enrolment=row, **form.cleaned_data, **who)

    return enrolment_form(
        request, row, form, heading=_("引き継ぎの要否を判断する"), run=run, checked=(Handover,),
        done=_("判断を記録しました。"), template="plans/handover_form.html", days=_days(row), keeps=True,
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
        days=_days(row), keeps=True,
    )  # fmt: skip


def _days(enrolment: Enrolment) -> Any:
    return handover_days(enrolment.window_ends_on) if enrolment.window_ends_on else None
