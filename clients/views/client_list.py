"""The client list: search, filters, one row a person."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _l

from clients.access import enrolments_for
from clients.forms.client_list import ClientListForm
from clients.models import Enrolment
from clients.queries.client_list import listed
from teikyaku.accounts.access import active_membership, active_office, requires
from teikyaku.accounts.queries.membership import staff_of
from teikyaku.accounts.queries.saved_view import saved_chips
from teikyaku.accounts.roles import Permission, Scope
from teikyaku.accounts.saved_lists import Reading, can_be_saved
from teikyaku.clock import today

ROWS = 50


def _only_match(request: HttpRequest, rows: QuerySet[Enrolment]) -> Enrolment | None:
    """Who was searched for by name or number alone, where nobody else fits: no list in between."""
    asked = {name for name, value in request.GET.items() if value}
    if asked != {"q"}:
        return None
    found = list(rows[:2])
    return found[0] if len(found) == 1 else None


def _reading(form: ClientListForm) -> Reading:
    return Reading(form.conditions, form.conditions_words)


def _read(request: HttpRequest, query: QueryDict) -> Reading:
    """The conditions of a query that can be kept, and how they are said."""
    on = today(request)
    return _reading(ClientListForm(query, staff=staff_of(active_office(request), on), on=on))


@can_be_saved(_l("利用者"), _read)
@requires(Permission.CLIENT_READ, scope=Scope.OFFICE)
def client_list(request: HttpRequest) -> HttpResponse:
    """The people of the active office, those whose meeting is due first, or by kana."""
    membership = active_membership(request)
    on = today(request)
    form = ClientListForm(request.GET, staff=staff_of(active_office(request), on), on=on)
    people = enrolments_for(membership, on).filter(form.condition())
    rows = listed(people, on, form.text, by_kana=form.is_by_kana)
    if form.is_valid() and (only := _only_match(request, rows)) is not None:
        return redirect("client_page", only.client.public_id)
    page = Paginator(rows, ROWS).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "page": page,
        "saved": saved_chips(membership, "client_list", _reading(form)),
        "on": on,
        "reset_url": reverse("client_list"),
        "can_write": membership.may(Permission.CLIENT_WRITE),
        "can_read_notes": membership.may(Permission.INTERVIEW_READ),
    }
    return render(request, "clients/client_list.html", context)
