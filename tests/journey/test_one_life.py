"""One person from the application to the end of the window; dates and yen by hand (docs/rules.md)."""

from datetime import date as d

import pytest
from django.core.exceptions import ValidationError

from billing.actions.invoice import issue_invoices
from billing.actions.month import close_month
from billing.actions.office import confirm_tariff, correct_tier, notify_item
from billing.models import OfficeTier, PersonMonth
from billing.queries.month import month_board
from clients.queries.window import standing_of
from clients.rules.kinds import StandingState
from plans.actions import application as applications
from plans.actions import certificate as certificates
from plans.actions import life_change
from plans.actions.handover import judge_need, record_step
from plans.actions.support_plan import record_support_plan
from plans.models import Application
from plans.queries.pace import next_due_of
from plans.rules.handover import HandoverStep
from plans.rules.month import MonthState
from teikyaku.accounts.actions.reference import load_reference
from teikyaku.accounts.roles import Role
from teikyaku.clock import at_noon
from teikyaku.periods import Month, last_day_of_months
from tests.cast import (
    Cast,
    make_centre,
    make_member,
    make_office,
    meet,
    report,
    settle_office,
    take_in,
)


@pytest.fixture
def town(db):
    cast = Cast(d(2027, 12, 1))
    cast.wards = load_reference()
    cast.office = make_office("1500000009", "あさひ")
    office = {"office": cast.office}
    for key, role in (
        ("worker", Role.SUPPORT_WORKER), ("manager", Role.SERVICE_MANAGER),
        ("head", Role.OFFICE_MANAGER), ("billing", Role.BILLING),
    ):  # fmt: skip
        cast.members[key] = make_member(key, role, **office)
    cast.members["officer"] = make_member("officer", Role.WARD_OFFICER, municipality=cast.wards[2])
    cast.members["admin"] = make_member("admin", Role.SYSTEM_ADMIN)
    settle_office(cast, cast.office, cast.members["head"])
    return cast


def month_state(cast, month, on):
    [entry] = month_board(cast.office, month, on).entries
    return entry.state, [reason.code for reason in entry.reasons]


def close(cast, month):
    at = at_noon((month + 1).first_day.replace(day=5))
    closing = close_month(office=cast.office, month=month, by=cast.members["billing"], at=at)
    issue_invoices(closing=closing, by=cast.members["billing"], at=at)
    return closing.person_months.get()


@pytest.mark.timeout(300)
def test_from_a_person_who_asks_to_the_end_of_the_window(town):
    worker, manager = town.members["worker"], town.members["manager"]
    officer, head = town.members["officer"], town.members["head"]
    # Employed 2024-04-01: six months complete 09-30, usable 2024-10-01 to 2027-09-30.
    enrolment = take_in(town.office, worker, d(2024, 4, 1))
    assert (enrolment.client.employments.get().starts_on) == d(2024, 4, 1)
    enrolment.refresh_from_db()
    assert (enrolment.window_starts_on, enrolment.window_ends_on) == (
        d(2024, 10, 1),
        d(2027, 9, 30),
    )
    assert standing_of(enrolment.client, d(2024, 9, 30)).state == StandingState.WAITING
    assert standing_of(enrolment.client, d(2024, 10, 1)).state == StandingState.OPEN
    assert standing_of(enrolment.client, d(2027, 9, 30)).state == StandingState.OPEN
    assert standing_of(enrolment.client, d(2027, 10, 1)).state == StandingState.EXPIRED

    # The ward's chain. A decision before the survey is refused and names it.
    ward = town.wards[2]
    application = applications.receive_application(
        client=enrolment.client, municipality=ward, kind="new", received_on=d(2024, 8, 20),
        received_place="ward_office", by=officer, at=at_noon(d(2024, 8, 20)),
    )  # fmt: skip
    grant = certificates.Grant(d(2024, 9, 20), d(2024, 10, 1), d(2025, 9, 30), "当該月の日数")
    paper = certificates.Paper("0123456789", d(2024, 9, 20), d(2024, 10, 1))
    cap = certificates.Cap(d(2024, 10, 1), None, "general_1", 9300)

    def decide(given):
        return certificates.grant_decision(
            application=application, grant=given, paper=paper, cap=cap, by=officer,
            at=at_noon(d(2024, 9, 20)),
        )  # fmt: skip

    with pytest.raises(ValidationError, match="聞き取り調査"):
        decide(grant)
    applications.record_survey(
        application=application, held_on=d(2024, 9, 1), held_by="調査員", difficulties="朝起きる",
        by=officer, at=at_noon(d(2024, 9, 1)),
    )  # fmt: skip
    with pytest.raises(ValidationError, match="計画案"):
        decide(grant)
    applications.receive_plan(
        application=application, stage="proposed", author="self", organisation=None,
        received_on=d(2024, 9, 10), monitoring_months=None, by=officer, at=at_noon(d(2024, 9, 10)),
    )  # fmt: skip
    too_long = certificates.Grant(d(2024, 9, 20), d(2024, 10, 1), d(2025, 10, 1), "当該月の日数")
    with pytest.raises(ValidationError, match="2025年9月30日"):
        decide(too_long)
    decide(grant)
    application.refresh_from_db()
    assert application.outcome == Application.Outcome.GRANTED

    # Contract before the final plan is refused; then use begins.
    contract = {
        "explained_on": d(2024, 9, 25), "signed_on": d(2024, 9, 26), "starts_on": d(2024, 10, 1),
        "initial_addition_month": d(2024, 10, 1),
    }  # fmt: skip
    at = at_noon(d(2024, 9, 26))
    with pytest.raises(ValidationError, match="計画の提出"):
        life_change.start_use(enrolment=enrolment, **contract, by=worker, at=at)
    applications.receive_plan(
        application=application, stage="final", author="self", organisation=None,
        received_on=d(2024, 9, 24), monitoring_months=None, by=officer, at=at_noon(d(2024, 9, 24)),
    )  # fmt: skip
    life_change.start_use(enrolment=enrolment, **contract, by=worker, at=at)
    enrolment.refresh_from_db()
    assert enrolment.interview_due_on == d(2024, 10, 31)

    # October: held until the report is shared; ready only with a plan, else reduced.
    october = Month(2024, 10)
    assert month_state(town, october, d(2024, 10, 15)) == (
        MonthState.HELD, ["meeting_to_come", "no_support_plan"],
    )  # fmt: skip
    meet(enrolment, worker, d(2024, 10, 10))
    enrolment.refresh_from_db()
    assert (enrolment.interview_due_on, enrolment.pace_months) == (d(2024, 11, 30), 1)
    assert month_state(town, october, d(2024, 11, 1)) == (
        MonthState.HELD, ["report_not_shared", "no_support_plan"],
    )  # fmt: skip
    report(enrolment, worker, d(2024, 10, 12))
    assert month_state(town, october, d(2024, 11, 1)) == (
        MonthState.READY_REDUCED, ["no_support_plan"],
    )  # fmt: skip
    for start in (d(2024, 10, 1), d(2025, 4, 1), d(2025, 10, 1), d(2026, 4, 1), d(2026, 10, 1),
                  d(2027, 4, 1)):  # fmt: skip
        record_support_plan(
            enrolment=enrolment, wishes="長く", goals="通う", support="", assessed_on=start,
            drafted_on=start, meeting_on=start, consented_on=start, handed_over_on=start,
            starts_on=start, review_by=last_day_of_months(start, 6), by=manager,
            at=at_noon(start),
        )  # fmt: skip
    with pytest.raises(ValidationError, match="終わってから"):
        close_month(office=town.office, month=october, by=head, at=at_noon(d(2024, 10, 31)))
    # 2,768 units (80–90 %) + 900 at 10.00 yen: 36,680; a tenth 3,668; cap 9,300.
    row = close(town, october)
    assert (row.units, row.total_cost_yen, row.one_tenth_yen) == (3668, 36_680, 3_668)
    assert (row.copayment_yen, row.benefit_yen) == (3_668, 33_012)
    assert row.invoices.get().amount_yen == 3_668

    # November to March, monthly; April on, loosened to two months.
    for month in Month.span(Month(2024, 11), Month(2025, 3)):
        on = month.first_day.replace(day=10)
        meet(enrolment, worker, on)
        report(enrolment, worker, on)
        row = close(town, month)
        assert (row.units, row.copayment_yen, row.benefit_yen) == (2768, 2_768, 24_912)
    assert next_due_of(enrolment).suggestion.to_months == 2
    life_change.decide_pace(
        enrolment=enrolment, decided_on=d(2025, 3, 20), is_accepted=True, reason="", by=manager,
        at=at_noon(d(2025, 3, 20)),
    )  # fmt: skip
    enrolment.refresh_from_db()
    assert (enrolment.interview_due_on, enrolment.pace_months) == (d(2025, 5, 31), 2)
    # April has no meeting: it costs the person nothing and cannot be billed.
    assert month_state(town, Month(2025, 4), d(2025, 5, 1)) == (
        MonthState.NOT_BILLABLE, ["no_meeting"],
    )  # fmt: skip
    meet(enrolment, worker, d(2025, 5, 20))
    report(enrolment, worker, d(2025, 5, 20))
    assert close(town, Month(2025, 5)).copayment_yen == 2_768

    # An employer's concern: back to monthly at once.
    life_change.log_interview(
        enrolment=enrolment, held_on=d(2025, 6, 3), way="phone", outcome="others", met_by=worker,
        has_employer_concern=True, by=worker, at=at_noon(d(2025, 6, 3)),
    )  # fmt: skip
    enrolment.refresh_from_db()
    assert (enrolment.interview_due_on, enrolment.pace_months) == (d(2025, 6, 30), 1)

    # June is met and billed; in July they wish for no meeting, in August nobody is reached.
    meet(enrolment, worker, d(2025, 6, 15))
    report(enrolment, worker, d(2025, 6, 15))
    enrolment.refresh_from_db()
    assert (enrolment.interview_due_on, enrolment.pace_months) == (d(2025, 7, 31), 1)
    row = close(town, Month(2025, 6))
    assert (row.units, row.total_cost_yen, row.copayment_yen) == (2768, 27_680, 2_768)
    life_change.log_interview(
        enrolment=enrolment, held_on=d(2025, 7, 8), way="phone", outcome="refused", met_by=worker,
        offered_instead="8月の別の日", by=worker, at=at_noon(d(2025, 7, 8)),
    )  # fmt: skip
    assert month_state(town, Month(2025, 7), d(2025, 8, 1)) == (
        MonthState.NOT_BILLABLE, ["refused"],
    )  # fmt: skip
    for day in (5, 19):
        life_change.log_interview(
            enrolment=enrolment, held_on=d(2025, 8, day), way="phone", outcome="attempt",
            met_by=worker, by=worker, at=at_noon(d(2025, 8, day)),
        )  # fmt: skip
    enrolment.refresh_from_db()
    assert enrolment.interview_due_on == d(2025, 7, 31)  # neither a refusal nor an attempt moves it
    assert month_state(town, Month(2025, 8), d(2025, 9, 1)) == (
        MonthState.NOT_BILLABLE, ["no_meeting"],
    )  # fmt: skip
    with pytest.raises(ValidationError, match="締められる方はいません"):
        close(town, Month(2025, 8))

    # Met again in September, late: monthly. The decision ends; October is held, not lost.
    for month in (Month(2025, 9), Month(2025, 10)):
        meet(enrolment, worker, month.first_day.replace(day=15))
        report(enrolment, worker, month.first_day.replace(day=15))
    enrolment.refresh_from_db()
    assert (enrolment.interview_due_on, enrolment.pace_months) == (d(2025, 11, 30), 1)
    assert close(town, Month(2025, 9)).benefit_yen == 24_912
    assert month_state(town, Month(2025, 10), d(2025, 11, 1)) == (
        MonthState.HELD,
        ["renewal_late"],
    )
    certificates.transcribe_certificate(
        client=enrolment.client, municipality=ward,
        grant=certificates.Grant(d(2025, 9, 15), d(2025, 10, 1), d(2026, 9, 30), "当該月の日数"),
        paper=certificates.Paper("0123456789", d(2025, 9, 15), d(2025, 10, 1), "renewal"),
        cap=None, by=worker, at=at_noon(d(2025, 11, 2)),
    )  # fmt: skip
    assert month_state(town, Month(2025, 10), d(2025, 11, 3))[0] == MonthState.READY
    notify_item(
        office=town.office, item="treatment_3", first_month=d(2025, 10, 1), last_month=None,
        notified_on=d(2025, 9, 1), by=head, at=at_noon(d(2025, 9, 1)),
    )  # fmt: skip
    # 2,768 × 8.6 % = 238.048 → 238: 3,006 units, 30,060 yen, a tenth 3,006.
    row = close(town, Month(2025, 10))
    assert (row.units, row.total_cost_yen, row.copayment_yen) == (3006, 30_060, 3_006)

    # June 2026 has no table until an operator confirms it once.
    certificates.transcribe_certificate(
        client=enrolment.client, municipality=ward,
        grant=certificates.Grant(d(2026, 9, 15), d(2026, 10, 1), d(2027, 9, 30), "当該月の日数"),
        paper=certificates.Paper("0123456789", d(2026, 9, 15), d(2026, 10, 1), "renewal"),
        cap=None, by=worker, at=at_noon(d(2026, 9, 16)),
    )  # fmt: skip
    meet(enrolment, worker, d(2026, 6, 10))
    report(enrolment, worker, d(2026, 6, 10))
    assert month_state(town, Month(2026, 6), d(2026, 7, 1)) == (MonthState.HELD, ["no_tariff"])
    confirm_tariff(
        tariff="R6", first_month=d(2026, 6, 1), last_month=None, source="市の回答", is_sample=False,
        by=town.members["admin"], at=at_noon(d(2026, 7, 1)),
    )  # fmt: skip
    assert close(town, Month(2026, 6)).units == 3006

    # The end: share by 2027-06-30 (three months from 07-01 end 09-30); nothing is due afterwards.
    correct_tier(
        row=OfficeTier.objects.get(office=town.office, fiscal_year=2027),
        changes={"tier": "95", "notified_on": d(2027, 4, 9)}, reason="区分が上がった", by=head,
        at=at_noon(d(2027, 4, 9)),
    )  # fmt: skip
    handover = judge_need(
        enrolment=enrolment, judged_on=d(2027, 4, 1), is_needed=True, judgement="生活面",
        by=manager, at=at_noon(d(2027, 4, 1)),
    )  # fmt: skip
    who = {"handover": handover, "by": manager, "at": at_noon(d(2027, 8, 1))}
    record_step(step=HandoverStep.CENTRE, centre=make_centre(), **who)
    with pytest.raises(ValidationError, match="記録できません"):
        record_step(step=HandoverStep.SHARING, shared_on=d(2027, 6, 30), **who)
    record_step(step=HandoverStep.CONSENT, consented_on=d(2027, 6, 20), **who)
    record_step(step=HandoverStep.SHARING, shared_on=d(2027, 6, 30), **who)
    record_step(step=HandoverStep.ANSWER, accepted_on=d(2027, 8, 1), **who)
    meet(enrolment, worker, d(2027, 9, 10))
    report(enrolment, worker, d(2027, 9, 12))
    enrolment.refresh_from_db()
    assert enrolment.interview_due_on is None
    # 3,512 × 8.6 % = 302.032 → 302: 3,814 units.
    assert close(town, Month(2027, 9)).units == 3814
    life_change.end_use(
        enrolment=enrolment, ends_on=d(2027, 9, 30), reason="expired", note="", by=worker,
        at=at_noon(d(2027, 9, 30)),
    )  # fmt: skip
    assert month_board(town.office, Month(2027, 10), d(2027, 11, 1)).entries == ()
    assert PersonMonth.objects.count() == 12
