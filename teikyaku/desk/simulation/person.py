"""What happens to one person whatever the staff do: they arrive, use begins, jobs and lives change.

Every turn is decided by the person's own dice on arrival. What the office has to do about it is not
decided here: that is told by boards and mails.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta

from clients.actions.employment import employer_named
from clients.enums import Category, EndReason
from clients.models import Consent, Employment, Enrolment, Leave
from plans.actions import life_change
from plans.actions.certificate import transcribe_certificate
from plans.actions.contract import report_contract
from plans.actions.report import give_consent
from plans.models import Certificate
from teikyaku.desk.demo import path
from teikyaku.desk.demo.lives import EMPLOYERS, Life, begin_life
from teikyaku.desk.demo.plan import CATEGORIES, CENTRAL_WARD, PersonPlan, Stage
from teikyaku.desk.demo.plans import whole_plan
from teikyaku.desk.simulation.world import World
from teikyaku.periods import Month

# Of every hundred: what becomes of them, the rest stays to the end of the three years.
TURNS = (
    ("left_job", 12), ("changes_job", 12), ("leave", 8), ("moves", 6), ("own_wish", 6), ("dies", 5),
)  # fmt: skip
MOST_MONTHS_EMPLOYED = 36
CAP_YEAR_ENDS_IN = 6


@dataclass(frozen=True, slots=True)
class Coming:
    """Who comes when, and what will happen to them so many days after use began."""

    index: int
    arrives_on: date
    months_employed: int
    turn: str
    turn_days: int
    wait_days: int
    """From the day on which they could begin to the first day of use."""


def people_to_come(world: World, clients: int, months: int) -> list[Coming]:
    """Half of them stand at the door in the first two months, the others come one by one."""
    found = []
    for index in range(clients):
        dice = world.chance("person", index)
        days = 60 if index % 2 == 0 else max(60, months * 20)
        longest = MOST_MONTHS_EMPLOYED if index % 2 == 0 else 10
        found.append(
            Coming(
                index=index,
                arrives_on=world.today + timedelta(days=dice.randrange(days)),
                months_employed=dice.randrange(longest),
                turn=_turn(dice.randrange(100)),
                turn_days=dice.randrange(60, 800),
                wait_days=dice.randrange(15, 50),
            )
        )
    return sorted(found, key=lambda each: (each.arrives_on, each.index))


def _turn(number: int) -> str:
    for name, share in TURNS:
        number -= share
        if number < 0:
            return name
    return ""


def arrive(world: World, coming: Coming) -> Life:
    """They are taken in today, and somebody is in charge of them."""
    index = coming.index
    plan = PersonPlan(
        index=index, stage=Stage.IN_USE, office=0, ward=CENTRAL_WARD,
        months_employed=coming.months_employed, category=CATEGORIES[index % len(CATEGORIES)],
        by_ward=index % 3 == 0,
    )  # fmt: skip
    life = begin_life(plan, world.city, world.chance("name", index))
    world.lives[life.enrolment.pk] = life
    return life


def first_day_of_use(life: Life, coming: Coming) -> date | None:
    """When use begins; None where hardly anything of the three years would be left."""
    earliest = max(coming.arrives_on, life.window.first_usable_on)
    day = earliest + timedelta(days=coming.wait_days)
    return day if day + timedelta(days=60) < life.window.last_usable_on else None


def begin(world: World, life: Life) -> None:
    """Papers, contract, consents and the first plan, all by today."""
    today = world.today
    if life.plan.by_ward:
        path.begin_use(life, today)
    else:
        _from_paper(life, today)
    life.enrolment = Enrolment.objects.select_related("client", "office").get(pk=life.enrolment.pk)
    give_consent(
        enrolment=life.enrolment, recipient=Consent.Recipient.CONSULTATION, scope="support_plan",
        starts_on=today - timedelta(days=2), by=life.worker, at=life.at(today),
    )  # fmt: skip
    if life.plan.index % 4 == 1:
        consent_of_family(life)
    whole_plan(life, today)


def consent_of_family(life: Life) -> None:
    """For a year, as some families wish it."""
    today = life.today
    give_consent(
        enrolment=life.enrolment, recipient=Consent.Recipient.FAMILY, scope="report",
        starts_on=today, ends_on=today + timedelta(days=364), by=life.worker, at=life.at(today),
    )  # fmt: skip


def _from_paper(life: Life, starts_on: date) -> None:
    """A certificate on paper, whose cap ends in June as the municipal year does."""
    day = starts_on - timedelta(days=14)
    cap = path.cap_of(life, starts_on)
    if life.plan.category in (Category.GENERAL_1, Category.GENERAL_2):
        cap = replace(cap, last_month=june_after(starts_on))
    transcribe_certificate(
        client=life.client, municipality=path.municipality_of(life),
        grant=path.granted_period(life, starts_on, day),
        paper=path.paper_of(life, day, starts_on, Certificate.Kind.NEW),
        cap=replace(cap, is_managed=False, managing_office_number="", managing_office_name=""),
        by=life.worker, at=life.at(starts_on),
    )  # fmt: skip
    contract = life_change.start_use(
        enrolment=life.enrolment, explained_on=day, signed_on=day, starts_on=starts_on,
        contracted_amount=path.AMOUNT, initial_addition_month=Month.of(starts_on).first_day,
        by=life.worker, at=life.at(starts_on),
    )  # fmt: skip
    report_contract(contract=contract, on=starts_on, by=life.worker, at=life.at(starts_on))


def june_after(day: date) -> date:
    """The last month of the municipal year that holds `day`, by its first day."""
    year = day.year if day.month <= CAP_YEAR_ENDS_IN else day.year + 1
    return date(year, CAP_YEAR_ENDS_IN, 1)


def _job(life: Life) -> Employment:
    return Employment.objects.filter(client=life.client).order_by("starts_on").last()  # type: ignore[return-value]


def leave_job(life: Life, *, to_improve: bool) -> None:
    """The office hears of it on the day."""
    life_change.end_employment(
        employment=_job(life), ends_on=life.today, reason="条件のよい会社へ" if to_improve else "体調不良",
        changes_to_improve=to_improve, by=life.worker, at=life.at(life.today),
    )  # fmt: skip


def take_job(life: Life) -> None:
    """The next job begins today."""
    name = EMPLOYERS[(life.plan.index + 3) % len(EMPLOYERS)]
    life_change.add_employment(
        client=life.client, employer=employer_named(name=name), starts_on=life.today,
        job_title="事務補助", by=life.worker, at=life.at(life.today),
    )  # fmt: skip


def fall_ill(life: Life) -> Leave:
    """A leave of absence begins today."""
    return life_change.start_leave(
        employment=_job(life), starts_on=life.today, reason="体調不良",
        by=life.worker, at=life.at(life.today),
    )  # fmt: skip


def come_back(life: Life, leave: Leave) -> None:
    """Back at work today."""
    life_change.end_leave(
        leave=leave, ends_on=life.today - timedelta(days=1), by=life.worker, at=life.at(life.today)
    )


def end(life: Life, reason: EndReason, on: date) -> None:
    """The use ends on a day, as the office records it today."""
    row = Enrolment.objects.select_related("client", "office").get(pk=life.enrolment.pk)
    life_change.end_use(
        enrolment=row, ends_on=on, reason=reason, note="", by=life.worker, at=life.at(life.today)
    )
