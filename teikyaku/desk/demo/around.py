"""Other support and referrals of the demo: a job coach, a centre, and people who were led elsewhere.

Two of those can use the service by now: of one, a service used before became known later; the other
came to a ward in the first six months, and these have passed.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.db.models import OuterRef

from clients.actions.employment import employer_named
from clients.actions.other_support import begin_phase, record_support, set_subsidised_months
from clients.actions.referral import answer_referral
from clients.enums import CentreKind, ReferralOutcome, ServiceKind, SupportKind
from clients.models import Client, Enrolment, Organisation
from clients.queries.no_contact import no_contact_q
from clients.queries.screening import screening_facts
from clients.rules.kinds import SupportPhase
from clients.rules.screening import screen
from plans.actions import life_change
from plans.actions.application import end_application
from plans.actions.receive import receive_from_person
from plans.actions.referral import keep_asked, refer
from plans.models import Application
from teikyaku.accounts.models import Membership
from teikyaku.accounts.roles import Permission
from teikyaku.clock import at_noon
from teikyaku.desk.demo.places import City
from teikyaku.periods import Month, months_later

# Who was led to a centre and found again: by the office, by the ward.
FOUND = (("早川　いつき", "はやかわ　いつき"), ("望月　さな", "もちづき　さな"))
PEOPLE = len(FOUND)
# By person: how many days ago, what came of it, and the note.
LED = (
    (75, ReferralOutcome.REGISTERED, "登録が済み、月に一度の面談を始めたとのこと。"),
    (40, ReferralOutcome.NOT_REACHED, "電話がつながらず、手紙で案内した。"),
    (16, ReferralOutcome.WAITING, ""),
)
HANDED_OVER = "連絡先と、いま困っていること（朝の遅刻が続いていること）。"
USED_NOTHING = {"used_service": False, "has_difficulties": True, "works_in_niigata": True}


def surround(city: City) -> None:
    """What people have beside this service, and where those went who could not use it."""
    _coached(city)
    _led(city)
    _led_by_ward(city)
    _found_again(city)
    _found_again_by_ward(city)


def _coached(city: City) -> None:
    """A job coach in the last of three phases, with one month of subsidy; and a registration."""
    coaches = Organisation.objects.create(
        kind=Organisation.Kind.JOB_COACH, name="障害者職業センター（架空）", phone="025-000-3000"
    )
    starts_on = months_later(city.today, -4)
    people = Enrolment.objects.in_use(starts_on).in_force(city.today)
    people = people.filter(office=city.offices[0]).exclude(
        # A job coach comes to the workplace.
        no_contact_q(city.today, OuterRef("client"))
    )
    found = list(people.select_related("client").order_by("pk")[:2])
    worker = city.staff["worker"]
    for enrolment in found[:1]:
        row = record_support(
            client=enrolment.client, kind=SupportKind.JOB_COACH, organisation=coaches,
            starts_on=starts_on, **_who(worker, starts_on),
        )  # fmt: skip
        for phase, months in ((SupportPhase.TRANSITION, 1), (SupportPhase.FOLLOW_UP, 3)):
            day = months_later(starts_on, months)
            row = begin_phase(support=row, phase=phase, on=day, **_who(worker, day))
        set_subsidised_months(
            support=row, months=[Month.of(city.today) - 1], **_who(worker, city.today)
        )
    for enrolment in found:
        record_support(
            client=enrolment.client, kind=SupportKind.CENTRE, organisation=city.centres[0],
            starts_on=starts_on, **_who(worker, starts_on),
        )  # fmt: skip


def _led(city: City) -> None:
    """People without a service before the job, each led to a centre by their office."""
    people = Enrolment.objects.in_force(city.today).filter(
        client__prior_services=None, use_starts_on=None
    )
    rows = people.select_related("client", "office").order_by("pk")[: len(LED)]
    for enrolment, (days, outcome, note) in zip(rows, LED, strict=False):
        worker = next(
            member for member in city.staff.values()
            if member.office_id == enrolment.office_id and member.may(Permission.CLIENT_WRITE)
        )  # fmt: skip
        day = max(enrolment.starts_on, city.today - timedelta(days=days))
        row = _lead(enrolment.client, day, worker, CentreKind.CORE_SUPPORT)
        if outcome != ReferralOutcome.WAITING:
            told_on = min(city.today, day + timedelta(days=12))
            answer_referral(
                referral=row, outcome=outcome, on=told_on, note=note, **_who(worker, told_on)
            )


def _led_by_ward(city: City) -> None:
    """The wards lead on those whom they had to refuse."""
    refused = Application.objects.filter(
        outcome=Application.Outcome.REFUSED, client__prior_services=None
    ).select_related("client", "municipality")
    for application in refused.order_by("pk"):
        officer = next(
            (m for m in city.staff.values() if m.municipality_id == application.municipality_id),
            None,
        )
        if officer is not None and application.outcome_on is not None:
            _lead(application.client, application.outcome_on, officer, CentreKind.LIFE_UP)


def _lead(client: Client, day: date, by: Membership, centre: CentreKind) -> Any:
    answers = dict(USED_NOTHING)
    result = screen(screening_facts(client, day, **answers), day)
    keep_asked(client=client, answers=answers, result=result, **_who(by, day))
    return refer(
        client=client, centre=centre, referred_on=day, why=result.reasons[0].text,
        handed_over=HANDED_OVER, consented_on=day, **_who(by, day),
    )  # fmt: skip


def _found_again(city: City) -> None:
    """Nobody knew of the service at first; once it is on file, the six months are over."""
    worker, today = city.staff["worker"], city.today
    employed_on, came_on = months_later(today, -9), months_later(today, -5)
    enrolment = life_change.take_in_person(
        office=city.offices[0], starts_on=came_on, name=FOUND[0][0], kana=FOUND[0][1],
        birth_date=date(1997, 7, 9), phone="090-0002-0001", services=[],
        job={"employer": employer_named(name="さくら印刷"), "starts_on": employed_on},
        **_who(worker, came_on),
    )  # fmt: skip
    row = _lead(enrolment.client, came_on, worker, CentreKind.CORE_SUPPORT)
    told_on = came_on + timedelta(days=15)
    answer_referral(
        referral=row, outcome=ReferralOutcome.TALKED, on=told_on, **_who(worker, told_on),
        note="一度相談した。登録はもう少し考えたいとのこと。",
    )  # fmt: skip
    known_on = today - timedelta(days=6)
    life_change.add_prior_service(
        client=enrolment.client, kind=ServiceKind.TRANSITION, office_name="架空就労移行センター",
        starts_on=months_later(employed_on, -14), ends_on=employed_on - timedelta(days=10),
        **_who(worker, known_on),
    )  # fmt: skip


def _found_again_by_ward(city: City) -> None:
    """They came in the first six months and did not want to wait: the ward led them to a centre."""
    officer, today = city.staff["chuo"], city.today
    ward = officer.municipality
    assert ward is not None  # noqa: S101  (a ward's officer)
    employed_on, came_on = months_later(today, -8), months_later(today, -6)
    who = _who(officer, came_on)
    application = receive_from_person(
        known=None, name=FOUND[1][0], kana=FOUND[1][1], birth_date=date(1999, 2, 16),
        address="架空町3-8", municipality=ward, kind="new", received_on=came_on,
        received_place="ward_office", handed_in_by="本人", **who,
    )  # fmt: skip
    person = application.client
    life_change.add_prior_service(
        client=person, kind=ServiceKind.CONTINUED_B, office_name="架空就労継続支援センター",
        starts_on=months_later(employed_on, -20), ends_on=employed_on - timedelta(days=5), **who,
    )  # fmt: skip
    life_change.add_employment(
        client=person, employer=employer_named(name="しおさい食品"), starts_on=employed_on, **who
    )
    told_on = came_on + timedelta(days=4)
    refer(
        client=person, centre=CentreKind.LIFE_UP, referred_on=told_on,
        why="使えるのは6か月たってからと伝えたところ、それまではセンターに相談したいとのこと。",
        **_who(officer, told_on),
    )  # fmt: skip
    end_application(
        application=application, outcome="withdrawn", on=told_on, reason="使える時期を待つため",
        **_who(officer, told_on),
    )  # fmt: skip


def _who(by: Membership, day: date) -> dict[str, Any]:
    return {"by": by, "at": at_noon(day)}
