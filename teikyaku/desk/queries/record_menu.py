"""記録のメニュー: every page on which something about one person is recorded, in one place."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from teikyaku.accounts.access import may_open
from teikyaku.accounts.models import Membership
from teikyaku.addresses import address_of
from teikyaku.desk.queries.person import PersonPage
from teikyaku.periods import Month


@dataclass(frozen=True, slots=True)
class MenuLink:
    """One page to record something on; where it would only refuse, `note` says why instead."""

    label: str
    url: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class MenuGroup:
    """Links that belong together."""

    label: str
    links: tuple[MenuLink, ...]


def record_menu(page: PersonPage, reader: Membership) -> tuple[MenuGroup, ...]:
    """What `reader` may record about the person; only the way back once the use has ended."""
    groups = _running(page) if page.is_running else (_ended(page),)
    kept = (
        MenuGroup(
            group.label,
            tuple(link for link in group.links if may_open(reader, link.url.partition("?")[0])),
        )
        for group in groups
    )
    return tuple(group for group in kept if group.links)


def _ended(page: PersonPage) -> MenuGroup:
    url = address_of("enrolment_reopen", page.enrolment.public_id)
    return MenuGroup(_("利用"), (MenuLink(_("終了の記録が間違いだったとき"), url), _looked(page)))


def _looked(page: PersonPage) -> MenuLink:
    """Nothing to record, and asked for beside it: by who leads the office alone."""
    url = address_of("client_looked", page.person.public_id)
    return MenuLink(_("だれがこの方の記録を見たか"), url)


def _running(page: PersonPage) -> tuple[MenuGroup, ...]:
    client, enrolment = page.person.public_id, page.enrolment.public_id

    def of_client(label: str, name: str, *args: object) -> MenuLink:
        return MenuLink(label, address_of(name, client, *args))

    def of_enrolment(label: str, name: str) -> MenuLink:
        return MenuLink(label, address_of(name, enrolment))

    meeting = address_of("interview_new", enrolment)
    return (
        MenuGroup(
            _("受給者証と契約"),
            (
                of_enrolment(_("受給者証を転記"), "certificate_transcribe"),
                of_enrolment(_("負担上限月額"), "cap_new"),
                of_enrolment(_("利用契約"), "contract_new"),
                of_enrolment(_("個別支援計画"), "support_plans"),
                of_enrolment(_("同意"), "consent_new"),
                _proposal(page, of_enrolment(_("区に提案する"), "proposal_choose")),
                of_enrolment(_("写真・PDFの添付"), "attachment_new"),
            ),
        ),
        MenuGroup(
            _("加算と助成"),
            (
                MenuLink(_("地域連携会議（Ⅰ）"), f"{meeting}?meeting=1"),
                MenuLink(_("地域連携会議（Ⅱ）"), f"{meeting}?meeting=2"),
                of_enrolment(_("加算・減算・助成"), "person_additions"),
            ),
        ),
        MenuGroup(
            _("仕事"),
            (
                of_client(_("新しい就職"), "employment_new"),
                *_job(page),
                of_client(_("就職前のサービス"), "prior_service_new"),
                of_client(_("利用できるかの確認"), "screening"),
            ),
        ),
        MenuGroup(
            _("本人のこと"),
            (
                of_client(_("連絡先と配慮"), "contact_edit"),
                of_client(_("転居"), "fact_new", "residence"),
                of_client(_("氏名の変更"), "fact_new", "name"),
                of_client(_("障害種別"), "fact_new", "disability"),
                of_client(_("世帯の収入"), "fact_new", "household"),
                of_client(_("関係者"), "fact_new", "related"),
            ),
        ),
        MenuGroup(
            _("ほかの支援"),
            (
                of_client(_("センターへの登録"), "other_support_new", "centre"),
                of_client(_("ジョブコーチ"), "other_support_new", "job_coach"),
                of_client(_("自立生活援助"), "other_support_new", "independent_living"),
                of_client(_("センターにつなぐ"), "referral_new"),
                of_client(_("3つの支援をくらべる"), "client_services"),
            ),
        ),
        MenuGroup(
            _("利用"),
            (
                of_enrolment(_("担当を決める"), "staff_assign"),
                *_sheet(page),
                of_enrolment(_("引き継ぎの要否"), "handover_judge"),
                *_opening(page, of_enrolment(_("移行時の事実"), "opening_edit")),
                of_enrolment(_("利用の終了"), "enrolment_end"),
                _looked(page),
            ),
        ),
    )


def _sheet(page: PersonPage) -> tuple[MenuLink, ...]:
    """実績記録票 of the running month, to be signed at the meeting."""
    if page.enrolment.use_starts_on is None or page.enrolment.use_starts_on > page.seen_on:
        return ()
    url = address_of("service_record_pdf", page.enrolment.public_id, Month.of(page.seen_on))
    return (MenuLink(_("実績記録票（今月、PDF）"), url),)


def _opening(page: PersonPage, link: MenuLink) -> tuple[MenuLink, ...]:
    return (link,) if page.came_with_office else ()


def _proposal(page: PersonPage, link: MenuLink) -> MenuLink:
    """To the ward that decided here; what was copied from paper came from somewhere else."""
    rows = page.support.decisions
    if any(not row.is_transcribed for row in rows):
        return link
    if rows:
        note = _("支給決定は紙から転記したものです。区には電話か書面で伝えます。")
    else:
        note = _("支給決定の記録がまだありません。区には電話か書面で伝えます。")
    return MenuLink(link.label, link.url, note)


def _job(page: PersonPage) -> tuple[MenuLink, ...]:
    job, others = page.person.job, page.person.other_jobs
    if job is None or job.ends_on is not None:
        return ()
    return tuple(
        MenuLink(text, reverse(name, args=[page.person.public_id, each.public_id]))
        for each in (job, *others)
        for name, label in (("employment_end", _("離職")), ("leave_new", _("休職")))
        for text in (f"{label}（{each.employer}）" if others else label,)
    )
