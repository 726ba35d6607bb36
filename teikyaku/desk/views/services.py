"""3つの支援をくらべる: the guidance's table with one person's facts."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from clients.queries.dossier import ClientDossier
from clients.queries.screening import kept_answers, screening_facts
from clients.queries.services import services_of
from clients.queries.summary import person_summary
from clients.rules.screening import screen
from plans.queries.dossier import support_dossier
from teikyaku.accounts.access import active_membership, requires
from teikyaku.accounts.queries.figures import figure
from teikyaku.accounts.roles import Permission, Scope
from teikyaku.desk.views.client_page import dossier_or_404
from teikyaku.form_pages import trail
from teikyaku.money import yen
from teikyaku.periods import Month


@requires(Permission.CLIENT_READ, scope=Scope.OFFICE)
def client_services(request: HttpRequest, client: UUID) -> HttpResponse:
    """Who, from when, how long, at what cost, where to ask: as the office knows the person."""
    membership, dossier = active_membership(request), dossier_or_404(request, client)
    on, person = dossier.on, dossier.client
    days = int(figure("window.apply_days_before", Month.of(on)).value)
    facts = screening_facts(person, on, **kept_answers(membership, person))
    result = screen(facts, on, days)
    context = {
        "person": person_summary(dossier),
        "result": result,
        "services": services_of(person, result, membership, on, _cost(dossier)),
        "may_write": membership.may(Permission.CLIENT_WRITE)
        and (dossier.enrolment.ends_on is None or dossier.enrolment.ends_on >= on),
        "breadcrumbs": trail(
            _("3つの支援をくらべる"), reverse("client_page", args=[person.public_id])
        ),
    }
    return render(request, "desk/client_services.html", context)


def _cost(dossier: ClientDossier) -> str:
    """The cap that holds on the day; "" where none is on file."""
    first = Month.of(dossier.on).first_day
    for cap in support_dossier(dossier).caps:
        if cap.first_month <= first and (cap.last_month is None or first <= cap.last_month):
            text = _("負担上限月額は%(cap)s（%(category)s）。")
            return text % {"cap": yen(cap.cap_yen), "category": cap.get_category_display()}
    return ""
