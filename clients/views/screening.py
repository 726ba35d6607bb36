"""Can the person use the service, from when to when, and if not: who helps instead?"""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from clients.access import get_client_for_edit, not_of_another_office
from clients.actions.screening import keep_screening
from clients.forms.screening import ScreeningForm
from clients.models import Client, Screening
from clients.queries.screening import screening_facts
from clients.rules.kinds import ScreeningAnswer
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
    on = today(request)
    last = _own_screenings(request, person).first()
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
        return redirect("screening", person.public_id)
    kept = [
        {
            "on": row.screened_on,
            "kind": row.rules_version,
            "title": ScreeningAnswer(row.answer).label,
            "detail": " ".join(reason["text"] for reason in row.reasons),
        }
        for row in _own_screenings(request, person)[:10]
    ]
    if is_tried and form.is_valid():
        messages.info(request, _("試しの答えです。記録には残っていません。"))
    context = {"form": form, "result": result, "person": person, "on": on, "kept": kept,
        "centres": [each.name for each in result.referrals if not each.is_addition],
        "breadcrumbs": trail(
            _("利用できるかの確認"), reverse("client_page", args=[person.public_id])
        ),
    }  # fmt: skip
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "clients/screening.html", context, status=status)


def _own_screenings(request: HttpRequest, person: Client) -> QuerySet[Screening]:
    """Kept by this office: what somebody was asked elsewhere is not told here."""
    return person.screenings.filter(not_of_another_office(active_membership(request).office_id))
