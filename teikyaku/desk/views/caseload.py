"""今月の担当: people by question, with whom to call and one tap to log."""

from __future__ import annotations

from datetime import date
from typing import Any, cast

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from clients.access import enrolments_for
from clients.models import Enrolment
from plans.queries.caseload import Ask, ask_counts, ask_q, by_urgency, case_rows, in_charge_q
from teikyaku.accounts.access import active_membership, active_office, requires
from teikyaku.accounts.models import Membership
from teikyaku.accounts.queries.membership import staff_of
from teikyaku.accounts.roles import Permission, Scope
from teikyaku.clock import today
from teikyaku.desk.queries.home import EVERYBODY
from teikyaku.periods import Month

# The caseload of one 支援員 fits a page (docs/rules.md §10: 40 people), and a page is light.
ROWS = 40


@requires(Permission.INTERVIEW_READ, scope=Scope.OFFICE)
def caseload(request: HttpRequest) -> HttpResponse:
    """The people who answer the chosen question, of everybody or of one member of staff."""
    membership, on = active_membership(request), today(request)
    team = staff_of(active_office(request), on)
    ask = Ask(request.GET["ask"]) if request.GET.get("ask") in Ask.values else Ask.OVERDUE
    people = enrolments_for(membership, on)
    staff = _staff(request, team, people, on)
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
        "asks": _chips(counts, ask, str(staff.public_id) if staff else EVERYBODY),
        "team": [(str(m.public_id), m.user.name, m == staff) for m in team],
        "on": on,
        "can_log": membership.may(Permission.INTERVIEW_WRITE),
        "report_month": Month.of(on) if ask == Ask.REPORT_NOW else Month.of(on) - 1,
        "shows_suggestions": ask == Ask.SUGGESTION,
        "may_decide": membership.may(Permission.PACE_DECIDE),
        "shows_reports": ask in (Ask.REPORT, Ask.REPORT_NOW),
        "whose": staff.user.name if staff else _("全員"),
        "everybody": EVERYBODY,
    }
    return render(request, "desk/caseload.html", context)


def _staff(
    request: HttpRequest, team: list[Membership], people: QuerySet[Enrolment], on: date
) -> Membership | None:
    """Whose people are wanted; None for everybody's. Unasked: one's own, where one has some."""
    wanted = request.GET.get("staff")
    if wanted is not None:
        return next((member for member in team if str(member.public_id) == wanted), None)
    me = next((m for m in team if m.user_id == active_membership(request).user_id), None)
    return me if me and people.filter(in_charge_q(on, user=me.user_id)).exists() else None


def _chips(counts: dict[Ask, int], asked: Ask, staff: str) -> dict[str, list[dict[str, Any]]]:
    """The questions with their counts: those with somebody, and apart those with nobody."""
    chips = [
        {
            "label": each.label,
            "count": counts[each],
            "url": f"?ask={each.value}&staff={staff}",
            "current": each == asked,
        }
        for each in Ask
    ]
    return {
        "some": [chip for chip in chips if chip["count"] or chip["current"]],
        "none": [chip for chip in chips if not (chip["count"] or chip["current"])],
    }
