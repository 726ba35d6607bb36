"""Can the person use the service, from when to when, and if not: who helps instead?"""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from clients.access import get_client_for_edit
from clients.actions.screening import keep_screening
from clients.forms.screening import ScreeningForm
from clients.models import Client
from clients.queries.screening import kept_entries, own_screenings, screening_facts
from clients.queries.subject import subject_of
from clients.rules.screening import screen
from teikyaku.accounts.access import active_membership, requires
from teikyaku.accounts.queries.figures import figure
from teikyaku.accounts.roles import Permission, Scope
from teikyaku.clock import now, today
from teikyaku.form_pages import trail
from teikyaku.periods import Month


@requires(Permission.CLIENT_WRITE, scope=Scope.OFFICE)
def screening(request: HttpRequest, client: UUID) -> HttpResponse:
    """Ask, answer with reasons, and keep the answer where that is wanted."""
    person = get_client_for_edit(request, client)
    return screen_and_keep(request, person, back=reverse("client_page", args=[person.public_id]))


def screen_and_keep(request: HttpRequest, person: Client, *, back: str) -> HttpResponse:
    """The page for an office or a ward whose right to see `person` has been asked already."""
    on = today(request)
    own = own_screenings(active_membership(request), person)
    last = own.first()
    form = ScreeningForm(request.POST or None, initial=last.inputs if last else None)
    answers = form.cleaned_data if form.is_valid() else {}
    days = int(figure("window.apply_days_before", Month.of(on)).value)
    result = screen(screening_facts(person, on, **answers), on, days)
    is_tried = "try" in request.POST
    if request.method == "POST" and not is_tried and form.is_valid():
        keep_screening(
            client=person,
            answers=answers,
            result=result,
            by=active_membership(request),
            at=now(request),
        )
        messages.success(request, _("確認の結果を残しました。"))
        return redirect(request.path)
    if is_tried and form.is_valid():
        messages.info(request, _("試しの答えです。記録には残っていません。"))
    context = {"form": form, "result": result, "on": on, "kept": kept_entries(own),
        "subject": subject_of(person, on),
        "centres": [each.name for each in result.referrals if not each.is_addition],
        "breadcrumbs": trail(_("利用できるかの確認"), back),
    }  # fmt: skip
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "clients/screening.html", context, status=status)
