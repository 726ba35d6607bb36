"""The client page."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from clients.access import enrolments_for, get_client_or_404
from teikyaku.accounts.access import active_membership, requires
from teikyaku.accounts.roles import Permission, Scope
from teikyaku.clock import today
from teikyaku.desk.queries.person import person_page
from teikyaku.periods import Month


@requires(Permission.CLIENT_READ, scope=Scope.OFFICE)
def client_page(request: HttpRequest, client: UUID) -> HttpResponse:
    """Everything about one person, for the office that works (or worked) with them."""
    membership, on = active_membership(request), today(request)
    row = get_client_or_404(request, client)
    enrolment = (
        enrolments_for(membership, on)
        .filter(client=row)
        .select_related("client", "office")
        .order_by("-starts_on")
        .first()
    )
    if enrolment is None:
        raise Http404
    money = membership.may(Permission.MONTH_READ)
    page = person_page(row, enrolment, on, money=money)
    context = {
        "page": page,
        "on": page.seen_on,
        "month": Month.of(on),
        "may": {
            "reopen": not page.is_running and membership.may(Permission.CLIENT_WRITE),
            "write": page.is_running and membership.may(Permission.CLIENT_WRITE),
            "contract": page.is_running and membership.may(Permission.CONTRACT_WRITE),
            "transcribe": page.is_running and membership.may(Permission.CERTIFICATE_TRANSCRIBE),
            "log": page.is_running and membership.may(Permission.INTERVIEW_WRITE),
            "read_interviews": membership.may(Permission.INTERVIEW_READ),
            "assign": page.is_running and membership.may(Permission.STAFF_ASSIGN),
            "decide": page.is_running and membership.may(Permission.PACE_DECIDE),
            "money": money,
        },
    }
    return render(request, "desk/client_page.html", context)
