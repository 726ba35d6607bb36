"""What happened around a person: jobs, leave, services, names, enrolment."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext as _

from clients.models import Client, Employment, Enrolment, Leave
from teikyaku.accounts.models import Office
from teikyaku.timeline import TimelineEntry, Tone


def timeline(client: Client, office: Office, on: date) -> list[TimelineEntry]:
    """Entries up to `on`, without order; five queries, whatever the history."""
    return [
        entry
        for entry in (
            *_jobs(client),
            *_leaves(client),
            *_services(client),
            *_names(client),
            *_enrolments(client, office),
        )
        if entry.on <= on
    ]


def _jobs(client: Client) -> list[TimelineEntry]:
    entries = []
    for job in Employment.objects.filter(client=client).select_related("employer"):
        employer = job.employer.name
        entries.append(TimelineEntry(job.starts_on, _("就労"), _("就職"), employer, tone=Tone.INFO))
        if job.ends_on:
            detail = f"{employer}　{job.end_reason}".strip()
            entries.append(
                TimelineEntry(job.ends_on, _("就労"), _("離職"), detail, tone=Tone.WARNING)
            )
    return entries


def _leaves(client: Client) -> list[TimelineEntry]:
    entries = []
    for leave in Leave.objects.filter(employment__client=client):
        entries.append(
            TimelineEntry(leave.starts_on, _("休職"), _("休職"), leave.reason, tone=Tone.WARNING)
        )
        if leave.ends_on:
            entries.append(TimelineEntry(leave.ends_on, _("休職"), _("休職の最終日")))
    return entries


def _services(client: Client) -> list[TimelineEntry]:
    entries = []
    for use in client.prior_services.all():
        detail = f"{use.get_kind_display()}　{use.office_name}".strip()
        entries.append(TimelineEntry(use.starts_on, _("サービス"), _("サービスの利用開始"), detail))
        if use.ends_on:
            entries.append(
                TimelineEntry(use.ends_on, _("サービス"), _("サービスの利用終了"), detail)
            )
    return entries


def _names(client: Client) -> list[TimelineEntry]:
    changed = client.names.exclude(starts_on=client.birth_date)
    return [
        TimelineEntry(name.starts_on, _("氏名"), _("氏名の変更"), name.name) for name in changed
    ]


def _enrolments(client: Client, office: Office) -> list[TimelineEntry]:
    entries = []
    for row in Enrolment.objects.filter(client=client, office=office):
        entries.append(TimelineEntry(row.starts_on, _("利用"), _("相談の開始")))
        if row.use_starts_on:
            entries.append(
                TimelineEntry(row.use_starts_on, _("利用"), _("利用開始"), tone=Tone.SUCCESS)
            )
        if row.ends_on:
            detail = f"{row.get_end_reason_display()}　{row.end_note}".strip()
            entries.append(
                TimelineEntry(row.ends_on, _("利用"), _("利用の終了"), detail, tone=Tone.INFO)
            )
    return entries
