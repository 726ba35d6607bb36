"""What happened in a person's support, for the timeline."""

from __future__ import annotations

from datetime import date

from django.db.models import Min, Q
from django.urls import reverse
from django.utils.translation import gettext as _

from clients.models import Client
from plans.models import Application, Contract, Decision, Interview, PaceDecision, ReportShare
from plans.rules.kinds import ContactOutcome
from teikyaku.accounts.models import Office
from teikyaku.timeline import TimelineEntry, Tone

SHOWN = 60
TONES = {ContactOutcome.MET: Tone.SUCCESS, ContactOutcome.ATTEMPT: Tone.WARNING}


def timeline(client: Client, office: Office, on: date) -> list[TimelineEntry]:
    """Entries up to `on`, without order; six queries, at most `SHOWN` contacts."""
    return [
        entry
        for entry in (
            *_contacts(client, office),
            *_path(client, office),
            *_contracts(client, office),
            *_decided(client, office),
            *_shares(client, office),
        )
        if entry.on <= on
    ]


def _contacts(client: Client, office: Office) -> list[TimelineEntry]:
    rows = Interview.objects.filter(
        enrolment__client=client, enrolment__office=office, replaced_by=None
    )[:SHOWN]
    return [
        TimelineEntry(
            row.held_on,
            _("面談・連絡"),
            f"{row.get_way_display()}　{row.get_outcome_display()}",
            row.notes[:80],
            reverse("interview_page", args=[row.public_id]),
            TONES.get(ContactOutcome(row.outcome), Tone.NEUTRAL),
        )
        for row in rows
    ]


def _path(client: Client, office: Office) -> list[TimelineEntry]:
    entries = []
    # A refusal of a time before this office is the person's to tell.
    known = client.enrolments.filter(office=office).aggregate(first=Min("starts_on"))["first"]
    closed = Q(outcome__in=("refused", "withdrawn"), outcome_on__lt=known) if known else Q()
    rows = Application.objects.filter(client=client)
    for row in rows.exclude(closed) if known else rows:
        entries.append(TimelineEntry(row.received_on, _("申請"), row.get_kind_display()))
        if row.outcome in ("refused", "withdrawn") and row.outcome_on:
            detail = row.outcome_reason
            title = row.get_outcome_display()
            entries.append(
                TimelineEntry(row.outcome_on, _("申請"), title, detail, "", Tone.WARNING)
            )
    for decision in Decision.objects.filter(client=client):
        title = _("支給決定（転記）") if decision.is_transcribed else _("支給決定")
        entries.append(
            TimelineEntry(decision.decided_on, _("支給決定"), title, decision.amount, "", Tone.INFO)
        )
    return entries


def _contracts(client: Client, office: Office) -> list[TimelineEntry]:
    entries = []
    for row in Contract.objects.filter(enrolment__client=client, enrolment__office=office):
        entries.append(TimelineEntry(row.signed_on, _("契約"), _("利用契約"), "", "", Tone.INFO))
        if row.ends_on:
            entries.append(TimelineEntry(row.ends_on, _("契約"), _("契約の終了")))
    return entries


def _decided(client: Client, office: Office) -> list[TimelineEntry]:
    rows = PaceDecision.objects.filter(enrolment__client=client, enrolment__office=office)
    return [
        TimelineEntry(
            row.decided_on,
            _("間隔"),
            _("%(n)dか月ごとにする") % {"n": row.to_months} if row.is_accepted else _("見送り"),
            row.reason,
        )
        for row in rows
    ]


def _shares(client: Client, office: Office) -> list[TimelineEntry]:
    rows = ReportShare.objects.filter(
        report__enrolment__client=client, report__enrolment__office=office
    ).order_by("-shared_on")[:SHOWN]
    return [
        TimelineEntry(
            row.shared_on, _("レポート"), _("支援レポートの共有"), row.get_recipient_display()
        )
        for row in rows
    ]
