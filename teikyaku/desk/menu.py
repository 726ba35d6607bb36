"""The menu by role: what a membership can open, grouped by the work that it belongs to.

A group without words stands directly in the menu: what people open many times a day. A group that
has one entry for somebody is that entry.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from teikyaku.accounts.models import Membership
from teikyaku.accounts.roles import Permission as P
from teikyaku.accounts.roles import Scope

# Where each kind of member lands after signing in.
HOMES = {
    Scope.OFFICE: "home",
    Scope.MUNICIPALITY: "admin:index",
    Scope.INSTALLATION: "system_home",
}
KEYS = {"interview_choose": "n"}

Word = str | Promise
Entries = tuple[tuple[Word, str, P], ...]

OFFICE: tuple[tuple[Word, Entries], ...] = (
    ("", (
        (_("面談を記録"), "interview_choose", P.INTERVIEW_WRITE),
        (_("利用者"), "client_list", P.CLIENT_READ),
    )),
    (_("毎月"), (
        (_("今月の担当"), "caseload", P.INTERVIEW_READ),
        (_("支援レポート"), "report_latest", P.INTERVIEW_READ),
    )),
    (_("計画と期限"), (
        (_("期限"), "expiry", P.CLIENT_READ),
        (_("個別支援計画"), "plan_list", P.INTERVIEW_READ),
        (_("開始待ち"), "waiting", P.CLIENT_READ),
        (_("つなぎ"), "referral_list", P.CLIENT_READ),
        (_("区への提案"), "proposal_list", P.CONTRACT_WRITE),
    )),
    (_("請求"), (
        (_("月の請求"), "month_latest", P.MONTH_READ),
        (_("入金"), "payments", P.MONTH_READ),
        (_("統計"), "money_page", P.MONTH_CLOSE),
    )),
    (_("事業所"), (
        (_("定着率"), "retention_latest", P.MONTH_READ),
        (_("届出"), "office_settings", P.MONTH_READ),
    )),
    (_("記録"), (
        (_("操作の記録"), "audit_log", P.AUDIT_READ),
        (_("権限の一覧"), "permissions", P.OFFICE_SETTINGS),
    )),
)  # fmt: skip
MUNICIPALITY: tuple[tuple[Word, Entries], ...] = (
    ("", (
        (_("申請"), "admin:application_list", P.APPLICATION_READ),
        (_("支給決定"), "admin:decision_list", P.APPLICATION_READ),
        (_("期限"), "admin:ward_expiry", P.APPLICATION_READ),
    )),
    (_("事業所から"), (
        (_("事業所からの提案"), "admin:ward_proposals", P.APPLICATION_READ),
        (_("つなぎ"), "admin:ward_referral_list", P.APPLICATION_READ),
    )),
    (_("区の設定"), (
        (_("文書と番号"), "admin:paper_settings", P.APPLICATION_READ),
        (_("関係機関"), "organisation_list", P.ORGANISATION_WRITE),
        (_("保存期間"), "admin:ward_keeping", P.RECORD_ERASE),
    )),
    ("", ((_("支給決定の訂正"), "admin:correction_find", P.DECISION_CORRECT),)),
)  # fmt: skip
INSTALLATION: tuple[tuple[Word, Entries], ...] = (
    ("", (
        (_("職員"), "people", P.USER_MANAGE),
        (_("記録"), "audit_log", P.AUDIT_READ),
    )),
    (_("事業所と自治体"), (
        (_("事業所"), "offices", P.OFFICE_MANAGE),
        (_("自治体"), "municipalities", P.OFFICE_MANAGE),
        (_("関係機関"), "organisation_list", P.ORGANISATION_WRITE),
    )),
    (_("制度"), (
        (_("制度の数値"), "figures", P.FIGURE_MANAGE),
        (_("報酬表"), "tariffs", P.FIGURE_MANAGE),
    )),
)  # fmt: skip
GROUPS = {
    Scope.OFFICE: OFFICE,
    Scope.MUNICIPALITY: MUNICIPALITY,
    Scope.INSTALLATION: INSTALLATION,
}


@dataclass(frozen=True, slots=True)
class NavItem:
    """One entry: what it is called, where it leads, whether we are there."""

    label: Word
    url: str
    current: bool = False
    key: str = ""
    """The single key that opens it from everywhere."""


@dataclass(frozen=True, slots=True)
class NavGroup:
    """Entries of one kind of work; without a label they stand directly in the menu."""

    label: Word
    items: tuple[NavItem, ...]

    @property
    def current(self) -> bool:
        """Whether we are somewhere in it."""
        return any(item.current for item in self.items)

    def at(self, url: str) -> NavGroup:
        """The same, with the entry that leads to `url` marked."""
        items = tuple(replace(item, current=item.url == url) for item in self.items)
        return replace(self, items=items)


def menu_of(membership: Membership) -> tuple[NavGroup, ...]:
    """The groups that hold something for this membership; first its home and what stands by itself."""
    found: dict[Word, tuple[NavItem, ...]] = {
        "": (NavItem(_("ホーム"), reverse(HOMES[membership.scope])),)
    }
    for label, entries in GROUPS[membership.scope]:
        items = tuple(
            NavItem(word, reverse(name), key=KEYS.get(name, ""))
            for word, name, permission in entries
            if membership.may(permission)
        )
        direct = label if len(items) > 1 else ""
        found[direct] = (*found.get(direct, ()), *items)
    return tuple(NavGroup(label, items) for label, items in found.items())
