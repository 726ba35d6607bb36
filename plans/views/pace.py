"""面談の間隔: the suggestion is accepted or declined, a longer interval is taken back."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from clients.access import get_enrolment_for_edit
from plans.actions import life_change
from plans.forms import pace as forms
from plans.models import PaceDecision
from plans.queries.pace import due_if_monthly, is_in_charge, next_due_of
from plans.views.flow import enrolment_form
from teikyaku.accounts.access import active_membership, requires
from teikyaku.accounts.roles import Permission, Scope
from teikyaku.clock import today
from teikyaku.era import both


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
        due=next_due_of(row), lead=_same_person(is_in_charge(row, active_membership(request), on)),
    )  # fmt: skip


def _same_person(is_own: bool) -> str:
    """本人兼務 is told before it is stored."""
    return _("この方の担当でもあるので、「本人兼務」と記録されます。") if is_own else ""


@requires(Permission.PACE_DECIDE, scope=Scope.OFFICE)
def pace_monthly(request: HttpRequest, enrolment: UUID) -> HttpResponse:
    """毎月に戻す by hand; what was decided before stays readable."""
    row = get_enrolment_for_edit(request, enrolment)
    on = today(request)
    is_longer = (next_due_of(row).agreed_on(on) or 1) > 1
    form = forms.MonthlyForm(request.POST or None)
    return enrolment_form(
        request, row, form, heading=_("面談の間隔を毎月に戻す"),
        lead=_monthly_lead(due_if_monthly(row, on), on) if is_longer else "",
        run=lambda **who: life_change.set_monthly(
            enrolment=row, decided_on=on, **form.cleaned_data, **who
        ),
        checked=(PaceDecision,), done=_("間隔を毎月に戻しました。"), submit_label=_("毎月に戻す"),
        template="plans/pace_monthly.html", is_longer=is_longer,
    )  # fmt: skip


def _monthly_lead(due_on: date | None, on: date) -> str:
    """What setting monthly brings about, with the due day that follows, before it is saved."""
    words = [_("今日から毎月になります。")]
    if due_on is not None:
        text = _("次の面談の期限は、最後の面談から数え直して%(day)sになります。")
        words.append(text % {"day": both(due_on)})
    if due_on is not None and due_on < on:
        words.append(_("もう過ぎている日なので、早めに会う日を決めてください。"))
    return "".join([*words, _("これまでの決定は履歴に残ります。")])
