"""The people of the sheet, entered as the pages enter them: facts only, no sum."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from billing.actions.cap_management import record_answer, record_made_sheet
from billing.actions.fee_table import Head, read_fee_table
from billing.actions.month_answer import record_subsidy
from billing.actions.office import confirm_tier, notify_item
from billing.models import FeeTableImport
from billing.queries.cap_management import own_month
from billing.queries.fee_tables import fee_tables
from billing.rules.cap_management import CapOutcome, Rank
from billing.rules.cap_sheet import OfficeFigures, Told, made_sheet
from billing.rules.fee_table import FeeRow
from billing.tariffs import BASE_LABEL
from clients.models import Enrolment
from plans.actions import certificate as certificates
from plans.actions import life_change
from plans.actions.caps import Cap
from plans.actions.contract import end_contract
from plans.actions.report import share_report, write_report
from plans.actions.support_plan import record_support_plan
from teikyaku.accounts.actions.reference import load_reference
from teikyaku.accounts.models import Membership, Office, OfficeTerms
from teikyaku.accounts.roles import Role
from teikyaku.clock import at_noon
from teikyaku.desk.demo.fees import sample_rows
from teikyaku.periods import Month
from tests.billing.fees import confirm
from tests.billing.hand.sheet import DESKS, MONTHS, OUT, Desk, Hand
from tests.cast import LONG_AGO, Cast, job_of, make_member, make_office, meet, take_in, talk

APRIL = Month(2026, 4)
TWO_FACTORS = {
    "ZZ0901": ("70", ("no_support_plan", "no_manager"), 1_095),
    "ZZ0902": ("50", ("no_support_plan_long", "few_workers_long"), 423),
}  # fmt: skip
EVERYTHING = (Role.SUPPORT_WORKER, Role.SERVICE_MANAGER, Role.OFFICE_MANAGER, Role.BILLING)


@dataclass
class World:
    """Offices and their staff by the key of their desk, people by the key of their row."""

    cast: Cast
    offices: dict[str, Office] = field(default_factory=dict)
    staff: dict[str, Membership] = field(default_factory=dict)
    people: dict[str, Enrolment] = field(default_factory=dict)

    def who(self, desk: str) -> dict[str, Any]:
        """By whom, and when."""
        return {"by": self.staff[desk], "at": at_noon(self.cast.today)}


def make_world(today: date) -> World:
    """Everybody of the sheet, with made-up service codes."""
    world = World(Cast(today))
    world.cast.wards = load_reference()
    for key in ("admin", "admin2"):
        world.cast.members[key] = make_member(key, Role.SYSTEM_ADMIN)
    confirm(world.cast, codes_of_two_factors(world.cast))
    for key, desk in DESKS.items():
        open_desk(world, key, desk)
    rows = {**MONTHS, **{key: row for key, (_why, row) in OUT.items()}}
    for number, (key, row) in enumerate(rows.items(), 1):
        world.people[key] = live(world, row, number)
    return world


def codes_of_two_factors(cast: Cast) -> FeeTableImport:
    """Made-up codes for every line of the product's table, and for the bases that two factors made."""
    first, last = date(2024, 4, 1), date(2026, 5, 1)
    table = fee_tables().of(APRIL)
    rows = sample_rows(table)
    certainty = rows[0].certainty
    for code, (tier, factors, units) in TWO_FACTORS.items():
        rows.append(FeeRow("base", tier, factors, BASE_LABEL, code, Decimal(units), certainty))
    head = Head("codes", "R6", "手計算", first, last, "見本", "見本.xlsx", is_sample=True)
    by, at = cast.members["admin"], at_noon(cast.today)
    return read_fee_table(head=head, rows=rows, by=by, at=at)


def open_desk(world: World, key: str, desk: Desk) -> None:
    """An office with its terms, its tier of two years and what it notified."""
    office = world.offices[key] = make_office(desk.number, f"区分{key}の事業所")
    staff = world.staff[key] = make_member(f"hand{key}", *EVERYTHING, office=office)
    OfficeTerms.objects.create(
        office=office, starts_on=LONG_AGO, area_class=desk.area, unit_price=Decimal(desk.price),
        source="手計算", recorded_by=staff, recorded_at=at_noon(LONG_AGO),
    )  # fmt: skip
    for year, tier in ((2025, "70"), (2026, desk.tier)):
        day = date(year, 4, 1)
        confirm_tier(
            office=office, fiscal_year=year, tier=tier, notified_on=day, by=staff, at=at_noon(day)
        )
    for item in desk.items:
        notify_item(
            office=office, item=item, first_month=APRIL.first_day, last_month=None,
            notified_on=date(2026, 4, 1), by=staff, at=at_noon(date(2026, 4, 1)),
        )  # fmt: skip


def number_of(key: str) -> str:
    """The certificate number of a person of the sheet."""
    rows = [*MONTHS, *OUT]
    return f"70000000{rows.index(key) + 1:02d}"


def live(world: World, row: Hand, number: int) -> Enrolment:
    """One person's facts up to the end of April, and what was told of it in May."""
    office, by = world.offices[row.desk], world.staff[row.desk]
    person = take_in(
        office, by, row.employed_on, name=f"手計 算{number}", kana="てけい さん",
        birth_date=date(1980, 1, 1) + timedelta(days=number),
    )  # fmt: skip
    _granted(world, person, row, f"70000000{number:02d}")
    signed = row.starts_on - timedelta(days=3)
    life_change.start_use(
        enrolment=person, explained_on=signed, signed_on=signed, starts_on=row.starts_on,
        contracted_amount="当該月の日数", by=by, at=at_noon(signed),
        initial_addition_month=APRIL.first_day if row.initial else None,
    )  # fmt: skip
    if row.second_contract:
        _contracted_anew(person, row, by)
    if row.has_plan:
        first = max(row.starts_on, date(2026, 3, 1))
        day = first - timedelta(days=3)
        record_support_plan(
            enrolment=person, wishes="長く働く", goals="通う", support="会う", assessed_on=day,
            drafted_on=day, meeting_on=day, consented_on=day, handed_over_on=day,
            starts_on=first, review_by=date(2026, 8, 31), by=by, at=at_noon(day),
        )  # fmt: skip
    _served(world, person, row)
    _ended(world, person, row)
    _told(world, person, row)
    return person


def _contracted_anew(person: Enrolment, row: Hand, by: Membership) -> None:
    day = date(2026, 4, row.second_contract)
    before = day - timedelta(days=1)
    end_contract(contract=person.contracts.get(), on=before, by=by, at=at_noon(before))
    life_change.start_use(
        enrolment=person, explained_on=before, signed_on=before, starts_on=day, entry_number=2,
        contracted_amount="5日", by=by, at=at_noon(before),
    )  # fmt: skip


def _granted(world: World, person: Enrolment, row: Hand, number: str) -> None:
    """The certificate with its caps; where it was renewed, two decisions that follow one another."""
    ward, by = world.cast.wards[row.ward], world.staff[row.desk]
    spans = [(row.starts_on, date(2026, 12, 31))]
    if row.renewed:
        spans = [(row.starts_on, date(2026, 4, 14)), (date(2026, 4, 15), date(2027, 3, 31))]
    for count, (first, last) in enumerate(spans):
        day = first - timedelta(days=20)
        certificates.transcribe_certificate(
            client=person.client, municipality=ward,
            grant=certificates.Grant(day, first, last, "当該月の日数"),
            paper=certificates.Paper(number, day, first),
            cap=None if count else _first_cap(row), by=by, at=at_noon(day),
        )  # fmt: skip
    if row.cap_before is not None:
        certificates.add_cap_period(
            client=person.client, municipality=ward, cap=_cap(row, APRIL, row.cap), by=by,
            at=at_noon(date(2026, 4, 2)),
        )  # fmt: skip


def _first_cap(row: Hand) -> Cap | None:
    cap = row.cap if row.cap_before is None else row.cap_before
    return None if cap is None else _cap(row, Month.of(row.starts_on), cap)


def _cap(row: Hand, first: Month, cap: int | None) -> Cap:
    manager = row.managed[0] if row.managed else row.waits_for
    return Cap(
        first.first_day, None, "general_2" if cap else "low_income", cap or 0,
        is_managed=bool(manager), managing_office_number=manager,
        managing_office_name="管理する事業所" if manager else "",
    )  # fmt: skip


def _served(world: World, person: Enrolment, row: Hand) -> None:
    by = world.staff[row.desk]
    for day in row.met:
        meet(person, by, date(2026, 4, day))
    if not row.met:
        life_change.log_interview(
            enrolment=person, held_on=date(2026, 4, 9), way="phone", outcome="met", met_by=by,
            work_rating="settled", life_rating="settled", by=by, at=at_noon(date(2026, 4, 9)),
        )  # fmt: skip
    last = date(2026, 4, max(row.met, default=9))
    report = write_report(
        enrolment=person, month=APRIL.first_day, goals="目標", done="面談", result="よい",
        next_steps="続ける", by=by, at=at_noon(last),
    )  # fmt: skip
    if row.has_report:
        given = row.report_on or last
        share_report(
            report=report, recipient="person", shared_on=given, way="handed", by=by,
            at=at_noon(given),
        )  # fmt: skip
    if row.meeting:
        day, kind = row.meeting
        talk(person, by, date(2026, 4, day), way="conference", outcome="others", meeting_kind=kind,
             participants="職場の上司")  # fmt: skip


def _ended(world: World, person: Enrolment, row: Hand) -> None:
    if row.ended is None:
        return
    (day, reason), who = row.ended, world.who(row.desk)
    if reason == "left_job":
        life_change.end_employment(
            employment=job_of(person), ends_on=date(2026, 4, day), reason="own",
            changes_to_improve=False, **who,
        )  # fmt: skip
    life_change.end_use(enrolment=person, ends_on=date(2026, 4, day), reason=reason, note="", **who)


def _told(world: World, person: Enrolment, row: Hand) -> None:
    """自治体助成, and the cap management from both sides."""
    who = world.who(row.desk)
    if row.subsidy:
        kind, amount, _yen = row.subsidy
        record_subsidy(
            enrolment=person, municipality=world.cast.wards[0], kind=kind, amount=amount,
            source="要綱", first_month=APRIL.first_day, last_month=None, **who,
        )  # fmt: skip
    if row.managed is None:
        return
    own = own_month(person, APRIL, world.cast.today)
    sheet = {"enrolment": person, "month": APRIL, "support": own.support, "cap_yen": own.cap_yen,
             "decided_on": date(2026, 5, 6), **who}  # fmt: skip
    if row.others:
        told = [OfficeFigures(f"151000001{n}", f"よそ{n}", Rank(rank), total, before)
                for n, (rank, total, before, _after) in enumerate(row.others)]  # fmt: skip
        made = made_sheet(own.cap_yen, own.figures(person.office), told)
        record_made_sheet(sheet=made, **sheet)
        return
    number, result, after = row.managed
    record_answer(
        own_total_yen=own.alone.total_cost_yen, own_before_yen=own.alone.capped_yen,
        told=Told(number, "管理する事業所", CapOutcome(result), after), **sheet,
    )  # fmt: skip
