"""The expiry board: what ends in the coming months, by day."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from plans.queries.expiry import Expiries, expiry_labels
from teikyaku.accounts.access import active_membership, active_office, requires
from teikyaku.accounts.queries.membership import staff_of
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
    team = staff_of(office, on)
    staff = next((m for m in team if str(m.public_id) == request.GET.get("staff")), None)
    user_id = staff.user_id if staff else None
    found = Expiries(office, on, span, kind, month, is_late=is_late, user_id=user_id)
    axis = end_axis(office, on, staff)
    whose = f"&staff={staff.public_id}" if staff else ""
    chosen = "late=1" if is_late else f"month={month}" if month else f"months={span}"
    page = Paginator(found, ROWS).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "on": on,
        "may_erase": active_membership(request).may(Permission.RECORD_ERASE),
        "month": month,
        "axis": axis,
        "is_late": is_late,
        "team": [(str(m.public_id), m.user.name, m == staff) for m in team],
        "staff": staff,
        "kept": [pair.split("=") for pair in (chosen, f"kind={kind}")],
        "whole_url": f"?months={span}&kind={kind}{whose}",
        "spans": [
            _tab(
                _("%(n)sか月以内") % {"n": n},
                url=f"?months={n}&kind={kind}{whose}",
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
                "url": f"?{chosen}&kind={key}{whose}",
                "current": key == kind,
            }
            for key, label in kinds.items()
        ],
    }
    return render(request, "desk/expiry.html", context)


def _tab(label: str, *, url: str, current: bool) -> dict[str, Any]:
    return {"label": label, "url": url, "current": current}


def _month(text: str) -> Month | None:
    try:
        return Month.parse(text)
    except ValueError:
        return None


def _span(text: str) -> int:
    return int(text) if text in {str(n) for n in SPANS} else 3
