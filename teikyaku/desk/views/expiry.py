"""The expiry board: what ends in the coming months, by day."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from plans.queries.expiry import Expiries, expiry_labels
from teikyaku.accounts.access import active_membership, active_office, may_open, requires
from teikyaku.accounts.queries.membership import staff_of
from teikyaku.accounts.queries.saved_view import saved_chips
from teikyaku.accounts.roles import Permission, Scope
from teikyaku.accounts.saved_lists import Reading, can_be_saved
from teikyaku.clock import today
from teikyaku.desk.queries.end_axis import end_axis
from teikyaku.desk.queries.expiry_filter import SPANS, ExpiryFilter, expiry_filter

ROWS = 50


def _reading(asked: ExpiryFilter) -> Reading:
    return Reading(asked.conditions, asked.words)


def _read(request: HttpRequest, query: QueryDict) -> Reading:
    """The conditions of a query that can be kept, and how they are said."""
    return _reading(expiry_filter(query, staff_of(active_office(request), today(request))))


@can_be_saved(_l("期限"), _read)
@requires(Permission.CLIENT_READ, scope=Scope.OFFICE)
def expiry(request: HttpRequest) -> HttpResponse:
    """Everything that ends within the chosen span; what has passed stays in sight until it is settled."""
    office, on = active_office(request), today(request)
    kinds = {"": _("すべて"), **expiry_labels()}
    team = staff_of(office, on)
    asked = expiry_filter(request.GET, team)
    span, kind, month = asked.span, asked.kind, asked.month
    is_late, staff = asked.is_late, asked.staff
    user_id = staff.user_id if staff else None
    found = Expiries(office, on, span, kind, month, is_late=is_late, user_id=user_id)
    axis = end_axis(office, on, staff)
    whose = f"&staff={staff.public_id}" if staff else ""
    chosen = asked.when
    page = Paginator(found, ROWS).get_page(request.GET.get("page"))
    duty_url = reverse("handover_duty")
    context = {
        "page": page,
        "on": on,
        "duty_url": duty_url if may_open(active_membership(request), duty_url) else "",
        "may_erase": active_membership(request).may(Permission.RECORD_ERASE),
        "month": month,
        "saved": saved_chips(active_membership(request), "expiry", _reading(asked)),
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
