"""今月の担当: people by question, with whom to call and one tap to log."""

from __future__ import annotations

from typing import Any, cast

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.translation import gettext as _

from clients.access import enrolments_for
from plans.queries.caseload import Ask, ask_counts, ask_q, by_urgency, case_rows, in_charge_q
from teikyaku.accounts.access import active_membership, active_office, requires
from teikyaku.accounts.queries.membership import staff_of
from teikyaku.accounts.roles import Permission, Scope
from teikyaku.clock import today
from teikyaku.periods import Month

# The caseload of one 支援員 fits a page (docs/rules.md §10: 40 people), and a page is light.
ROWS = 40


@requires(Permission.INTERVIEW_READ, scope=Scope.OFFICE)
def caseload(request: HttpRequest) -> HttpResponse:
    """The people who answer the chosen question, of everybody or of one member of staff."""
    membership, on = active_membership(request), today(request)
    team = staff_of(active_office(request), on)
    staff = next((m for m in team if str(m.public_id) == request.GET.get("staff")), None)
    ask = Ask(request.GET["ask"]) if request.GET.get("ask") in Ask.values else Ask.OVERDUE
    people = enrolments_for(membership, on)
    if staff is not None:
        people = people.filter(in_charge_q(on, user=staff.user_id))
    counts = ask_counts(people, Ask, on)
    page = Paginator(by_urgency(people.filter(ask_q(ask, on))), ROWS).get_page(
        request.GET.get("page")
    )
    context = {
        "page": page,
        "rows": case_rows(cast(Any, page.object_list), on),
        "ask": ask,
        "asks": [
            {
                "label": each.label,
                "count": counts[each],
                "url": _url(request.GET, each),
                "current": each == ask,
            }
            for each in Ask
        ],
        "team": [(str(m.public_id), m.user.name, m == staff) for m in team],
        "on": on,
        "can_log": membership.may(Permission.INTERVIEW_WRITE),
        "report_month": Month.of(on) if ask == Ask.REPORT_NOW else Month.of(on) - 1,
        "shows_suggestions": ask == Ask.SUGGESTION,
        "may_decide": membership.may(Permission.PACE_DECIDE),
        "shows_reports": ask in (Ask.REPORT, Ask.REPORT_NOW),
        "whose": staff.user.name if staff else _("全員"),
    }
    return render(request, "desk/caseload.html", context)


def _url(chosen: QueryDict, ask: Ask) -> str:
    wanted = chosen.copy()
    wanted["ask"] = ask.value
    wanted.pop("page", None)
    return f"?{wanted.urlencode()}"
