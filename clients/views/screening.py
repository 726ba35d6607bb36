"""Can the person use the service, from when to when, and if not: who helps instead?"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from clients.forms.screening import ScreeningForm
from clients.models import Client
from clients.queries.screening import (
    kept_answers,
    kept_entries,
    own_screenings,
    screening_facts,
)  # fmt: skip
from clients.queries.services import services_of
from clients.queries.subject import subject_of
from clients.rules.kinds import ScreeningAnswer
from clients.rules.screening import screen
from teikyaku.accounts.access import active_membership
from teikyaku.accounts.queries.figures import figure
from teikyaku.clock import now, today
from teikyaku.form_pages import trail
from teikyaku.periods import Month

NO = (ScreeningAnswer.NOT_ELIGIBLE, ScreeningAnswer.EXPIRED)


def screen_and_keep(
    request: HttpRequest, person: Client, *, back: str, keep: Callable[..., Any], refer_url: str
) -> HttpResponse:
    """The page for an office or a ward whose right to see `person` has been asked already.

    `keep` stores the answer; `refer_url`: where the person is led to one of the centres.
    """
    on, membership = today(request), active_membership(request)
    own = own_screenings(membership, person)
    known = kept_answers(membership, person)
    form = ScreeningForm(request.POST or None, initial=known)
    # Without new answers the page says what was kept, by the facts of today.
    answers = form.cleaned_data if form.is_valid() else known
    days = int(figure("window.apply_days_before", Month.of(on)).value)
    result = screen(screening_facts(person, on, **answers), on, days)
    is_tried = "try" in request.POST
    if request.method == "POST" and not is_tried and form.is_valid():
        keep(client=person, answers=answers, result=result, by=membership, at=now(request))
        messages.success(request, _("確認の結果を残しました。"))
        return redirect(request.path)
    if is_tried and form.is_valid():
        messages.info(request, _("試しの答えです。記録には残っていません。"))
    context = {"form": form, "result": result, "on": on, "kept": kept_entries(own),
        "subject": subject_of(person, on), "refer_url": refer_url,
        "is_no": result.answer in NO,
        "services": services_of(person, result, membership, on),
        "breadcrumbs": trail(_("利用できるかの確認"), back),
    }  # fmt: skip
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "clients/screening.html", context, status=status)
