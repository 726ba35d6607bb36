"""The expiry board: what ends in the coming months, by day."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from plans.queries.expiry import expiries
from teikyaku.accounts.access import active_office, requires
from teikyaku.accounts.roles import Permission, Scope
from teikyaku.clock import today

KINDS = ("window", "decision", "cap", "support_plan", "handover")
SPANS = (1, 3, 6, 12)


@requires(Permission.CLIENT_READ, scope=Scope.OFFICE)
def expiry(request: HttpRequest) -> HttpResponse:
    """Everything that ends within the chosen span; what has passed stays in sight for 60 days."""
    office = active_office(request)
    on = today(request)
    span = _span(request.GET.get("months", ""))
    kind = request.GET.get("kind", "")
    rows = expiries(office, on, span)
    shown = [row for row in rows if not kind or row.kind == kind]
    tabs = [
        {
            "label": f"{months}か月",
            "url": f"?months={months}&kind={kind}",
            "current": months == span,
        }
        for months in SPANS
    ]
    context = {"rows": shown, "tabs": tabs, "on": on, "kind": kind, "span": span}
    return render(request, "desk/expiry.html", context)


def _span(text: str) -> int:
    return int(text) if text.isdigit() and int(text) in SPANS else 3
