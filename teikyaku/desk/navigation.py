"""What the header of every page shows: the menu with the place where we are, and the search box."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from teikyaku.accounts.models import Membership
from teikyaku.accounts.roles import Permission as P
from teikyaku.accounts.roles import Scope
from teikyaku.desk.menu import HOMES, NavGroup, menu_of
from teikyaku.desk.queries.first_steps import first_steps

# Where addresses belong that do not begin with that of their entry: pages below a person, lists off a list.
BELOW = {
    "/enrolments/": "client_list",
    "/interviews/": "client_list",
    "/papers/": "client_list",
    "/report-shares/": "client_list",
    "/notes/": "client_list",
    "/work-checks/": "client_list",
    "/labels/": "client_list",
    "/phrases/": "interview_choose",
    "/takeout/": "office_settings",
    "/handover-duty/": "expiry",
    "/qualifications/": "expiry",
    "/keeping/": "expiry",
    "/manage/memberships/": "people",
    "/manage/resets/": "people",
    "/manage/terms/": "offices",
    "/person-months/": "month_latest",
    "/claim-files/": "month_latest",
    "/claim-payments/": "month_latest",
    "/billing/": "month_latest",
    "/invoices/": "payments",
    "/refunds/": "payments",
    "/inconsistencies/": "audit_log",
}


def navigation(request: HttpRequest) -> dict[str, Any]:
    """`nav_groups` for the header, `nav` its entries in a row; empty for who is not signed in or belongs nowhere."""
    membership = getattr(request, "membership", None)
    if membership is None:
        return {"nav_groups": (), "nav": [], "first_steps": (), "may_have_notices": False}
    menu = _marked(menu_of(membership), request.path)
    return {
        "nav_groups": menu,
        "nav": [item for group in menu for item in group.items],
        "home_url": reverse(HOMES[membership.scope]),
        "menu_crumbs": [] if is_home(request) else _menu_crumbs(menu, request.path),
        "search_url": _search_url(membership),
        "finds_births": membership.scope != Scope.OFFICE,
        "may_log": any(item.key for group in menu for item in group.items),
        "may_have_notices": membership.scope == Scope.OFFICE and membership.may(P.INTERVIEW_READ),
        "first_steps": first_steps(membership) if is_home(request) else (),
    }


def _marked(menu: tuple[NavGroup, ...], path: str) -> tuple[NavGroup, ...]:
    """The entry that leads closest to `path` is the current one, else the one it is below; home only for itself."""
    urls = [item.url for group in menu for item in group.items]
    home = urls[0]
    above = [url for url in urls if path == url or (url != home and path.startswith(url))]
    below = (reverse(name) for prefix, name in BELOW.items() if path.startswith(prefix))
    closest = max(above, key=len, default=next(below, ""))
    return tuple(group.at(closest) for group in menu)


def _menu_crumbs(menu: tuple[NavGroup, ...], path: str) -> list[dict[str, str]]:
    """The way to a page that says none of its own: over the menu's entry that it is, or is below.

    None to the homes.
    """
    items = [item for group in menu for item in group.items]
    if path == items[0].url:
        return []
    entry = next((item for item in items[1:] if item.current), None)
    if entry is None:
        return [{"label": _("このページ"), "url": ""}]
    here = {"label": str(entry.label), "url": entry.url}
    return [here] if entry.url == path else [here, {"label": _("このページ"), "url": ""}]


def _search_url(membership: Membership) -> str:
    """Where people are looked for: an office's own, a ward's own; nobody else looks for people."""
    if membership.scope == Scope.OFFICE and membership.may(P.CLIENT_READ):
        return reverse("client_list")
    return reverse("admin:ward_people") if membership.may(P.APPLICATION_READ) else ""


def is_home(request: HttpRequest) -> bool:
    """Whether this is the page that the active membership sees after signing in."""
    return request.path in {reverse(name) for name in HOMES.values()}
