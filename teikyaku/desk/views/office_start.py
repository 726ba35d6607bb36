"""始め方: the guide of an office that moves in, its first month here, and each person's opening facts."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from clients.access import get_enrolment_for_edit
from clients.queries.subject import names_of
from plans.actions import opening as opening_actions
from plans.forms.opening import OpeningForm
from plans.models import OpeningFacts
from plans.queries.caps import cap_for
from plans.views.flow import enrolment_form
from teikyaku.accounts.access import active_membership, active_office, requires
from teikyaku.accounts.flow import form_flow
from teikyaku.accounts.models import OfficeStart
from teikyaku.accounts.queries.office_start import first_month_here, start_of
from teikyaku.accounts.roles import Permission, Scope
from teikyaku.clock import now, today
from teikyaku.desk.actions.office_start import (
    answer_step,
    ask_step_again,
    bring_guide_back,
    put_guide_away,
    set_first_month,
)
from teikyaku.desk.forms.office_start import FirstMonthForm
from teikyaku.desk.queries.office_start import CLAIMS, INVOICES, office_guide, without_opening
from teikyaku.desk.queries.start_asks import (
    ENDS,
    PLANS,
    ends_left_out,
    mark_of,
    why_asked,
    without_plan,
)
from teikyaku.desk.queries.start_figures import FIGURES, open_figures
from teikyaku.desk.views.move_in import MOVES_IN
from teikyaku.periods import Month

SHOWN = 50
SETTLES = requires(Permission.OFFICE_SETTINGS, scope=Scope.OFFICE)


@SETTLES
def office_start(request: HttpRequest) -> HttpResponse:
    """Each step with its state; below, the people of whom no last meeting is known."""
    office, on = active_office(request), today(request)
    people = without_opening(office, on)
    shown = list(people[:SHOWN])
    names = names_of([row.client_id for row in shown], on)
    ends = ends_left_out(office, on)
    ended = list(ends[:SHOWN])
    named = names_of([row.client_id for row in ended], on)
    context = {
        "ends": [
            {"row": row, "name": named.get(row.client_id), "why": why_asked(row)} for row in ended
        ],
        "more_ends": max(ends.count() - SHOWN, 0),
        "figures": open_figures(on),
        "guide": office_guide(office, on),
        "start": start_of(office),
        "people": [{"row": row, "name": names.get(row.client_id)} for row in shown],
        "more": max(people.count() - SHOWN, 0),
    }
    return render(request, "desk/office_start.html", context)


@SETTLES
def first_month(request: HttpRequest) -> HttpResponse:
    """The first month that the office bills here."""
    office = active_office(request)
    known = first_month_here(office)
    form = FirstMonthForm(
        request.POST or None, initial={"first_month": known.first_day if known else None}
    )

    def run(**who: Any) -> OfficeStart:
        month = Month.of(form.cleaned_data["first_month"])
        return set_first_month(office=office, first_month=month, **who)

    return form_flow(
        request, form, heading=_("ここで請求する最初の月"), back=reverse("office_start"), run=run,
        lead=_(
            "この月より前は、前の方法で請求した月です。未請求・期限切れ・締めていない月には数えません。面談の期限も、この月から数えます。"
        ),
        done=_("最初の月を記録しました。"), checked=(OfficeStart,),
    )  # fmt: skip


@require_POST
@SETTLES
def start_put_away(request: HttpRequest) -> HttpResponse:
    """The guide goes from the home, or comes back."""
    who: dict[str, Any] = {"by": active_membership(request), "at": now(request)}
    if "back" in request.POST:
        bring_guide_back(office=active_office(request), **who)
        return redirect("office_start")
    put_guide_away(office=active_office(request), **who)
    messages.success(
        request, _("案内をしまいました。「届出」のページの「始め方と移行」から開けます。")
    )
    return redirect("home")


@require_POST
@SETTLES
def start_answer(request: HttpRequest, step: str) -> HttpResponse:
    """Somebody knows whom a step names; or the answer was a mistake."""
    office, on = active_office(request), today(request)
    who: dict[str, Any] = {"by": active_membership(request), "at": now(request)}
    named = {PLANS: without_plan, ENDS: ends_left_out}
    if step not in {*named, FIGURES, INVOICES, CLAIMS}:
        raise Http404
    if "again" in request.POST:
        ask_step_again(office=office, step=step, **who)
        return redirect("office_start")
    keys: list[Any] = []
    if step in named:
        keys = list(named[step](office, on).values_list("public_id", flat=True))
    elif step == FIGURES:
        keys = [row.key for row in open_figures(on)]
    if step in {*named, FIGURES} and request.POST.get("seen") != mark_of(keys):
        text = (
            _("開いているあいだに、確かめる数値が変わりました。もう一度見てから答えてください。")
            if step == FIGURES
            else _("開いているあいだに、確かめる人が変わりました。もう一度見てから答えてください。")
        )
        messages.error(request, text)
        return redirect("office_start")
    answer_step(office=office, step=step, keys=keys, **who)
    return redirect("office_start")


@MOVES_IN
def opening_edit(request: HttpRequest, enrolment: UUID) -> HttpResponse:
    """移行時の事実 of one person, told by hand or corrected."""
    row = get_enrolment_for_edit(request, enrolment)
    known = OpeningFacts.objects.filter(enrolment=row).first()
    form = OpeningForm(request.POST or None, known=known)

    def run(**who: Any) -> OpeningFacts:
        if known is None:
            return opening_actions.record_opening(enrolment=row, **form.cleaned_data, **who)
        return opening_actions.correct_opening(opening=known, **form.cleaned_data, **who)

    return enrolment_form(
        request, row, form, heading=_("移行時の事実"), run=run, checked=(OpeningFacts,),
        done=_("移行時の事実を記録しました。"), template="desk/opening_form.html",
        cap=cap_for(row.client, Month.of(today(request))), use=row,
    )  # fmt: skip
