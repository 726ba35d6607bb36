"""Roles 役割 and what each may do: the one readable table.

A person often holds several roles at once (兼務); the permissions add up. A role is held through a
membership, in one office or one municipality, for a period. Nothing else grants a permission.

The 個別支援計画 is the duty of the サービス管理責任者 (docs/rules.md §6): meeting, consent, handing over and
corrections are theirs. 就労定着支援員 know the person best, so they may write assessment and draft under
that direction; a 管理者 reads plans, and makes them only who also holds that role.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Role(TextChoices):
    """役割 what somebody is, in an office, a ward or the installation."""

    SUPPORT_WORKER = "support_worker", _("就労定着支援員")
    SERVICE_MANAGER = "service_manager", _("サービス管理責任者")
    OFFICE_MANAGER = "office_manager", _("管理者")
    BILLING = "billing", _("請求担当")
    WARD_OFFICER = "ward_officer", _("区役所職員")
    CITY = "city", _("本庁（障がい福祉課）")
    SYSTEM_ADMIN = "system_admin", _("システム管理者")


class Permission(TextChoices):
    """権限 one thing that a page or an action asks for."""

    CLIENT_READ = "client_read", _("利用者を見る")
    CLIENT_WRITE = "client_write", _("利用者の基本情報を書く")
    PROTECTED_ADDRESS_READ = "protected_address_read", _("支援措置の住所を見る（記録されます）")
    STAFF_ASSIGN = "staff_assign", _("担当を決める")
    CERTIFICATE_TRANSCRIBE = "certificate_transcribe", _("受給者証を転記する")
    CONTRACT_WRITE = "contract_write", _("重要事項説明と契約を記録する")
    INTERVIEW_READ = "interview_read", _("面談の記録を見る")
    INTERVIEW_WRITE = "interview_write", _("面談と支援レポートを書く")
    SUPPORT_PLAN_DRAFT = (
        "support_plan_draft",
        _("個別支援計画のアセスメントと原案を書く"),
    )
    SUPPORT_PLAN_WRITE = (
        "support_plan_write",
        _("個別支援計画をつくる（会議・同意・交付・訂正）"),
    )
    PACE_DECIDE = "pace_decide", _("面談の間隔をゆるめる提案を決める")
    MONTH_READ = "month_read", _("月の請求を見る")
    MONTH_CLOSE = "month_close", _("月を締める・請求書を出す・入金を記録する")
    OFFICE_SETTINGS = "office_settings", _("事業所の届出と設定を書く")
    AUDIT_READ = "audit_read", _("閲覧と操作の記録を見る（自分の事業所・システムの分）")
    RECORD_ERASE = (
        "record_erase",
        _("保存期間が終わった記録を、保留にするか消去する（自分の事業所・区の分）"),
    )
    APPLICATION_READ = "application_read", _("申請と支給決定を見る")
    APPLICATION_WRITE = "application_write", _("申請・調査・支給決定・受給者証を記録する")
    STATISTICS_READ = "statistics_read", _("全区の統計を見る")
    DECISION_CORRECT = "decision_correct", _("全区の支給決定を訂正する")
    STAFF_INVITE = "staff_invite", _("自分の事業所の職員を招待する")
    USER_MANAGE = "user_manage", _("職員を招待し、所属を終える")
    OFFICE_MANAGE = "office_manage", _("事業所と自治体を登録する")
    FIGURE_MANAGE = "figure_manage", _("制度の数値を確かめ、直す")
    ORGANISATION_WRITE = "organisation_write", _("関係機関（相談支援事業所など）を登録する")


class Scope(TextChoices):
    """範囲 where a role can be held."""

    OFFICE = "office", _("事業所")
    MUNICIPALITY = "municipality", _("自治体")
    INSTALLATION = "installation", _("システム全体")


P = Permission
_WORKER = frozenset(
    {P.CLIENT_READ, P.CLIENT_WRITE, P.INTERVIEW_READ, P.INTERVIEW_WRITE,
     P.CERTIFICATE_TRANSCRIBE, P.CONTRACT_WRITE, P.SUPPORT_PLAN_DRAFT}
)  # fmt: skip

ROLE_TABLE: Mapping[Role, frozenset[Permission]] = {
    Role.SUPPORT_WORKER: _WORKER,
    Role.SERVICE_MANAGER: _WORKER
    | {P.PROTECTED_ADDRESS_READ, P.STAFF_ASSIGN, P.PACE_DECIDE, P.SUPPORT_PLAN_WRITE,
       P.MONTH_READ, P.ORGANISATION_WRITE},
    Role.OFFICE_MANAGER: frozenset(
        {P.CLIENT_READ, P.CLIENT_WRITE, P.PROTECTED_ADDRESS_READ, P.STAFF_ASSIGN,
         P.CERTIFICATE_TRANSCRIBE, P.CONTRACT_WRITE, P.INTERVIEW_READ, P.MONTH_READ,
         P.MONTH_CLOSE, P.OFFICE_SETTINGS, P.AUDIT_READ, P.ORGANISATION_WRITE,
         P.RECORD_ERASE, P.STAFF_INVITE}
    ),
    Role.BILLING: frozenset({P.CLIENT_READ, P.MONTH_READ, P.MONTH_CLOSE}),
    Role.WARD_OFFICER: frozenset(
        {P.APPLICATION_READ, P.APPLICATION_WRITE, P.PROTECTED_ADDRESS_READ, P.ORGANISATION_WRITE,
         P.RECORD_ERASE}
    ),
    Role.CITY: frozenset({P.STATISTICS_READ, P.DECISION_CORRECT}),
    Role.SYSTEM_ADMIN: frozenset(
        {P.USER_MANAGE, P.OFFICE_MANAGE, P.FIGURE_MANAGE, P.AUDIT_READ, P.ORGANISATION_WRITE}
    ),
}  # fmt: skip

ROLE_SCOPES: Mapping[Role, Scope] = {
    Role.SUPPORT_WORKER: Scope.OFFICE,
    Role.SERVICE_MANAGER: Scope.OFFICE,
    Role.OFFICE_MANAGER: Scope.OFFICE,
    Role.BILLING: Scope.OFFICE,
    Role.WARD_OFFICER: Scope.MUNICIPALITY,
    Role.CITY: Scope.MUNICIPALITY,
    Role.SYSTEM_ADMIN: Scope.INSTALLATION,
}


def permissions_of(roles: Iterable[str]) -> frozenset[Permission]:
    """All permissions of these roles together; an unknown role grants nothing."""
    return _permissions_of(tuple(roles))


@cache
def _permissions_of(roles: tuple[str, ...]) -> frozenset[Permission]:
    # Asked some thirty times for each page.
    known = set(Role.values)
    return frozenset().union(*(ROLE_TABLE[Role(role)] for role in roles if role in known))


def roles_for(scope: Scope) -> list[Role]:
    """The roles that can be held in `scope`, in the order of the table."""
    return [role for role in Role if ROLE_SCOPES[role] == scope]
