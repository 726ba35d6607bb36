"""The client list: search, filters, one row a person."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from clients.access import enrolments_for
from clients.forms.client_list import ClientListForm
from clients.queries.client_list import listed
from teikyaku.accounts.access import active_membership, active_office, requires
from teikyaku.accounts.queries.membership import staff_of
from teikyaku.accounts.roles import Permission, Scope
from teikyaku.clock import today

ROWS = 50


@requires(Permission.CLIENT_READ, scope=Scope.OFFICE)
def client_list(request: HttpRequest) -> HttpResponse:
    """The people of the active office, those whose meeting is due first."""
    membership = active_membership(request)
    on = today(request)
    form = ClientListForm(request.GET, staff=staff_of(active_office(request), on), on=on)
    rows = listed(enrolments_for(membership, on).filter(form.condition()), on)
    page = Paginator(rows, ROWS).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "page": page,
        "on": on,
        "reset_url": reverse("client_list"),
        "can_write": membership.may(Permission.CLIENT_WRITE),
    }
    return render(request, "clients/client_list.html", context)
