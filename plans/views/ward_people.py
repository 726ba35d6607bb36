"""人をさがす: the one search of a ward, by person, whatever there is of them."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from plans.access import active_ward, applications_for, decisions_for
from plans.queries.ward_people import PersonFound, WardRows, people_found, told
from plans.views.flow import ward_trail
from plans.views.ward_papers import READS
from teikyaku.accounts.access import active_membership
from teikyaku.clock import today
from teikyaku.searched import searched

ROWS = 30


@READS
def ward_people(request: HttpRequest) -> HttpResponse:
    """Everybody whom the words mean; a single one is opened at once."""
    membership, on, text = active_membership(request), today(request), searched(request)
    rows = WardRows(applications_for(membership), decisions_for(membership), active_ward(request))
    people = people_found(rows, text) if text else people_found(rows, "").none()
    page = Paginator(people, ROWS).get_page(request.GET.get("page"))
    found = told(page.object_list, rows, on)
    if len(found) == 1 and page.paginator.count == 1:
        return _opened(found[0])
    context = {
        "page": page,
        "people": [
            (person, [(row, row.state_label(on)) for row in person.decisions]) for person in found
        ],
        "q": text,
        "breadcrumbs": ward_trail(_("人をさがす")),
    }
    return render(request, "plans/ward/people.html", context)


def _opened(person: PersonFound) -> HttpResponse:
    """What is under way, else the newest decision, else the newest application."""
    if person.open_application_id is not None:
        return redirect("admin:application_page", person.open_application_id)
    if person.decisions:
        return redirect("admin:decision_page", person.decisions[0].decision_id)
    return redirect("admin:application_page", person.applications[0].public_id)
