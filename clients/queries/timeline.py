"""What happened around a person: jobs, leave, services, names, enrolment."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext as _

from clients.queries.dossier import ClientDossier
from teikyaku.timeline import TimelineEntry, TimelineKind, Tone

WORK, USE, PERSON = TimelineKind.WORK, TimelineKind.USE, TimelineKind.PERSON
AROUND = TimelineKind.AROUND


def timeline(dossier: ClientDossier) -> list[TimelineEntry]:
    """Entries up to the dossier's day, without order."""
    found = (
        *_jobs(dossier), *_services(dossier), *_names(dossier), *_enrolments(dossier),
        *_withdrawals(dossier), *_supports(dossier), *_referrals(dossier),
    )  # fmt: skip
    return [entry for entry in found if entry.on <= dossier.on]


def _jobs(dossier: ClientDossier) -> Iterator[TimelineEntry]:
    for job in dossier.jobs:
        employer = job.employer.name
        yield TimelineEntry(job.starts_on, WORK, _("就職"), employer, tone=Tone.INFO)
        if job.ends_on:
            detail = f"{employer}　{job.end_reason}".strip()
            yield TimelineEntry(job.ends_on, WORK, _("離職"), detail, tone=Tone.WARNING)
        for leave in job.leaves.all():
            yield TimelineEntry(leave.starts_on, WORK, _("休職"), leave.reason, tone=Tone.WARNING)
            if leave.ends_on:
                yield TimelineEntry(leave.ends_on, WORK, _("休職の最終日"))


def _services(dossier: ClientDossier) -> Iterator[TimelineEntry]:
    for use in dossier.services:
        detail = f"{use.get_kind_display()}　{use.office_name}".strip()
        yield TimelineEntry(use.starts_on, PERSON, _("サービスの利用開始"), detail)
        if use.ends_on:
            yield TimelineEntry(use.ends_on, PERSON, _("サービスの利用終了"), detail)


def _names(dossier: ClientDossier) -> Iterator[TimelineEntry]:
    for name in dossier.names:
        if name.starts_on != dossier.client.birth_date:
            yield TimelineEntry(name.starts_on, PERSON, _("氏名の変更"), name.name)


def _withdrawals(dossier: ClientDossier) -> Iterator[TimelineEntry]:
    for row in dossier.withdrawn:
        title = _("同意の撤回（%(what)s）") % {"what": row.label}
        yield TimelineEntry(row.on, USE, title, row.words, tone=Tone.WARNING)


def _enrolments(dossier: ClientDossier) -> Iterator[TimelineEntry]:
    for row in dossier.enrolments:
        yield TimelineEntry(row.starts_on, USE, _("相談の開始"))
        if row.use_starts_on:
            yield TimelineEntry(row.use_starts_on, USE, _("利用開始"), tone=Tone.SUCCESS)
        if row.ends_on:
            detail = f"{row.get_end_reason_display()}　{row.end_note}".strip()
            yield TimelineEntry(row.ends_on, USE, _("利用の終了"), detail, tone=Tone.INFO)


def _supports(dossier: ClientDossier) -> Iterator[TimelineEntry]:
    for row in dossier.supports:
        kind, place = row.get_kind_display(), row.organisation.name
        if row.withdrawn_at is not None:
            title = _("取り消した記録（%(what)s）") % {"what": kind}
            yield TimelineEntry(row.starts_on, AROUND, title, row.withdrawn_reason)
            continue
        phases = row.phases
        title = f"{kind}：{phases[0].phase.label}" if phases else kind
        yield TimelineEntry(row.starts_on, AROUND, title, place, tone=Tone.INFO)
        for span in phases[1:]:
            title = f"{kind}：{span.phase.label}"
            yield TimelineEntry(span.period.starts_on, AROUND, title, place, tone=Tone.INFO)
        if row.ends_on:
            detail = f"{place}　{row.end_note}".strip()
            yield TimelineEntry(row.ends_on, AROUND, _("%(what)sの終わり") % {"what": kind}, detail)


def _referrals(dossier: ClientDossier) -> Iterator[TimelineEntry]:
    for row in dossier.referrals:
        url = reverse("referral_page", args=[row.public_id])
        where = f"{row.get_centre_display()}　{row.centre_name}".strip()
        if row.withdrawn_at is not None:
            title = _("取り消した記録（%(what)s）") % {"what": _("つなぎ")}
            yield TimelineEntry(row.referred_on, AROUND, title, row.withdrawn_reason, url)
            continue
        title = _("%(where)sにつないだ") % {"where": where}
        yield TimelineEntry(row.referred_on, AROUND, title, row.why, url, Tone.INFO)
        if row.outcome_on is not None:
            title = _("つなぎの結果：%(what)s") % {"what": row.get_outcome_display()}
            yield TimelineEntry(row.outcome_on, AROUND, title, row.outcome_note, url)
        if row.follow_up_on is not None:
            title = _("もう一度声をかけた：%(what)s") % {"what": row.get_follow_up_display()}
            yield TimelineEntry(row.follow_up_on, AROUND, title, row.follow_up_note, url)
