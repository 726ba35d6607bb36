"""What the bar below 今月の担当 asks for: on to the page of the step, or back where nobody is chosen.

With scripts the buttons wait until somebody is chosen; without them this is where it is said.
"""

from __future__ import annotations

from datetime import date
from urllib.parse import urlencode, urlsplit

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse

from plans.queries.caseload import Ask
from plans.queries.report_list import month_on_desk
from teikyaku.desk.queries.case_filter import MOST_CHOSEN
from teikyaku.ids import uuids_in
from teikyaku.periods import Month

STEP = "to"
NOBODY = "nobody"
BAR = "pick-bar"


def step_asked_for(request: HttpRequest, on: date) -> HttpResponse | None:
    """Where a press on the bar leads; None where none was pressed."""
    goal = _goals(_ask(request), on).get(request.GET.get(STEP, ""))
    if goal is None:
        return None
    chosen = uuids_in(request.GET.getlist("person"), MOST_CHOSEN)
    if not chosen:
        return redirect(f"{reverse('caseload')}?{_list_left(request)}#{BAR}")
    # The question stays where the list itself is shown again.
    names = ("ask", "back") if goal == reverse("caseload") else ("back",)
    kept = [(name, request.GET[name]) for name in names if name in request.GET]
    persons = [("person", str(each)) for each in chosen]
    return redirect(f"{goal}?{urlencode([*kept, *persons])}")


def report_month(ask: Ask, on: date) -> Month:
    """The month of the reports that the question is about; else the one that is on the desk now."""
    asked = {Ask.REPORT: Month.of(on) - 1, Ask.REPORT_NOW: Month.of(on)}
    return asked.get(ask) or month_on_desk(on)


def _ask(request: HttpRequest) -> Ask:
    text = request.GET.get("ask", "")
    return Ask(text) if text in Ask.values else Ask.IN_USE


def _goals(ask: Ask, on: date) -> dict[str, str]:
    return {
        "labels": reverse("address_labels"),
        "reports": reverse("report_list", args=[report_month(ask, on)]),
        "move": reverse("case_move"),
        "only": reverse("caseload"),
    }


def _list_left(request: HttpRequest) -> str:
    """The conditions of the list that was left, its page and chosen people too, where the browser
    says so; else those that the bar carried along. That nobody was chosen goes with them."""
    left = urlsplit(request.headers.get("Referer", ""))
    is_list = (left.netloc, left.path) == (request.get_host(), reverse("caseload"))
    query = QueryDict(left.query if is_list else request.GET.get("back", ""), mutable=True)
    query.pop(STEP, None)
    query[NOBODY] = "1"
    return query.urlencode()
