"""Navigation by role: what the active membership can open, in the order of the day."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from teikyaku.accounts.models import Membership
from teikyaku.accounts.roles import Permission as P
from teikyaku.accounts.roles import Scope
from teikyaku.desk.queries.first_steps import first_steps

KEYS = {"interview_choose": "n"}


@dataclass(frozen=True, slots=True)
class NavItem:
    """One entry: what it is called, where it leads, whether we are there."""

    label: str
    url: str
    current: bool
    key: str = ""
    """The single key that opens it from everywhere."""


def _entries() -> list[tuple[str, str, P | None, Scope | None]]:
    return [
        (_("ホーム"), "home", None, None),
        (_("面談を記録"), "interview_choose", P.INTERVIEW_WRITE, Scope.OFFICE),
        (_("利用者"), "client_list", P.CLIENT_READ, Scope.OFFICE),
        (_("今月の担当"), "caseload", P.INTERVIEW_READ, Scope.OFFICE),
        (_("開始待ち"), "waiting", P.CLIENT_READ, Scope.OFFICE),
        (_("個別支援計画"), "plan_list", P.INTERVIEW_READ, Scope.OFFICE),
        (_("期限"), "expiry", P.CLIENT_READ, Scope.OFFICE),
        (_("月の請求"), "month_latest", P.MONTH_READ, Scope.OFFICE),
        (_("入金"), "payments", P.MONTH_READ, Scope.OFFICE),
        (_("事業所の届出"), "office_settings", P.MONTH_READ, Scope.OFFICE),
        (_("申請と支給決定"), "admin:index", P.APPLICATION_READ, None),
        (_("全区の統計"), "admin:index", P.STATISTICS_READ, None),
        (_("職員"), "people", P.USER_MANAGE, None),
        (_("事業所"), "offices", P.OFFICE_MANAGE, None),
        (_("自治体"), "municipalities", P.OFFICE_MANAGE, None),
        (_("制度の数値"), "figures", P.FIGURE_MANAGE, None),
        (_("報酬表"), "tariffs", P.FIGURE_MANAGE, None),
        (_("記録"), "audit_log", P.AUDIT_READ, None),
    ]


def navigation(request: HttpRequest) -> dict[str, Any]:
    """`nav` for the header; empty for who is not signed in or belongs nowhere."""
    membership = getattr(request, "membership", None)
    if membership is None:
        return {"nav": [], "first_steps": ()}
    items = []
    for label, name, permission, scope in _entries():
        if permission is not None and not membership.may(permission):
            continue
        if scope is not None and membership.scope != scope:
            continue
        if name == "home" and membership.scope == Scope.MUNICIPALITY:
            continue  # their home is the page of the next entry
        url = reverse(name)
        is_current = request.path == url or (name != "home" and request.path.startswith(url))
        items.append(NavItem(label, url, is_current, KEYS.get(name, "")))
    return {
        "nav": items,
        "search_url": _search_url(membership),
        "first_steps": first_steps(membership) if is_home(request) else (),
    }


def _search_url(membership: Membership) -> str:
    """Where people are looked for: an office's own, a ward's own; nobody else looks for people."""
    if membership.scope == Scope.OFFICE and membership.may(P.CLIENT_READ):
        return reverse("client_list")
    return reverse("admin:application_list") if membership.may(P.APPLICATION_READ) else ""


def is_home(request: HttpRequest) -> bool:
    """Whether this is the page that the active membership sees after signing in."""
    return request.path in (reverse("home"), reverse("admin:index"), reverse("system_home"))
