"""今月の担当: people by question, with whom to call and one tap to log."""

from __future__ import annotations

from datetime import date
from typing import Any, cast

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _l

from clients.access import enrolments_for
from clients.models import Enrolment
from plans.queries.caseload import Ask, ask_counts, ask_q, by_urgency, case_rows, in_charge_q
from plans.queries.report_asked import with_reports
from teikyaku.accounts.access import active_membership, active_office, requires
from teikyaku.accounts.models import Membership
from teikyaku.accounts.queries.membership import staff_of
from teikyaku.accounts.queries.saved_view import saved_chips
from teikyaku.accounts.roles import Permission, Scope
from teikyaku.accounts.saved_lists import Reading, can_be_saved
from teikyaku.clock import today
from teikyaku.desk.queries.case_filter import CaseFilter, case_filter, other_asks
from teikyaku.desk.queries.home import EVERYBODY
from teikyaku.desk.views.picking import NOBODY, report_month, step_asked_for

# On a phone a person takes 200 px: what is overdue stands first, the rest of forty on a second page.
ROWS = 25


def _read(request: HttpRequest, query: QueryDict) -> Reading:
    """The conditions of a query that can be kept, and how they are said."""
    on = today(request)
    team = staff_of(active_office(request), on)
    people = enrolments_for(active_membership(request), on)
    return _reading(case_filter(query, team, _own(request, query, team, people, on)))


def _reading(chosen: CaseFilter) -> Reading:
    return Reading(chosen.conditions, f"{chosen.questions}（{chosen.whose}）")


@can_be_saved(_l("今月の担当"), _read)
@requires(Permission.INTERVIEW_READ, scope=Scope.OFFICE)
def caseload(request: HttpRequest) -> HttpResponse:
    """The people who answer all the chosen questions, of everybody or of one member of staff."""
    membership, on = active_membership(request), today(request)
    if (step := step_asked_for(request, on)) is not None:
        return step
    team = staff_of(active_office(request), on)
    people = enrolments_for(membership, on)
    chosen = case_filter(request.GET, team, _own(request, request.GET, team, people, on))
    among = chosen.among(people, on)
    counts = ask_counts(among, Ask, on)
    found = by_urgency(among.filter(ask_q(chosen.ask, on)))
    page = Paginator(found, ROWS).get_page(request.GET.get("page"))
    month, asks_reports = report_month(chosen.ask, on), chosen.ask in (Ask.REPORT, Ask.REPORT_NOW)
    rows = case_rows(cast(Any, page.object_list), on)
    context = {
        "page": page,
        "rows": with_reports(rows, month) if asks_reports else rows,
        "chosen": chosen,
        "asks": _chips(counts, chosen),
        "other_asks": other_asks(chosen),
        "team": [(str(m.public_id), m.user.name, m == chosen.staff) for m in team],
        "on": on,
        "saved": saved_chips(membership, "caseload", _reading(chosen)),
        "can_log": membership.may(Permission.INTERVIEW_WRITE),
        "shows_suggestions": chosen.ask == Ask.SUGGESTION,
        "may_decide": membership.may(Permission.PACE_DECIDE),
        "may_move": membership.may(Permission.STAFF_ASSIGN),
        "shows_reports": asks_reports,
        "report_month": month,
        "nobody": NOBODY in request.GET,
        "whose": chosen.whose,
        "everybody": EVERYBODY,
    }
    return render(request, "desk/caseload.html", context)


def _own(
    request: HttpRequest,
    query: QueryDict,
    team: list[Membership],
    people: QuerySet[Enrolment],
    on: date,
) -> Membership | None:
    """Whose people are shown where nobody was asked for: one's own, where one has some."""
    if "staff" in query or "person" in query:
        return None
    me = next((m for m in team if m.user_id == active_membership(request).user_id), None)
    return me if me and people.filter(in_charge_q(on, user=me.user_id)).exists() else None


def _chips(counts: dict[Ask, int], chosen: CaseFilter) -> dict[str, list[dict[str, Any]]]:
    """The questions with their counts: those with somebody, and apart those with nobody.

    A count is of the people that its link shows: the further conditions hold there as well.
    """
    chips = [
        {
            "label": each.label,
            "count": counts[each],
            "url": f"?{chosen.asked(each).query}",
            "current": each == chosen.ask,
        }
        for each in Ask
    ]
    return {
        "some": [chip for chip in chips if chip["count"] or chip["current"]],
        "none": [chip for chip in chips if not (chip["count"] or chip["current"])],
    }
