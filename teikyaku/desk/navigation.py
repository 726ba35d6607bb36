"""Navigation by role: what the active membership can open, in the order of the day."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from teikyaku.accounts.models import Membership
from teikyaku.accounts.roles import Permission as P
from teikyaku.accounts.roles import Scope
from teikyaku.desk.queries.first_steps import first_steps

KEYS = {"interview_choose": "n"}
# Where each kind of member lands after signing in.
HOMES = {
    Scope.OFFICE: "home",
    Scope.MUNICIPALITY: "admin:index",
    Scope.INSTALLATION: "system_home",
}
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
        (_("支援レポート"), "report_latest", P.INTERVIEW_READ, Scope.OFFICE),
        (_("開始待ち"), "waiting", P.CLIENT_READ, Scope.OFFICE),
        (_("個別支援計画"), "plan_list", P.INTERVIEW_READ, Scope.OFFICE),
        (_("期限"), "expiry", P.CLIENT_READ, Scope.OFFICE),
        (_("つなぎ"), "referral_list", P.CLIENT_READ, Scope.OFFICE),
        (_("区への提案"), "proposal_list", P.CONTRACT_WRITE, Scope.OFFICE),
        (_("月の請求"), "month_latest", P.MONTH_READ, Scope.OFFICE),
        (_("入金"), "payments", P.MONTH_READ, Scope.OFFICE),
        (_("統計"), "money_page", P.MONTH_CLOSE, Scope.OFFICE),
        (_("定着率"), "retention_latest", P.MONTH_READ, Scope.OFFICE),
        (_("届出"), "office_settings", P.MONTH_READ, Scope.OFFICE),
        (_("申請"), "admin:application_list", P.APPLICATION_READ, Scope.MUNICIPALITY),
        (_("支給決定"), "admin:decision_list", P.APPLICATION_READ, Scope.MUNICIPALITY),
        (_("期限"), "admin:ward_expiry", P.APPLICATION_READ, Scope.MUNICIPALITY),
        (_("事業所からの提案"), "admin:ward_proposals", P.APPLICATION_READ, Scope.MUNICIPALITY),
        (_("つなぎ"), "admin:ward_referral_list", P.APPLICATION_READ, Scope.MUNICIPALITY),
        (_("文書と番号"), "admin:paper_settings", P.APPLICATION_READ, Scope.MUNICIPALITY),
        (_("関係機関"), "organisation_list", P.ORGANISATION_WRITE, Scope.MUNICIPALITY),
        (_("保存期間"), "admin:ward_keeping", P.RECORD_ERASE, Scope.MUNICIPALITY),
        (_("支給決定の訂正"), "admin:correction_find", P.DECISION_CORRECT, Scope.MUNICIPALITY),
        (_("職員"), "people", P.USER_MANAGE, None),
        (_("事業所"), "offices", P.OFFICE_MANAGE, None),
        (_("自治体"), "municipalities", P.OFFICE_MANAGE, None),
        (_("関係機関"), "organisation_list", P.ORGANISATION_WRITE, Scope.INSTALLATION),
        (_("制度の数値"), "figures", P.FIGURE_MANAGE, None),
        (_("報酬表"), "tariffs", P.FIGURE_MANAGE, None),
        (_("記録"), "audit_log", P.AUDIT_READ, None),
    ]


def navigation(request: HttpRequest) -> dict[str, Any]:
    """`nav` for the header; empty for who is not signed in or belongs nowhere."""
    membership = getattr(request, "membership", None)
    if membership is None:
        return {"nav": [], "first_steps": (), "may_have_notices": False}
    items = []
    for label, name, permission, scope in _entries():
        if permission is not None and not membership.may(permission):
            continue
        if scope is not None and membership.scope != scope:
            continue
        url = reverse(HOMES[membership.scope] if name == "home" else name)
        items.append(NavItem(label, url, False, KEYS.get(name, "")))
    return {
        "nav": _with_current(items, request.path, home=items[0].url),
        "search_url": _search_url(membership),
        "may_have_notices": membership.scope == Scope.OFFICE and membership.may(P.INTERVIEW_READ),
        "first_steps": first_steps(membership) if is_home(request) else (),
    }


def _with_current(items: list[NavItem], path: str, home: str) -> list[NavItem]:
    """The entry that leads closest to `path` is the current one, else the one it is below; home only for itself."""
    above = [
        item.url
        for item in items
        if path == item.url or (item.url != home and path.startswith(item.url))
    ]
    below = (reverse(name) for prefix, name in BELOW.items() if path.startswith(prefix))
    closest = max(above, key=len, default=next(below, ""))
    return [replace(item, current=item.url == closest) for item in items]


def _search_url(membership: Membership) -> str:
    """Where people are looked for: an office's own, a ward's own; nobody else looks for people."""
    if membership.scope == Scope.OFFICE and membership.may(P.CLIENT_READ):
        return reverse("client_list")
    return reverse("admin:application_list") if membership.may(P.APPLICATION_READ) else ""


def is_home(request: HttpRequest) -> bool:
    """Whether this is the page that the active membership sees after signing in."""
    return request.path in {reverse(name) for name in HOMES.values()}
