"""Whom a contact is about: the most likely first."""

from __future__ import annotations

from typing import Any

from django.db.models import BooleanField, ExpressionWrapper, F, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from clients.access import enrolments_for
from clients.queries.client_list import listed
from clients.queries.subject import named_q
from plans.queries.caseload import in_charge_q, todays_first
from plans.views.interview import carried_over
from teikyaku.accounts.access import active_membership, requires
from teikyaku.accounts.roles import Permission, Scope
from teikyaku.clock import today
from teikyaku.searched import searched

# Before anybody looks for a name: whom one meets soon. More are one tap away.
LIKELY = 15
SHOWN = 50


@requires(Permission.INTERVIEW_WRITE, scope=Scope.OFFICE)
def interview_choose(request: HttpRequest) -> HttpResponse:
    """Whom is the contact about? One's own people first: today's appointments, then who is due.

    `from` names a record that was written for the wrong person; it comes along.
    """
    membership, on = active_membership(request), today(request)
    text = searched(request)
    people = enrolments_for(membership, on).in_force(on).filter(named_q(text))
    own = ExpressionWrapper(in_charge_q(on, user=membership.user_id), BooleanField())
    rows: QuerySet[Any] = todays_first(listed(people, on).annotate(is_own=own), on)
    rows = rows.order_by(
        "-is_own", "-is_today", F("interview_due_on").asc(nulls_last=True), "client_kana", "pk"
    )
    most = SHOWN if text or "all" in request.GET else LIKELY
    found = list(rows[: most + 1])
    context = {
        "rows": found[:most],
        "has_more": len(found) > most,
        "may_show_more": most == LIKELY,
        "on": on,
        "q": text,
        "source": carried_over(request),
    }
    return render(request, "plans/interview_choose.html", context)
