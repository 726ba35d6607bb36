"""Where each reason of a held or lost month is mended."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from django.urls import resolve, reverse
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from billing.enums import NotifiedItem
from clients.rules.barred import LIVING, SUBSIDY, TRAINING
from plans.queries.month import MonthOfSupport
from plans.rules.month import CUT
from teikyaku.accounts.access import ANY_UUID, UUID_IN_PATH, may_open
from teikyaku.accounts.models import Membership
from teikyaku.accounts.roles import ROLE_TABLE, Permission, Role, Scope, roles_for
from teikyaku.addresses import address_of
from teikyaku.reasons import Reason

ENROLMENT_PAGES = {
    "no_meeting": "interview_new",
    "meeting_to_come": "interview_new",
    "no_contract": "contract_new",
    "no_decision": "certificate_transcribe",
    "renewal_late": "certificate_transcribe",
    "no_certificate": "certificate_transcribe",
    "no_cap": "cap_new",
    "no_support_plan": "support_plans",
    "initial_unanswered": "person_additions",
    "initial_lost": "person_additions",
    "initial_twice": "person_additions",
    "network_not_counted": "person_additions",
}
OFFICE_PAGES = {"no_tier": "tier_confirm", "rival_items": "office_settings"}
# Of one person's month.
MONTH_PAGES = {
    "report_not_shared": "report_page",
    "report_early": "report_page",
    "report_died": "report_page",
    # What the municipality says of it is recorded there.
    "report_late": "city_answer",
    "claimed_elsewhere": "city_answer",
    "served_elsewhere": "city_answer",
    "split_month": "city_answer",
    "city_refused": "city_answer",
    "cap_management": "cap_result",
    "cap_result_off": "cap_result",
}
# On the person's page: where the reason lies there, and who may write it.
PERSON_PARTS = {
    "employment_pending": ("#about", Permission.CLIENT_WRITE),
    "not_employed": ("#about", Permission.CLIENT_WRITE),
    "outside_window": ("#window", Permission.CLIENT_WRITE),
    "right_ended": ("#window", Permission.CLIENT_WRITE),
    "barred": ("#supports", Permission.CLIENT_WRITE),
}
# Kept by the system administrator.
SYSTEM = ("no_tariff", "no_unit_price")
# These pages are open to readers; writing there is for who may.
WRITES = {
    "report_page": Permission.INTERVIEW_WRITE, "office_settings": Permission.OFFICE_SETTINGS,
}  # fmt: skip
# What holds a month back in a few words, and what one does on the page that mends it.
SHORT = {
    "no_contract": _("契約がない"),
    "no_decision": _("支給決定の外"),
    "not_employed": _("就労していない"),
    "outside_window": _("利用可能期間の外"),
    "right_ended": _("権利が終わっている"),
    "barred": _("ほかの支援がある"),
    "refused": _("本人が希望しない"),
    "no_meeting": _("面談なし"),
    "meeting_to_come": _("面談がまだ"),
    "claimed_elsewhere": _("別の契約で請求"),
    "renewal_late": _("更新がまだ"),
    "employment_pending": _("転職の途中"),
    "no_certificate": _("受給者証の番号がない"),
    "no_cap": _("上限額がない"),
    "cap_management": _("上限額管理の結果待ち"),
    "cap_result_off": _("上限額管理が合わない"),
    "report_not_shared": _("レポートを渡していない"),
    "report_died": _("亡くなった方のレポート"),
    "report_early": _("面談より前のレポート"),
    "report_late": _("レポートを渡す期限が過ぎた"),
    "city_refused": _("市町村が請求できないと回答"),
    "served_elsewhere": _("ほかの事業所も契約"),
    "split_month": _("市町村が月の途中で変わった"),
    "no_tier": _("区分が未確認"),
    "no_tariff": _("報酬表がない"),
    "rival_items": _("届出が重なっている"),
    "no_unit_price": _("単価がない"),
    "no_support_plan": _("個別支援計画がない"),
}
# The same of what bars a month, by its sentence.
BARRED = {
    SUBSIDY: _("訪問型ジョブコーチの助成を受ける"),
    LIVING: _("自立生活援助の決定がある"),
    TRAINING: _("自立訓練（生活訓練）の決定がある"),
}
MEND = {
    "interview_new": _("面談を記録"),
    "contract_new": _("契約を記録"),
    "certificate_transcribe": _("受給者証を転記"),
    "cap_new": _("上限額を記録"),
    "support_plans": _("計画を開く"),
    "cap_result": _("結果を記録"),
    "city_answer": _("市町村の回答を記録"),
    "person_additions": _("加算を見る"),
    "tier_confirm": _("区分を確認"),
    "office_settings": _("届出を見る"),
}


def is_cut(reason: Reason) -> bool:
    """Whether it is a reduction that the office notified: the person's own records mend nothing of it."""
    return reason.code.startswith(CUT)


def short_label(reason: Reason) -> str:
    """The reason in a few words; its own sentence where there are none."""
    if is_cut(reason):
        # 「減算」 is said before it or beside it.
        return NotifiedItem(reason.code.removeprefix(CUT)).label.replace("減算", "")
    if reason.code == "barred" and reason.text in BARRED:
        return str(BARRED[reason.text])
    return str(SHORT.get(reason.code, reason.text))


def only_reduces(reason: Reason, support: MonthOfSupport) -> bool:
    """Whether it holds nobody back: the month is billed, for less, and no record of the person's mends it."""
    return is_cut(reason) or (reason.code == "no_support_plan" and support.facts.is_over)


def label_of(reason: Reason, support: MonthOfSupport) -> str:
    """The reason in a few words, told as a reduction where it is one for good."""
    label = short_label(reason)
    return as_reduction(label) if only_reduces(reason, support) else label


def as_reduction(label: str) -> str:
    """The few words of a reason, told as a reduction."""
    return str(_("減算：%(why)s") % {"why": label})


def common_label(reasons: Iterable[Reason]) -> str:
    """The few words for reasons of one code: one may bar by several causes."""
    found = list(reasons)
    labels = {short_label(each) for each in found}
    return labels.pop() if len(labels) == 1 else str(SHORT.get(found[0].code, found[0].text))


def mend_label(reason: Reason) -> str:
    """What one does where the reason is mended."""
    if MONTH_PAGES.get(reason.code) == "report_page":
        return str(_("レポートを開く"))
    page = (
        ENROLMENT_PAGES.get(reason.code) or MONTH_PAGES.get(reason.code)
        or OFFICE_PAGES.get(reason.code, "")
    )  # fmt: skip
    if is_cut(reason):
        page = "office_settings"
    return str(MEND.get(page, _("直す")))


def mending_url(reason: Reason, support: MonthOfSupport, reader: Membership) -> str:
    """The page on which the reason is mended; the person's page where there is no better one.

    Also the person's page for a reader who may not write there: who is in charge stands on it.
    """
    url = _page_of(reason, support)
    if reason.code == "no_support_plan" and url and not may_open(reader, url):
        # Who may not record the step may read how far the plan is.
        url = address_of("support_plans", support.enrolment_public_id)
    person = address_of("client_page", support.client_public_id)
    return url if not url or may_open(reader, url.partition("#")[0]) else person


def _page_of(reason: Reason, support: MonthOfSupport) -> str:
    if is_cut(reason) or reason.code in OFFICE_PAGES:
        return reverse(OFFICE_PAGES.get(reason.code, "office_settings"))
    if only_reduces(reason, support) or reason.code in (*SYSTEM, "refused"):
        return ""
    if reason.code == "no_support_plan":
        return _plan_page(support)
    if reason.code in ENROLMENT_PAGES:
        return address_of(ENROLMENT_PAGES[reason.code], support.enrolment_public_id)
    if reason.code in MONTH_PAGES:
        page = MONTH_PAGES[reason.code]
        return address_of(page, support.enrolment_public_id, support.month)
    return _part_of_person(reason, support)


def _part_of_person(reason: Reason, support: MonthOfSupport) -> str:
    """Where on the person's pages it lies."""
    if reason.code == "barred" and reason.text == TRAINING:
        return address_of("client_facts", support.client_public_id)
    part, _writes = PERSON_PARTS.get(reason.code, ("", None))
    return address_of("client_page", support.client_public_id) + part


def able_roles(reason: Reason, support: MonthOfSupport) -> tuple[Role, ...]:
    """The roles that can mend the reason; none where no page of ours mends it."""
    if reason.code in SYSTEM:
        return (Role.SYSTEM_ADMIN,)
    if is_cut(reason):
        return ()  # nothing is missing: it is what the office notified
    url = _page_of(reason, support)
    if not url:
        return ()
    needed = _needed(UUID_IN_PATH.sub(ANY_UUID, url.partition("#")[0]))
    if reason.code in PERSON_PARTS:
        needed = (*needed, PERSON_PARTS[reason.code][1])
    return _able(frozenset(needed))


@lru_cache(maxsize=200)
def _able(needed: frozenset[Permission]) -> tuple[Role, ...]:
    return tuple(role for role in roles_for(Scope.OFFICE) if needed <= ROLE_TABLE[role])


def in_words(roles: Iterable[Role]) -> str:
    """The roles as a page names them."""
    return "・".join(str(role.label) for role in roles)


def who_mends(reason: Reason, support: MonthOfSupport) -> str:
    """The roles that can mend the reason, in words; empty where no page of ours mends it."""
    return in_words(able_roles(reason, support))


def whom_to_ask(
    reason: Reason, support: MonthOfSupport, reader: Membership, staff_name: str
) -> str:
    """Who mends it and by what, to a reader who cannot: the one in charge by name, else the roles."""
    roles = able_roles(reason, support)
    if is_up_to(reader, roles):
        return ""
    who = in_words(roles)
    if staff_name and Role.SUPPORT_WORKER in roles:
        who = _now("担当の%(name)s") % {"name": staff_name}
    return _now("%(who)sに頼む（%(what)s）") % {"who": who, "what": mend_label(reason)}


def is_up_to(reader: Membership, able: Iterable[Role]) -> bool:
    """Whether one of `able_roles` is the reader's; what no role mends is asked of others by them."""
    roles = tuple(able)
    return not roles or any(reader.has_role(role) for role in roles)


@lru_cache(maxsize=1_000)
def _needed(path: str) -> tuple[Permission, ...]:
    """What the page asks for, and what writing there does: the same whose-ever page it is."""
    found = resolve(path)
    writes = [WRITES[found.url_name]] if found.url_name in WRITES else []
    return (*getattr(found.func, "required_permissions", ()), *writes)


def _plan_page(support: MonthOfSupport) -> str:
    """The step that the plan lacks; where none is being made, the page that begins one."""
    enrolment = support.enrolment_public_id
    if support.plan_public_id is None or not support.plan_step:
        return address_of("support_plan_new", enrolment)
    return reverse(f"support_plan_{support.plan_step}", args=[enrolment, support.plan_public_id])
