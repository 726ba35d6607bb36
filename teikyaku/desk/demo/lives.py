"""Living one person's life through the product's actions, in the order of the days."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random

from clients.actions import client as client_actions
from clients.actions.employment import employer_named
from clients.actions.enrolment import assign_staff
from clients.actions.facts import add_fact
from clients.enums import Category, ServiceKind
from clients.models import Client, Disability, Enrolment, HouseholdFact, Residence
from clients.rules.window import SupportWindow, support_window
from plans.actions import life_change
from teikyaku.accounts.models import Membership
from teikyaku.accounts.roles import Role
from teikyaku.clock import at_noon
from teikyaku.desk.demo.names import full_name
from teikyaku.desk.demo.places import City
from teikyaku.desk.demo.plan import PersonPlan, Stage
from teikyaku.periods import Month, months_later

EMPLOYERS = (
    "架空スーパー みどり店", "しおさい食品", "にいがた架空物流", "あおぞらクリーニング", "架空ホテル信濃",
    "こもれび書店", "架空精密工業", "まるまる弁当", "架空市民病院（清掃）", "さくら印刷",
)  # fmt: skip
JOBS = ("品出し", "仕分け", "清掃", "事務補助", "調理補助", "データ入力", "検品")
SERVICES = (
    ServiceKind.TRANSITION, ServiceKind.TRANSITION, ServiceKind.CONTINUED_B,
    ServiceKind.CONTINUED_A, ServiceKind.SELF_RELIANCE, ServiceKind.LIFE_CARE,
)  # fmt: skip
KINDS = tuple(Disability.Kind)


@dataclass(slots=True)
class Life:
    """One person on the way through the city."""

    plan: PersonPlan
    city: City
    random: Random
    employed_on: date
    window: SupportWindow
    worker: Membership
    manager: Membership
    client: Client
    enrolment: Enrolment
    granted_until: date | None = None
    """End of the latest decision, once there is one."""

    @property
    def today(self) -> date:
        """The day of the demo."""
        return self.city.today

    def at(self, day: date) -> datetime:
        """An instant for what happens on `day`, never after today's noon."""
        return at_noon(min(day, self.today))


def begin_life(plan: PersonPlan, city: City, random: Random) -> Life:
    """Take the person in: who they are, what they used before, where they work."""
    employed_on = _employed_on(plan, city.today, random)
    window = support_window(employed_on)
    workers = city.of_office(plan.office, Role.SUPPORT_WORKER)
    worker = workers[plan.index % len(workers)]
    manager = city.of_office(plan.office, Role.SERVICE_MANAGER)[0]
    opened = _opened_on(plan, employed_on, window.first_usable_on, city.today)
    at = at_noon(opened)
    name, kana = full_name(random, plan.index)
    enrolment = life_change.take_in_person(
        office=city.offices[plan.office],
        starts_on=opened,
        name=name,
        kana=kana,
        birth_date=date(1966 + plan.index % 38, 1 + plan.index % 12, 1 + plan.index % 28),
        phone=f"090-0000-{plan.index:04d}",
        services=_services(plan, employed_on),
        job=_job(plan, employed_on),
        by=worker,
        at=at,
    )
    life = Life(
        plan, city, random, employed_on, window, worker, manager, enrolment.client, enrolment
    )
    _surroundings(life, at)
    if opened <= city.today:
        assign_staff(enrolment=enrolment, staff=worker, starts_on=opened, by=manager, at=at)
    return life


def _employed_on(plan: PersonPlan, today: date, random: Random) -> date:
    if plan.stage == Stage.EXPIRING:
        # The window of 42 months ends on one of the days that are left of this month, or today.
        left = (Month.of(today).last_day - today).days
        last_day = today + timedelta(days=plan.index * 3 % (left + 1))
        return months_later(last_day + timedelta(days=1), -42)
    began = months_later(today, -plan.months_employed)
    return began - timedelta(days=random.randrange(1, 20))


def _opened_on(plan: PersonPlan, employed_on: date, first_usable: date, today: date) -> date:
    if plan.stage == Stage.WAITING:
        return min(today, employed_on + timedelta(days=7))
    return min(today, first_usable - timedelta(days=75))


def _services(plan: PersonPlan, employed_on: date) -> list[dict[str, object]]:
    if plan.stage == Stage.REFUSED:
        return []
    kind = SERVICES[plan.index % len(SERVICES)]
    ends_on = employed_on - timedelta(days=1 + plan.index % 20)
    starts_on = ends_on - timedelta(days=400 + plan.index)
    office = f"架空{ServiceKind(kind).label}センター"
    return [{"kind": kind, "office_name": office, "starts_on": starts_on, "ends_on": ends_on}]


def _job(plan: PersonPlan, employed_on: date) -> dict[str, object]:
    return {
        "employer": employer_named(
            name=EMPLOYERS[plan.index % len(EMPLOYERS)],
            address="新潟市架空町1-1",
            phone=f"025-000-20{plan.index % 10:02d}",
        ),
        "starts_on": employed_on,
        "job_title": JOBS[plan.index % len(JOBS)],
        "weekly_minutes": 1200 + plan.index % 5 * 180,
        "contact_name": "人事担当",
        "must_not_contact": plan.is_closed_employment,
    }


def _surroundings(life: Life, at: datetime) -> None:
    plan, city = life.plan, life.city
    ward = city.wards[plan.ward]
    home = Residence(
        client=life.client,
        municipality=ward,
        postal_code=f"95{plan.ward}-00{plan.index % 90 + 10}",
        address=f"架空町{plan.index % 30 + 1}-{plan.index % 9 + 1}",
        starts_on=life.client.birth_date,
        is_protected=plan.is_address_protected,
    )
    add_fact(home, verb="residence_recorded", by=life.worker, at=at)
    disability = Disability(
        client=life.client, kind=KINDS[plan.index % len(KINDS)], starts_on=life.client.birth_date
    )
    add_fact(disability, verb="disability_recorded", by=life.worker, at=at)
    _household(life, at)
    if plan.changed_name and life.enrolment.starts_on < life.today:
        name, kana = full_name(life.random, plan.index + 160)
        changed_on = life.enrolment.starts_on + timedelta(days=20)
        if changed_on <= life.today:
            client_actions.change_name(
                client=life.client, name=name, kana=kana, starts_on=changed_on,
                by=life.worker, at=life.at(changed_on),
            )  # fmt: skip


def _household(life: Life, at: datetime) -> None:
    """The facts from which the category follows."""
    plan = life.plan
    category = Category(plan.category)
    is_taxed = category in (Category.GENERAL_1, Category.GENERAL_2)
    levy = {Category.GENERAL_1: 48_000, Category.GENERAL_2: 165_000}.get(category)
    row = HouseholdFact(
        client=life.client,
        first_month=Month.of(life.enrolment.starts_on).first_day,
        receives_public_assistance=category == Category.PUBLIC_ASSISTANCE,
        is_taxed=is_taxed,
        income_levy_yen=48_000 if plan.lives_in_group_home else levy,
        lives_in_group_home=plan.lives_in_group_home,
    )
    add_fact(row, verb="household_recorded", by=life.worker, at=at)
