"""開始待ちの人: the page of everybody who does not use the service yet."""

from __future__ import annotations

from typing import Any, cast

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from teikyaku.accounts.access import active_membership, requires
from teikyaku.accounts.roles import Permission, Scope
from teikyaku.clock import today
from teikyaku.desk.queries.waiting import apply_days, waiting_people, waiting_rows

# Cards, each with its own picture: fewer than the rows of a table.
ROWS = 7
# So few more stand on the last page, and not on one of their own.
ORPHANS = 3


@requires(Permission.CLIENT_READ, scope=Scope.OFFICE)
def waiting(request: HttpRequest) -> HttpResponse:
    """First usable day, apply by, and the months that a delay would cost."""
    membership, on = active_membership(request), today(request)
    pages = Paginator(waiting_people(membership, on), ROWS, orphans=ORPHANS)
    page = pages.get_page(request.GET.get("page"))
    context = {
        "page": page,
        "rows": waiting_rows(cast(Any, page.object_list), on),
        "apply_days": apply_days(on),
        "on": on,
        "may_write": membership.may(Permission.CLIENT_WRITE),
    }
    return render(request, "desk/waiting.html", context)
