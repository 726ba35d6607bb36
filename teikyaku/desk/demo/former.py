"""Former users of the demo: whom the offices asked about the last March 31, and what came of it.

Their papers were kept on paper: the file holds who they are, where they worked and when the use was.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from clients.actions.client import register_person
from clients.actions.employment import add_employment, employer_named
from clients.actions.facts import add_fact
from clients.actions.staffing import set_staffing
from clients.actions.work_check import record_check
from clients.enums import CheckOutcome, CheckSource, EndReason, ServiceKind
from clients.models import Enrolment, PriorService
from clients.rules.window import support_window
from plans.actions.pace import refresh
from teikyaku.accounts.actions.record import save_record
from teikyaku.accounts.models import Membership
from teikyaku.accounts.roles import Role
from teikyaku.clock import at_noon
from teikyaku.desk.demo.lives import EMPLOYERS
from teikyaku.desk.demo.names import FAMILIES, GIVEN
from teikyaku.desk.demo.places import City
from teikyaku.periods import Month, fiscal_year, fiscal_year_period, months_later

SAME, OTHER, NOT, MISSED, DECLINED = (
    CheckOutcome.SAME_JOB, CheckOutcome.OTHER_JOB, CheckOutcome.NOT_EMPLOYED,
    CheckOutcome.NOT_REACHED, CheckOutcome.DECLINED,
)  # fmt: skip
# By office: what came of asking each; None for who has not been asked. The first is near the bound
# of a tier, which its open answers would pass.
ANSWERS: tuple[tuple[CheckOutcome | None, ...], ...] = (
    (SAME, SAME, SAME, OTHER, SAME, NOT, NOT, None, MISSED, DECLINED),
    (NOT, NOT),
    (NOT, NOT, NOT, None, MISSED, NOT),
    (NOT, NOT, NOT, None, NOT, NOT),
)
SOURCES = (CheckSource.PERSON, CheckSource.FAMILY, CheckSource.PAPER, CheckSource.CENTRE)
PEOPLE = sum(len(answers) for answers in ANSWERS)
POSTS = (Decimal("2.0"), Decimal("1.0"))
# How long before the last March 31 they were hired, in months, in turn.
HIRED_BEFORE = (50, 47, 30, 49, 26)
MONTHS_OF_USE = 10


@dataclass(frozen=True, slots=True)
class _Former:
    index: int
    office: int
    answer: CheckOutcome | None
    worker: Membership


def remember_former_users(city: City) -> None:
    """People who used the offices until the year before, and the answers about March 31."""
    counted_on = date(fiscal_year(city.today), 3, 31)
    index, rows = 0, []
    for office, answers in enumerate(ANSWERS):
        worker = city.of_office(office, Role.SUPPORT_WORKER)[0]
        for answer in answers:
            former = _Former(index, office, answer, worker)
            rows.append(_live(city, former, counted_on))
            _ask(city, former, rows[-1], counted_on)
            index += 1
    refresh(rows, on=city.today)
    for office, posts in enumerate(POSTS):
        head = city.of_office(office, Role.OFFICE_MANAGER)[0]
        starts_on = fiscal_year_period(fiscal_year(city.today)).starts_on
        set_staffing(
            office=city.offices[office], starts_on=starts_on, worker_posts=posts, by=head,
            at=at_noon(starts_on),
        )  # fmt: skip


def _live(city: City, former: _Former, counted_on: date) -> Enrolment:
    index = former.index
    hired_on = months_later(counted_on, -HIRED_BEFORE[index % len(HIRED_BEFORE)])
    window = support_window(hired_on)
    ends_on = min(window.last_usable_on, months_later(counted_on, -(2 + index % 9)))
    starts_on = max(window.first_usable_on, (Month.of(ends_on) - MONTHS_OF_USE).first_day)
    who: dict[str, Any] = {"by": former.worker, "at": at_noon(ends_on)}
    family, given = FAMILIES[(index * 4 + 3) % len(FAMILIES)], GIVEN[(index * 3 + 1) % len(GIVEN)]
    client = register_person(
        name=f"{family[0]}　{given[0]}", kana=f"{family[1]}　{given[1]}",
        birth_date=date(1970 + index, 1 + index % 12, 3 + index % 20),
        phone=f"090-0001-{index:04d}", **who,
    )  # fmt: skip
    service = PriorService(
        client=client, kind=ServiceKind.TRANSITION, office_name="架空就労移行支援センター",
        starts_on=hired_on - timedelta(days=430), ends_on=hired_on - timedelta(days=1),
    )  # fmt: skip
    add_fact(service, verb="prior_service_recorded", **who)
    has_left = former.answer == NOT
    add_employment(
        client=client, employer=employer_named(name=EMPLOYERS[index % len(EMPLOYERS)]),
        starts_on=hired_on, must_not_contact=index % 6 == 3,  # noqa: PLR2004
        ends_on=ends_on if has_left else None, end_reason="体調" if has_left else "", **who,
    )  # fmt: skip
    reason = EndReason.OWN_WISH
    if has_left or ends_on == window.last_usable_on:
        reason = EndReason.LEFT_JOB if has_left else EndReason.EXPIRED
    row = Enrolment(
        client=client, office=city.offices[former.office], starts_on=starts_on - timedelta(days=40),
        use_starts_on=starts_on, ends_on=ends_on, end_reason=reason,
    )  # fmt: skip
    return save_record(row, verb="enrolment_opened", person_id=client.public_id, **who)


def _ask(city: City, former: _Former, enrolment: Enrolment, counted_on: date) -> None:
    asked_on = counted_on + timedelta(days=2 + former.index % 9)
    if former.answer is None or asked_on > city.today:
        return
    record_check(
        client=enrolment.client, office=enrolment.office, counted_on=counted_on,
        outcome=former.answer, source=SOURCES[former.index % len(SOURCES)], asked_on=asked_on,
        note="夕方にかけ直す。" if former.answer == MISSED else "", by=former.worker,
        at=at_noon(asked_on),
    )  # fmt: skip
