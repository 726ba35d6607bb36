"""支給決定の一覧, and every list of the ward as a workbook: the same filters as the page."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from plans import exports_ward
from plans.access import active_ward, applications_for, decisions_for, kept_decisions
from plans.actions.ward_export import note_ward_export
from plans.models import Decision
from plans.queries.queue import QUEUE_TURNS, queue
from plans.queries.renewal import Due, ending_decisions
from plans.queries.ward_lists import (
    DecisionState,
    decision_rows,
    filtered_applications,
    filtered_decisions,
    with_numbers,
)  # fmt: skip
from plans.rules.path import Turn
from plans.views.flow import ward_trail
from plans.views.ward_papers import READS
from teikyaku.accounts.access import active_membership
from teikyaku.clock import now, today
from teikyaku.file_answers import xlsx_answer
from teikyaku.searched import searched

ROWS = 25


@READS
def decision_list(request: HttpRequest) -> HttpResponse:
    """All decisions that the ward made, newest first, by state and by name or number."""
    on, state, text = today(request), request.GET.get("state", ""), _asked(request)
    found = with_numbers(_found_decisions(request))
    page = Paginator(found, ROWS).get_page(request.GET.get("page"))
    rows = decision_rows(page.object_list, active_ward(request), on)
    context = {
        "page": page,
        "breadcrumbs": ward_trail(_("支給決定")),
        "rows": [(row, row.state_label(on)) for row in rows],
        "tabs": [
            {"label": label, "url": f"?state={value}", "current": value == state}
            for value, label in (("", _("すべて")), *DecisionState.choices)
        ],
        "q": text,
        "state": state,
        "query": request.GET.urlencode(),
    }
    return render(request, "plans/ward/decision_list.html", context)


@READS
def decision_list_xlsx(request: HttpRequest) -> HttpResponse:
    """The list of decisions as it is filtered."""
    found = with_numbers(_found_decisions(request))
    body = exports_ward.decisions_workbook(found, active_ward(request), today(request))
    return _sheet(request, body, "decisions")


@READS
def application_list_xlsx(request: HttpRequest) -> HttpResponse:
    """The list of applications as it is filtered."""
    own, ward = applications_for(active_membership(request)), active_ward(request)
    outcome, kind = request.GET.get("outcome", ""), request.GET.get("kind", "")
    found = filtered_applications(own, outcome, _asked(request), ward, kind)
    body = exports_ward.applications_workbook(found, ward, today(request))
    return _sheet(request, body, "applications")


@READS
def queue_xlsx(request: HttpRequest) -> HttpResponse:
    """The queue of those whose turn is asked for."""
    on = today(request)
    found = queue(applications_for(active_membership(request)), on, *turns_of(request))
    return _sheet(request, exports_ward.queue_workbook(found, on), "queue")


@READS
def renewals_xlsx(request: HttpRequest) -> HttpResponse:
    """Decisions that run out, with how far their renewal is."""
    on = today(request)
    found = ending_decisions(kept_decisions(active_membership(request)), on, due_of(request))
    body = exports_ward.renewals_workbook(found.select_related("client"), on)
    return _sheet(request, body, "renewals")


def _found_decisions(request: HttpRequest) -> QuerySet[Decision]:
    """All that the ward decided; of those to be renewed the ones whose renewal is its work."""
    membership, state = active_membership(request), request.GET.get("state", "")
    is_work = state == DecisionState.ENDING
    own = kept_decisions(membership) if is_work else decisions_for(membership)
    return filtered_decisions(own, state, _asked(request), active_ward(request), today(request))


ALL_TURNS = "all"


def turns_of(request: HttpRequest) -> list[Turn]:
    """Whose turn the queue is asked for: the ward's own unless said otherwise; empty for everybody's."""
    wanted = request.GET.get("turn", Turn.WARD.value)
    return [turn for turn in QUEUE_TURNS if turn.value == wanted]


def due_of(request: HttpRequest) -> Due | None:
    """Which of the decisions that run out the page asks for; None for all."""
    wanted = request.GET.get("due", "")
    return next((due for due in Due if due.value == wanted), None)


def _asked(request: HttpRequest) -> str:
    return searched(request)


def _sheet(request: HttpRequest, body: bytes, name: str) -> HttpResponse:
    ward, by = active_ward(request), active_membership(request)
    note_ward_export(verb=f"ward_{name}_exported", ward=ward, by=by, at=now(request))
    return xlsx_answer(body, f"{name}-{today(request).isoformat()}")
