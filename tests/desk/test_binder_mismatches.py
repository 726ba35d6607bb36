"""くいちがい as read from what is stored: each kind is found once its rows say so."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from billing.actions.month import close_month
from billing.actions.payment import record_payment
from billing.actions.receipt import issue_receipt
from billing.models import Invoice
from billing.queries.binder import binder_files
from clients.models import Consent, Employment, Enrolment
from plans.actions.report import share_report, withdraw_consent
from plans.actions.report_share import record_receipt
from plans.models import CapPeriod, Contract, Decision, Interview, ReportShare, SupportPlan
from plans.rules.mismatch import GRACE_DAYS, MismatchKind
from teikyaku.clock import TOKYO, at_noon
from teikyaku.desk.queries.binder import enrolments_in
from teikyaku.money import yen
from teikyaku.periods import Month, day_before
from tests.cast import Cast, meet, report

Kind = MismatchKind


def file_of(cast: Cast, months: int = 12, on: date | None = None):
    on = on or cast.today
    last = Month.of(cast.today)
    rows = list(enrolments_in(Enrolment.objects.filter(pk=cast.enrolment.pk), last - 11, last))
    first = last - (months - 1)
    (found,) = binder_files(rows, cast.office, first, last, on)
    return found


def kinds(cast: Cast, on: date | None = None) -> set[MismatchKind]:
    return {row.kind for row in file_of(cast, on=on).mismatches}


def received(cast: Cast) -> None:
    for row in ReportShare.objects.filter(report__enrolment=cast.enrolment):
        record_receipt(
            share=row, received_on=row.shared_on, received_how="signed", received_from="",
            by=cast.members["worker"], at=at_noon(cast.today),
        )  # fmt: skip


def later(cast: Cast) -> date:
    """A day on which every time of grace is over."""
    return max(cast.today + timedelta(days=GRACE_DAYS), cast.invoice.due_on) + timedelta(days=1)


def own(model, cast, **which):
    return model.objects.filter(enrolment=cast.enrolment, **which)


def begun(cast):
    return cast.enrolment.use_starts_on


def _decision_ends(cast):
    ends_on = begun(cast) + timedelta(days=30)
    Decision.objects.filter(client=cast.enrolment.client).update(ends_on=ends_on)


def _amount(cast):
    own(Contract, cast).update(contracted_amount="週に1回")


def _not_handed_over(cast):
    own(SupportPlan, cast).update(handed_over_on=None)


def _plan_before_consent(cast):
    plan = own(SupportPlan, cast).get()
    own(SupportPlan, cast).update(starts_on=day_before(plan.consented_on))


def _review_passed(cast):
    own(SupportPlan, cast).update(review_by=begun(cast) + timedelta(days=40))


def _shared_with_the_family(cast):
    share_report(
        report=cast.enrolment.reports.first(), recipient="family", shared_on=cast.today,
        way="handed", by=cast.members["worker"], at=at_noon(cast.today),
    )  # fmt: skip


def _withdrawn_consent(cast):
    _shared_with_the_family(cast)
    own(Consent, cast).update(withdrawn_on=day_before(cast.today))


def _contract_later(cast):
    later = (Month.of(cast.today) - 1).first_day
    own(Contract, cast).update(starts_on=later)


def _meeting_withdrawn(cast):
    own(Interview, cast, held_on=cast.interview.held_on).update(
        withdrawn_at=at_noon(cast.today), withdrawn_by=cast.members["worker"],
        withdrawal_reason="別の人の記録",
    )  # fmt: skip


def _shared_before(cast):
    ReportShare.objects.filter(report__enrolment=cast.enrolment).update(
        shared_on=begun(cast), received_on=None, receipt_at=None, receipt_by=None
    )


def _only_called(cast):
    month = Month.of(cast.person_month.month)
    own(Interview, cast, held_on__range=(month.first_day, month.last_day)).update(way="phone")


def _share_taken_back(cast):
    ReportShare.objects.filter(
        report__enrolment=cast.enrolment, report__month=cast.person_month.month
    ).update(
        taken_back_at=at_noon(cast.today), taken_back_by=cast.members["worker"],
        taken_back_reason="渡していなかった",
    )  # fmt: skip


def _cap_changed(cast):
    CapPeriod.objects.filter(client=cast.enrolment.client).update(cap_yen=0, category="low_income")


def _paid_without_receipt(cast):
    pay(cast)


def _no_invoice(cast):
    month = Month.of(cast.today) - 1
    close_month(office=cast.office, month=month, by=cast.members["billing"], at=at_noon(cast.today))


def _never_paid(cast):
    assert cast.invoice.due_on < later(cast)


def _no_receipt_of_report(cast):
    ReportShare.objects.filter(report__enrolment=cast.enrolment).update(
        received_on=None, receipt_at=None, receipt_by=None
    )


def pay(cast, amount_yen=None):
    return record_payment(
        invoice=cast.invoice, paid_on=cast.today,
        amount_yen=amount_yen or cast.invoice.amount_yen, way="cash",
        by=cast.members["billing"], at=at_noon(cast.today),
    )  # fmt: skip


STORIES = [
    (_decision_ends, {Kind.CONTRACT, Kind.INTERVIEW}),
    (_amount, {Kind.CONTRACT}),
    (_not_handed_over, {Kind.PLAN_GAP, Kind.PLAN_SIGNED, Kind.BILL_PLAN}),
    (_plan_before_consent, {Kind.PLAN_ORDER}),
    (_review_passed, {Kind.PLAN_REVIEW}),
    (_withdrawn_consent, {Kind.CONSENT}),
    (_contract_later, {Kind.INTERVIEW, Kind.BILL_PERIOD}),
    (_meeting_withdrawn, {Kind.REPORT_MEETING}),
    (_shared_before, {Kind.REPORT_MEETING}),
    (_only_called, {Kind.BILL_MEETING}),
    (_share_taken_back, {Kind.BILL_REPORT}),
    (_cap_changed, {Kind.BILL_CERTIFICATE}),
    (_no_invoice, {Kind.INVOICE}),
    (_never_paid, {Kind.PAYMENT}),
    (_paid_without_receipt, {Kind.RECEIPT}),
    (_no_receipt_of_report, {Kind.REPORT_RECEIPT}),
]


def test_every_kind_has_a_story():
    assert set().union(*(found for _change, found in STORIES)) == set(Kind)


def test_a_file_in_order_has_none(cast):
    received(cast)
    assert file_of(cast).mismatches == ()


@pytest.mark.parametrize(
    ("change", "expected"), STORIES, ids=lambda each: getattr(each, "__name__", "")
)
def test_each_kind_is_found_in_what_is_stored(cast, change, expected):
    received(cast)
    change(cast)
    is_awaited = all(kind.is_unrecorded for kind in expected)
    assert expected <= kinds(cast, later(cast) if is_awaited else None)


def test_a_receipt_settles_a_payment(cast):
    received(cast)
    payment = pay(cast)
    issue_receipt(payment=payment, by=cast.members["billing"], at=at_noon(cast.today))
    assert kinds(cast) == set()


def test_an_invoice_is_late_from_the_day_after(cast):
    received(cast)
    due = Invoice.objects.get(pk=cast.invoice.pk).due_on
    rows, last = [cast.enrolment], Month.of(cast.today)
    for on, expected in ((due, set()), (due + timedelta(days=1), {Kind.PAYMENT})):
        (found,) = binder_files(rows, cast.office, last - 3, last, on)
        assert {row.kind for row in found.mismatches} & {Kind.PAYMENT} == expected


def test_a_part_payment_is_told_with_what_is_open(cast):
    received(cast)
    pay(cast, 100)
    (late,) = [row for row in file_of(cast, on=later(cast)).unrecorded if row.kind == Kind.PAYMENT]
    rest = yen(cast.invoice.amount_yen - 100)
    assert f"一部入金 100円・残り {rest}" in late.facts[1].text


def test_only_months_that_are_over_can_be_gaps_of_the_plan(cast):
    received(cast)
    running = Month.of(cast.today)
    own(SupportPlan, cast).update(review_by=day_before(running.first_day))
    assert Kind.PLAN_GAP not in kinds(cast)
    assert Kind.PLAN_GAP not in kinds(cast, running.last_day)
    assert Kind.PLAN_GAP in kinds(cast, (running + 1).first_day)


@pytest.mark.parametrize(("hour", "is_wrong"), [(9, True), (15, False)])
def test_a_withdrawal_and_a_share_of_one_day_are_told_by_their_hours(cast, hour, is_wrong):
    def of_today(hour):
        return datetime.combine(cast.today, time(hour), tzinfo=TOKYO)

    with time_machine.travel(of_today(18), tick=False):  # so that noon is over, whenever this runs
        received(cast)
        _shared_with_the_family(cast)
        consent = own(Consent, cast, recipient="family").get()
        at = of_today(hour)
        withdraw_consent(consent=consent, on=cast.today, by=cast.members["worker"], at=at)
        assert (Kind.CONSENT in kinds(cast)) == is_wrong


def test_a_month_billed_outside_of_work_is_not_called_a_month_without_a_meeting(cast):
    received(cast)
    billed = Month.of(cast.person_month.month)
    Employment.objects.filter(client=cast.enrolment.client).update(starts_on=(billed + 1).first_day)
    bills = [row for row in file_of(cast).contradictions if row.kind.startswith("bill_")]
    assert [row.kind for row in bills if row.kind == Kind.BILL_MEETING] == []
    assert "就労" in [row.facts[1].label for row in bills if row.kind == Kind.BILL_PERIOD]


def test_what_came_after_the_end_is_not_told(cast):
    Enrolment.objects.filter(pk=cast.enrolment.pk).update(
        ends_on=cast.today - timedelta(days=1), end_reason="moved"
    )
    decision = Decision.objects.get(client=cast.enrolment.client)
    Decision.objects.filter(pk=decision.pk).update(
        starts_on=cast.today, ends_on=cast.today + timedelta(days=300)
    )
    assert file_of(cast).support.decisions == ()


def test_a_receipt_can_still_be_missed_after_the_end(cast):
    shares = ReportShare.objects.filter(report__enrolment=cast.enrolment).order_by("shared_on")
    last = shares.last().shared_on
    Enrolment.objects.filter(pk=cast.enrolment.pk).update(ends_on=last, end_reason="moved")
    found = [row.at for row in file_of(cast).unrecorded if row.kind == Kind.REPORT_RECEIPT]
    assert found == [row.shared_on for row in shares]
    soon = last + timedelta(days=GRACE_DAYS)
    assert last not in [row.at for row in file_of(cast, on=soon).unrecorded]


def test_corrected_and_withdrawn_contacts_stay_in_the_file(cast):
    _meeting_withdrawn(cast)
    support = file_of(cast).support
    assert cast.interview.pk in {row.pk for row in support.contacts}
    assert cast.interview.held_on not in {row.on for row in support.facts.meetings}


def test_the_queries_do_not_grow_with_the_months_or_the_history(cast):
    file_of(cast, 3)
    with CaptureQueriesContext(connection) as few:
        file_of(cast, 3)
    worker = cast.members["worker"]
    for back in range(2, 36):
        day = cast.today - timedelta(days=back)
        meet(cast.enrolment, worker, day)
    Consent.objects.bulk_create(
        Consent(
            enrolment=cast.enrolment, recipient="other", recipient_name=f"相手{n}", scope="report",
            starts_on=cast.today, recorded_by=worker, recorded_at=at_noon(cast.today),
        )
        for n in range(10)
    )  # fmt: skip
    report(cast.enrolment, worker, cast.today)
    with CaptureQueriesContext(connection) as many:
        found = file_of(cast, 36)
    assert len(found.support.contacts) > 30
    assert len(many) == len(few) <= 35


def test_the_queries_do_not_grow_with_the_people(cast):
    def ask(rows):
        last = Month.of(cast.today)
        with CaptureQueriesContext(connection) as asked:
            found = binder_files(rows, cast.office, last - 2, last, cast.today)
        return len(asked), len(found)

    rows = list(enrolments_in(Enrolment.objects.filter(office=cast.office), Month.of(cast.today) - 2, Month.of(cast.today)))  # fmt: skip
    assert len(rows) == 2
    ask(rows)
    one, two = ask([row for row in rows if row.pk == cast.enrolment.pk]), ask(rows)
    assert one[0] == two[0]
