"""The expiry board: what ends in the coming months, by day."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from plans.queries.expiry import Expiries, expiry_labels
from teikyaku.accounts.access import active_office, requires
from teikyaku.accounts.roles import Permission, Scope
from teikyaku.clock import today
from teikyaku.desk.queries.end_axis import end_axis
from teikyaku.periods import Month

ROWS = 50
SPANS = (1, 3, 6, 12)


@requires(Permission.CLIENT_READ, scope=Scope.OFFICE)
def expiry(request: HttpRequest) -> HttpResponse:
    """Everything that ends within the chosen span; what has passed stays in sight until it is settled."""
    office, on = active_office(request), today(request)
    span, kind = _span(request.GET.get("months", "")), request.GET.get("kind", "")
    kinds = {"": _("すべて"), **expiry_labels()}
    kind = kind if kind in kinds else ""
    is_late = request.GET.get("late") == "1"
    month = None if is_late else _month(request.GET.get("month", ""))
    found = Expiries(office, on, span, kind, month, is_late=is_late)
    axis = end_axis(office, on)
    page = Paginator(found, ROWS).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "on": on,
        "month": month,
        "axis": axis,
        "is_late": is_late,
        "spans": [
            _tab(
                _("%(n)sか月以内") % {"n": n},
                months=n,
                kind=kind,
                current=n == span and month is None and not is_late,
            )
            for n in SPANS
        ]
        + [
            {
                "label": _("過ぎたまま"),
                "url": axis.late_url,
                "count": axis.late,
                "current": is_late,
            }
        ],
        "kinds": [
            {
                "label": label,
                "url": f"?late=1&kind={key}" if is_late else f"?months={span}&kind={key}",
                "current": key == kind,
            }
            for key, label in kinds.items()
        ],
    }
    return render(request, "desk/expiry.html", context)


def _tab(label: str, *, months: int, kind: str, current: bool) -> dict[str, Any]:
    return {"label": label, "url": f"?months={months}&kind={kind}", "current": current}


def _month(text: str) -> Month | None:
    try:
        return Month.parse(text)
    except ValueError:
        return None


def _span(text: str) -> int:
    return int(text) if text in {str(n) for n in SPANS} else 3
