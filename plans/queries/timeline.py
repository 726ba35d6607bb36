"""What happened in a person's support, for the timeline."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from heapq import nlargest

from django.utils.translation import gettext as _

from plans.models import Interview
from plans.queries.dossier import SupportDossier
from plans.queries.refusal import offered_words
from plans.rules.kinds import ContactOutcome
from teikyaku.addresses import address_of
from teikyaku.periods import Month
from teikyaku.timeline import TimelineEntry, TimelineKind, Tone

KIND = TimelineKind
TONES = {ContactOutcome.MET: Tone.SUCCESS, ContactOutcome.ATTEMPT: Tone.WARNING}
NOTES_SHOWN = 80


def timeline(dossier: SupportDossier, newest: int | None = None) -> list[TimelineEntry]:
    """Entries up to the dossier's day, without order.

    Where only the `newest` so many of a person's life are shown, of what comes every month no more
    than these are put into words.
    """
    since = _since(dossier, newest)
    found = (
        *_contacts(dossier, since),
        *_withdrawn(dossier),
        *_applications(dossier),
        *_contracts(dossier),
        *_decided(dossier),
        *_shares(dossier, since),
    )
    return [entry for entry in found if entry.on <= dossier.person.on]


def _since(dossier: SupportDossier, newest: int | None) -> date:
    """The day of the last of the `newest` contacts and reports, which come every month."""
    if newest is None:
        return date.min
    days = (
        *(row.held_on for row in dossier.contacts),
        *(row.shared_on for row in dossier.shares),
    )
    seen = nlargest(newest, (day for day in days if day <= dossier.person.on))
    return min(seen, default=date.min)


def _contacts(dossier: SupportDossier, since: date) -> Iterator[TimelineEntry]:
    for row in reversed(dossier.contacts):
        if not since <= row.held_on <= dossier.person.on:
            continue
        yield TimelineEntry(
            row.held_on,
            KIND.CONTACT,
            f"{row.get_way_display()}　{row.get_outcome_display()}",
            _told(row),
            address_of("interview_page", row.public_id),
            TONES.get(ContactOutcome(row.outcome), Tone.NEUTRAL),
        )


def _withdrawn(dossier: SupportDossier) -> Iterator[TimelineEntry]:
    """What was taken back stays readable."""
    for row in dossier.withdrawn:
        yield TimelineEntry(
            row.held_on,
            KIND.CONTACT,
            _("取り消した記録（%(way)s）") % {"way": row.get_way_display()},
            row.withdrawal_reason,
            address_of("interview_page", row.public_id),
        )


def _told(row: Interview) -> str:
    ratings = (
        _("仕事は%(work)s・生活は%(life)s")
        % {"work": row.get_work_rating_display(), "life": row.get_life_rating_display()}
        if row.work_rating
        else ""
    )
    topics = "・".join(row.topic_labels)
    kind = row.get_meeting_kind_display()
    partners = "・".join(row.partner_labels) or row.participants
    whom = _("%(whom)sと") % {"whom": partners} if partners else ""
    offered = offered_words(row.offered_instead)
    told = (row.met_by.user.name, whom, kind, offered, ratings, topics, _short(row.notes))
    return "　".join(filter(None, told))


def _short(notes: str) -> str:
    return notes if len(notes) <= NOTES_SHOWN else f"{notes[:NOTES_SHOWN]}…"


def _applications(dossier: SupportDossier) -> Iterator[TimelineEntry]:
    # A refusal of a time before this office is the person's to tell.
    known = min(row.starts_on for row in dossier.person.enrolments)
    for row in dossier.applications:
        over_on = row.outcome_on if row.outcome in ("refused", "withdrawn") else None
        if over_on is not None and over_on < known:
            continue
        yield TimelineEntry(
            row.received_on, KIND.RIGHT, _("申請（%(kind)s）") % {"kind": row.get_kind_display()}
        )
        if over_on is not None:
            title, why = row.get_outcome_display(), row.outcome_reason
            yield TimelineEntry(over_on, KIND.RIGHT, title, why, tone=Tone.WARNING)
    for decision in dossier.decisions:
        title = _("支給決定（転記）") if decision.is_transcribed else _("支給決定")
        yield TimelineEntry(decision.decided_on, KIND.RIGHT, title, decision.amount, tone=Tone.INFO)
    for decision in dossier.cancelled:
        yield TimelineEntry(
            decision.decided_on, KIND.RIGHT, _("支給決定（始まる前に取消）"),
            f"{decision.amount}　{decision.revocation_reason}", tone=Tone.WARNING,
        )  # fmt: skip


def _contracts(dossier: SupportDossier) -> Iterator[TimelineEntry]:
    for row in dossier.contracts:
        yield TimelineEntry(row.signed_on, KIND.USE, _("利用契約"), tone=Tone.INFO)
        if row.ends_on:
            yield TimelineEntry(row.ends_on, KIND.USE, _("契約の終了"))
    for plan in dossier.support_plans:
        if plan.consented_on is None:
            continue
        yield TimelineEntry(
            plan.consented_on,
            KIND.USE,
            _("個別支援計画に同意"),
            "\n".join(_short(goal) for goal in plan.goals.splitlines()),
        )


def _decided(dossier: SupportDossier) -> Iterator[TimelineEntry]:
    for row in dossier.pace_decisions:
        title = _("間隔をゆるめない")
        if row.is_accepted:
            longer = _("%(n)dか月ごとにする") % {"n": row.to_months}
            title = longer if row.to_months > 1 else _("毎月に戻す")
        if row.is_same_person:
            # Who decides is also in charge: told wherever the decision is (docs/rules.md §6).
            title += _("（本人兼務）")
        yield TimelineEntry(row.decided_on, KIND.PACE, title, row.reason)


def _shares(dossier: SupportDossier, since: date) -> Iterator[TimelineEntry]:
    for row in reversed(dossier.shares):
        if not since <= row.shared_on <= dossier.person.on:
            continue
        month = Month.of(row.report.month).label
        title = _("%(month)sの支援レポートを渡した") % {"month": month}
        yield TimelineEntry(row.shared_on, KIND.REPORT, title, row.get_recipient_display())
