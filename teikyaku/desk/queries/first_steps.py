"""はじめての案内: what a new user of each role does first, three lines with links."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from teikyaku.accounts.access import may_open
from teikyaku.accounts.models import Membership
from teikyaku.accounts.roles import Role


@dataclass(frozen=True, slots=True)
class FirstStep:
    """One thing to try, and where."""

    text: str
    url: str
    url_label: str


def first_steps(membership: Membership) -> tuple[FirstStep, ...]:
    """The steps of the roles held that are neither done nor put away; each page once, no query.

    A step is done once its page was opened (`note_opened`): without any left the card is gone.
    """
    hidden = set(membership.user.hidden_steps)
    found: dict[str, FirstStep] = {}
    for role in membership.roles:
        if role in hidden:
            continue
        for text, name, label in _steps(Role(role)):
            url = reverse(name)
            if name not in hidden and may_open(membership, url):
                found.setdefault(url, FirstStep(text, url, label))
    return tuple(found.values())


def is_open_step(membership: Membership, name: str) -> bool:
    """Whether the page of this name is a step of the roles held that is not done yet (no query)."""
    hidden = membership.user.hidden_steps
    roles = (Role(role) for role in membership.roles if role not in hidden)
    return name not in hidden and any(
        name == step for role in roles for _text, step, _label in _steps(role)
    )


def _steps(role: Role) -> list[tuple[str, str, str]]:
    log = _("会ったら、その場で記録します。人を選んで、結果を押すだけです。")
    steps = {
        Role.SUPPORT_WORKER: [
            (
                _("今日会う人は、このページの上から順に並びます。"),
                "caseload",
                _("今月の担当を見る"),
            ),
            (log, "interview_choose", _("面談を記録する")),
            (
                _("就職が決まった人を登録すると、利用できる日が出ます。"),
                "client_new",
                _("登録する"),
            ),
        ],
        Role.SERVICE_MANAGER: [
            (_("間隔をゆるめる提案は、ここで決めます。"), "caseload", _("今月の担当を見る")),
            (_("1年のうちに終わるものを、月ごとに見られます。"), "expiry", _("期限を見る")),
            (_("開始が遅れると3年が短くなります。"), "waiting", _("開始待ちの人を見る")),
        ],
        Role.OFFICE_MANAGER: [
            (_("最初に、報酬の区分と加算の届出を確かめます。"), "office_settings", _("届出を見る")),
            (_("1年のうちに終わるものを、月ごとに見られます。"), "expiry", _("期限を見る")),
            (_("だれが何を見て、何を変えたかが残ります。"), "audit_log", _("記録を見る")),
        ],
        Role.BILLING: [
            (_("月の途中から、足りないものが分かります。"), "month_latest", _("月の請求を開く")),
            (_("請求の前に、区分と加算の届出を確かめます。"), "office_settings", _("届出を見る")),
        ],
        Role.WARD_OFFICER: [
            (
                _("申請を受け付けると、だれの番かが並びます。"),
                "admin:application_new",
                _("申請を受け付ける"),
            ),
            (_("これまでの申請は一覧から探せます。"), "admin:application_list", _("一覧を見る")),
        ],
        Role.CITY: [
            (_("支給決定の訂正は、区と番号で探します。"), "admin:correction_find", _("探す")),
        ],
        Role.SYSTEM_ADMIN: [
            (_("事業所と自治体を登録します。"), "offices", _("事業所を見る")),
            (_("職員を招待します。役割は足し合わせられます。"), "people", _("職員を見る")),
            (_("未確認の制度の数値を確かめます。"), "figures", _("数値を見る")),
        ],
    }
    return steps[role]
