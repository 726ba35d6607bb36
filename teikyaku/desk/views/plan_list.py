"""個別支援計画 of the office by question, of everybody or of one member of staff."""

from __future__ import annotations

from typing import Any, cast

from django.core.paginator import Paginator
from django.db.models import Exists, OuterRef
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from billing.queries.plan_cost import factor_without_plan
from clients.access import enrolments_for
from clients.models import StaffAssignment
from clients.models.enrolment import EnrolmentQuerySet
from plans.queries.plan_list import PlanAsk, by_review, plan_ask_q, plan_counts, plan_rows
from teikyaku.accounts.access import active_membership, active_office, requires
from teikyaku.accounts.models import Membership
from teikyaku.accounts.queries.membership import staff_of
from teikyaku.accounts.queries.saved_view import saved_chips
from teikyaku.accounts.roles import Permission, Scope
from teikyaku.accounts.saved_lists import Reading, can_be_saved
from teikyaku.clock import today
from teikyaku.periods import Month

ROWS = 20


def _asked(query: QueryDict, team: list[Membership]) -> tuple[PlanAsk, Membership | None]:
    """The question and whose plans; a condition that nobody knows is left out."""
    staff = next((m for m in team if str(m.public_id) == query.get("staff")), None)
    ask = query.get("ask", "")
    return PlanAsk(ask) if ask in PlanAsk.values else PlanAsk.ALL, staff


def _reading(ask: PlanAsk, staff: Membership | None) -> Reading:
    query = f"ask={ask.value}" + (f"&staff={staff.public_id}" if staff else "")
    return Reading(query, f"{ask.label}（{staff.user.name if staff else _('全員')}）")


def _read(request: HttpRequest, query: QueryDict) -> Reading:
    """The conditions of a query that can be kept, and how they are said."""
    return _reading(*_asked(query, staff_of(active_office(request), today(request))))


@can_be_saved(_l("個別支援計画"), _read)
@requires(Permission.INTERVIEW_READ, scope=Scope.OFFICE)
def plan_list(request: HttpRequest) -> HttpResponse:
    """The people who answer the chosen question, those whose review comes first at the top."""
    membership, on = active_membership(request), today(request)
    team = staff_of(active_office(request), on)
    ask, staff = _asked(request.GET, team)
    people = enrolments_for(membership, on)
    if staff is not None:
        # By the person: after a change of roles the caseload hangs on the former membership.
        held = StaffAssignment.objects.in_charge(on).filter(enrolment=OuterRef("pk"))
        people = people.filter(Exists(held.filter(staff__user=staff.user_id)))
    counts = plan_counts(people, PlanAsk, on)
    asked = people.filter(EnrolmentQuerySet.in_use_q(on)).filter(plan_ask_q(ask, on))
    page = Paginator(by_review(asked), ROWS).get_page(request.GET.get("page"))
    chosen = f"&staff={staff.public_id}" if staff else ""
    context = {
        "page": page,
        "rows": plan_rows(cast(Any, page.object_list), on),
        "ask": ask,
        "saved": saved_chips(membership, "plan_list", _reading(ask, staff)),
        "asks": [
            {
                "label": each.label,
                "count": counts[each],
                "url": f"?ask={each.value}{chosen}",
                "current": each == ask,
            }
            for each in PlanAsk
        ],
        "team": [(str(m.public_id), m.user.name, m == staff) for m in team],
        "factor": factor_without_plan(Month.of(on), 1),
        "long_factor": factor_without_plan(Month.of(on), 3),
        "on": on,
    }
    return render(request, "desk/plan_list.html", context)
