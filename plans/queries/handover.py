"""引き継ぎ: the way with its steps, whom the centre's area fits, and what consent covers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q, QuerySet

from clients.enums import EndReason
from clients.models import Client, Consent, Employment, Enrolment, Organisation
from clients.models.enrolment import EnrolmentQuerySet
from clients.rules.centres import NIIGATA, Centres, centres_for
from clients.rules.ending import effects_of
from clients.rules.names import search_key
from plans.models import Handover
from plans.rules.handover import HandoverDays, HandoverStep, handover_days, open_steps
from plans.rules.handover_duty import end_has_duty
from teikyaku.clock import date_of
from teikyaku.periods import in_force

LABELS = {
    HandoverStep.CENTRE: "引き継ぎ先",
    HandoverStep.CONSENT: "本人の同意",
    HandoverStep.SHARING: "情報の共有",
    HandoverStep.MEETING: "引き継ぎ会議",
    HandoverStep.ANSWER: "受け入れの返事",
    HandoverStep.CONTACT: "引き継ぎ先での最初の相談",
    HandoverStep.LOOK: "6か月後の確かめ",
}


@dataclass(frozen=True, slots=True)
class WayStep:
    """One step as components/steps.html draws it."""

    key: str
    label: str
    state: str
    on: date | None = None
    note: str = ""
    url: str = ""


def way_steps(row: Handover) -> tuple[WayStep, ...]:
    """The judgement and every step after it, each done, open now, or to come."""
    found = [WayStep("judged", "要否の判断", "done", row.judged_on)]
    if not row.is_needed:
        return tuple(found)
    now = open_steps(row.dates)
    is_declined = row.declined_on is not None
    days = {
        HandoverStep.CONSENT: row.consented_on,
        HandoverStep.SHARING: row.shared_on,
        HandoverStep.MEETING: row.meeting_on,
        HandoverStep.ANSWER: row.accepted_on,
        HandoverStep.CONTACT: row.first_contact_on,
        HandoverStep.LOOK: row.looked_on,
    }
    for step in HandoverStep:
        day = days.get(step)
        is_done = day is not None or (step == HandoverStep.CENTRE and row.centre_id is not None)
        if is_declined and step == HandoverStep.ANSWER:
            state, day, note = "stopped", row.declined_on, row.decline_reason
        else:
            note = row.centre.name if step == HandoverStep.CENTRE and row.centre else ""
            is_now = bool(now) and step == now[0] and not is_declined
            state = "done" if is_done else "current" if is_now else "todo"
        if step == HandoverStep.LOOK and day is None and row.look_due_on is not None:
            day, note = row.look_due_on, "まで"
        found.append(WayStep(step.value, LABELS[step], state, day, note))
    return tuple(found)


def has_duty(enrolment: Enrolment, on: date) -> bool | None:
    """Whether the use's end, recorded or ahead, asks for sharing three months before; None: not settled."""
    reason = EndReason(enrolment.end_reason) if enrolment.end_reason else None
    return end_has_duty(
        reason,  # type: ignore[arg-type]
        has_ended=enrolment.ends_on is not None and enrolment.ends_on <= on,
        is_cut_short=enrolment.is_cut_short,
    )


def may_be_judged(enrolment: Enrolment, on: date) -> bool:
    """While the use runs; after an end that asked for it, as long as nobody has judged (one query)."""
    if enrolment.ends_on is None or on <= enrolment.ends_on:
        return True
    return (
        has_duty(enrolment, on) is True
        and not Handover.objects.filter(enrolment=enrolment).exists()
    )


def sudden_q() -> Q:
    """The uses whose end is sudden: `has_duty` says False of them."""
    reasons = {
        answer: [reason for reason in EndReason if effects_of(reason).has_handover_duty is answer]  # type: ignore[arg-type]
        for answer in (True, False)
    }
    foreseen = Q(end_reason__in=["", *reasons[True]])
    return Q(end_reason__in=reasons[False]) | (foreseen & EnrolmentQuerySet.cut_short_q())


def ends_that_go_on() -> list[EndReason]:
    """The reasons after which somebody may wait for the person: the centre is offered."""
    return [reason for reason in EndReason if effects_of(reason).offers_handover]  # type: ignore[arg-type]


def ends_with_duty() -> list[EndReason]:
    """The reasons of ends that could be foreseen: sharing three months before was owed."""
    return [reason for reason in EndReason if effects_of(reason).has_handover_duty]  # type: ignore[arg-type]


def unfinished_q() -> Q:
    """Hand-overs of the living that have not reached the new place, whatever became of the use.

    As plans.rules.handover.is_unfinished; none where the use goes on at another office.
    """
    return Q(
        is_needed=True,
        not_consented_on=None,
        first_contact_on=None,
        looked_on=None,
        enrolment__end_reason__in=["", *ends_that_go_on()],
        enrolment__client__died_on=None,
    )


def days_of(enrolment: Enrolment, on: date) -> HandoverDays | None:
    """The days that the hand-over hangs on; None without a window and for a sudden end, which has none."""
    end = enrolment.planned_end
    return None if end is None or has_duty(enrolment, on) is False else handover_days(end)


def is_after_death(enrolment: Enrolment, at: datetime) -> bool:
    """Whether the person has died by the Tokyo day of `at`: from that day nothing goes on."""
    died_on = enrolment.client.died_on
    return died_on is not None and died_on <= date_of(at)


def consents_to_hand_over(
    enrolment: Enrolment, centre: Organisation, on: date
) -> tuple[Consent, ...]:
    """Those that allow the hand-over information to go to this centre on `on`: named, or for all."""
    rows = hand_over_consents(enrolment, on).filter(recipient=Consent.Recipient.CENTRE)
    key = search_key(centre.name)
    return tuple(row for row in rows if search_key(row.recipient_name) in ("", key))


def hand_over_consents(enrolment: Enrolment, on: date) -> QuerySet[Consent]:
    """Every consent for hand-over information that is given on `on`, the oldest first."""
    rows = Consent.objects.filter(enrolment=enrolment, scope=Consent.ConsentScope.HANDOVER)
    return rows.given(on).order_by("starts_on", "pk")


def is_other_centre(client: Client, centre: Organisation, on: date) -> bool:
    """Whether another centre than those of the person's area was chosen; no where none is registered for it."""
    fitting = centre_proposal(client, on).organisations
    return bool(fitting) and centre not in fitting


@dataclass(frozen=True, slots=True)
class CentreProposal:
    """引き継ぎ先の案: who is for this person, and which registered centres have their place."""

    centres: Centres
    organisations: tuple[Organisation, ...]
    is_home_hidden: bool
    """A protected address is not used for it."""


def centre_proposal(client: Client, on: date) -> CentreProposal:
    """By where the person lives and works on `on` (five queries).

    Of a workplace without an address nothing is known. A centre is named where it looks after the
    person's municipality, or where its name is that of the guidance's centre.
    """
    home = client.residences.filter(in_force(on)).select_related("municipality__city").first()
    is_hidden = home is not None and home.is_protected
    lives_in = home.municipality.full_name if home and not is_hidden else ""
    jobs = Employment.objects.filter(in_force(on), client=client).select_related("employer")
    places = [job.employer.address for job in jobs if job.employer.address]
    works = any(NIIGATA in place for place in places) if places else None
    found = centres_for(lives_in, works, None if works is None else works)
    rows = Organisation.objects.filter(kind=Organisation.Kind.CENTRE)
    near: set[int] = set()
    if home is not None and not is_hidden:
        near = set(rows.filter(areas=home.municipality).values_list("pk", flat=True))
    names = [referral.name for referral in found.referrals if not referral.is_addition]
    fitting = tuple(
        row
        for row in rows
        if row.pk in near or any(row.name in name or name in row.name for name in names)
    )
    return CentreProposal(found, fitting, is_hidden)
