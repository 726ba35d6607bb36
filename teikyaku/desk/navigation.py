"""What the header of every page shows: the menu with the place where we are, and the search box."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import ResolverMatch, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

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
    "/claim-returns/": "month_latest",
    "/billing/": "month_latest",
    "/invoices/": "payments",
    "/refunds/": "payments",
    "/inconsistencies/": "audit_log",
}

# Pages of a person's use that are the work of the money.
BELOW_BY_NAME = {
    "city_answer": "month_latest",
    "city_answer_withdraw": "month_latest",
}

# Pages that say no way of their own and are no entry of everybody's menu: what their last step is called.
NAMED = {
    "account_change_password": _l("パスワードの変更"),
    "address_labels": _l("宛名ラベル"),
    "handover_judge": _l("引き継ぎの要否を判断する"),
    "account_reauthenticate": _l("本人の確認"),
    "mfa_activate_totp": _l("認証アプリの登録"),
    "mfa_deactivate_totp": _l("認証アプリをやめる"),
    "mfa_generate_recovery_codes": _l("回復コードを作る"),
    "mfa_index": _l("サインインの安全"),
    "mfa_list_webauthn": _l("パスキー・セキュリティキー"),
    "mfa_reauthenticate": _l("本人の確認"),
    "mfa_view_recovery_codes": _l("回復コード"),
    "my_account": _l("自分のアカウント"),
    "office_permissions": _l("権限の一覧"),
    "office_start": _l("始め方"),
    "office_year": _l("事業所の一年"),
    "organisation_list": _l("関係機関"),
    "permissions": _l("権限の一覧"),
    "report_list": _l("支援レポート"),
    "retention": _l("就労定着率"),
    "retention_before": _l("移行前の人数"),
    "saved_view_delete": _l("保存した絞り込みを消す"),
    "takeout_remove": _l("持ち出すファイルを消す"),
}

# The entry's own page at another month or year: the way is not said twice.
SAME = ("report_list", "retention")


def navigation(request: HttpRequest) -> dict[str, Any]:
    """`nav_groups` for the header, `nav` its entries in a row; empty for who is not signed in or belongs nowhere."""
    membership = getattr(request, "membership", None)
    if membership is None:
        return {"nav_groups": (), "nav": [], "first_steps": (), "may_have_notices": False}
    match = request.resolver_match
    menu = _marked(menu_of(membership), request.path, match.view_name if match else "")
    return {
        "nav_groups": menu,
        "nav": [item for group in menu for item in group.items],
        "home_url": reverse(HOMES[membership.scope]),
        "menu_crumbs": [] if is_home(request) else _menu_crumbs(menu, request),
        "search_url": _search_url(membership),
        "finds_births": membership.scope != Scope.OFFICE,
        "may_log": any(item.key for group in menu for item in group.items),
        "may_have_notices": membership.scope == Scope.OFFICE and membership.may(P.INTERVIEW_READ),
        "first_steps": first_steps(membership) if is_home(request) else (),
    }


def _marked(menu: tuple[NavGroup, ...], path: str, name: str) -> tuple[NavGroup, ...]:
    """The entry that leads closest to `path` is the current one, else the one it is below; home only for itself."""
    urls = [item.url for group in menu for item in group.items]
    home = urls[0]
    above = [url for url in urls if path == url or (url != home and path.startswith(url))]
    own = BELOW_BY_NAME.get(name)
    names = [own] if own else [to for prefix, to in BELOW.items() if path.startswith(prefix)]
    closest = max(above, key=len, default=reverse(names[0]) if names else "")
    return tuple(group.at(closest) for group in menu)


def _menu_crumbs(menu: tuple[NavGroup, ...], request: HttpRequest) -> list[dict[str, str]]:
    """The way to a page that says none of its own: over the menu's entry that it is, or is below.

    None to the homes.
    """
    items, path = [item for group in menu for item in group.items], request.path
    if path == items[0].url:
        return []
    match = request.resolver_match
    name = str(NAMED.get(_name_of(match), _("このページ")))
    entry = next((item for item in items[1:] if item.current), None)
    if entry is None:
        return [{"label": name, "url": ""}]
    if _name_of(match) in SAME:
        return [{"label": name, "url": ""}]
    here = {"label": str(entry.label), "url": entry.url}
    return [here] if entry.url == path else [here, {"label": name, "url": ""}]


def _name_of(match: ResolverMatch | None) -> str:
    """What the address is called; "" for one that leads nowhere."""
    return match.view_name if match else ""


def _search_url(membership: Membership) -> str:
    """Where people are looked for: an office's own, a ward's own; nobody else looks for people."""
    if membership.scope == Scope.OFFICE and membership.may(P.CLIENT_READ):
        return reverse("client_list")
    return reverse("admin:ward_people") if membership.may(P.APPLICATION_READ) else ""


def is_home(request: HttpRequest) -> bool:
    """Whether this is the page that the active membership sees after signing in."""
    return request.path in {reverse(name) for name in HOMES.values()}
