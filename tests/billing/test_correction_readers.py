"""Whoever reads closed months after a correction: binder, ward, strip, boards, erasing."""

from __future__ import annotations

from billing.actions.erase import erase_months
from billing.actions.payment import record_payment
from billing.actions.refund import record_refund
from billing.models import (
    ErrorPetition,
    Invoice,
    MonthClosing,
    MonthCorrection,
    PersonMonth,
    Refund,
)
from billing.queries.binder import binder_files
from billing.queries.closed_months import closed_for, closed_months
from billing.queries.lost_meetings import lost_meetings
from billing.queries.month import month_board
from billing.queries.month_lists import month_lists
from billing.queries.tier_correction import closed_months as closed_with_tier
from billing.queries.verify import broken_closings
from plans.actions import life_change
from plans.models import Interview
from teikyaku.desk.simulation import lost
from teikyaku.periods import Month
from tests.billing.corrections import corrected, other_tier, who, withdrawn
from tests.billing.test_claim_payments import claim_file


def month_of(cast):
    return Month.of(cast.person_month.month)


def test_sums_count_a_corrected_month_once_and_a_withdrawn_one_not_at_all(cast):
    month, person = month_of(cast), cast.enrolment.client
    other_tier(cast)
    row = corrected(cast)
    assert closed_with_tier(cast.office.pk, [month]) == [(month, 1, 31_608)]
    assert len(closed_months(person, month, month)) == 1
    (text,) = closed_for(cast.members["billing"])(person, month, month)
    assert "31,608円" in text
    withdrawn(cast, row)
    assert closed_with_tier(cast.office.pk, [month]) == []
    assert closed_months(person, month, month) == ()
    assert closed_for(cast.members["billing"])(person, month, month) == ()


def test_the_binder_holds_the_row_that_stands_with_the_papers_of_all(cast):
    month = month_of(cast)
    other_tier(cast)
    record_payment(
        invoice=cast.invoice, paid_on=cast.today, amount_yen=2_768, way="cash", **who(cast)
    )
    row = corrected(cast)
    (file,) = binder_files([cast.enrolment], cast.office, month, month, cast.today)
    (bill,) = file.bills
    assert (bill.row, len(bill.invoices), len(bill.payments)) == (row, 2, 1)
    assert bill.invoice.amount_yen == 3_512
    assert bill.balance_of(bill.invoice).open_yen == 744


def test_a_withdrawn_month_contradicts_nothing(cast):
    month = month_of(cast)
    meeting = Interview.objects.get(
        enrolment=cast.enrolment, held_on__range=(month.first_day, month.last_day)
    )
    life_change.withdraw_interview(
        interview=meeting, reason="別の方だった", by=cast.members["worker"], at=who(cast)["at"]
    )
    (before,) = binder_files([cast.enrolment], cast.office, month, month, cast.today)
    assert lost_meetings(cast.office, cast.today)
    withdrawn(cast)
    (after,) = binder_files([cast.enrolment], cast.office, month, month, cast.today)
    assert len(after.contradictions) < len(before.contradictions)
    assert lost_meetings(cast.office, cast.today) == ()


def test_a_file_with_corrections_and_refunds_is_erased_whole_and_the_months_are_sealed(cast):
    record_payment(
        invoice=cast.invoice, paid_on=cast.today, amount_yen=2_768, way="cash", **who(cast)
    )
    claim_file(cast, month_of(cast))
    other_tier(cast, "50")
    row = corrected(cast, filed_on=cast.today)
    last = withdrawn(cast, row)
    record_refund(
        invoice=Invoice.objects.get(person_month=last), refunded_on=cast.today, amount_yen=2_768,
        way="cash", **who(cast),
    )  # fmt: skip
    erase_months(client=cast.enrolment.client, office=cast.office)
    for model in (PersonMonth, MonthCorrection, ErrorPetition, Refund, Invoice):
        assert not model.objects.exists(), model
    assert MonthClosing.objects.filter(office=cast.office, remainder__isnull=False).count() == 3
    assert list(broken_closings()) == []


def test_the_simulation_counts_what_stands(cast):
    class World:
        office, today = cast.office, cast.today

    assert lost.lost_months(World, month_of(cast).first_day).claimed == 1  # type: ignore[arg-type]
    withdrawn(cast)
    assert lost.lost_months(World, month_of(cast).first_day).claimed == 0  # type: ignore[arg-type]


def test_the_lists_of_the_month_show_what_stands(cast):
    month = month_of(cast)
    other_tier(cast)
    row = corrected(cast)
    closed = month_lists(month_board(cast.office, month, cast.today))[3]
    assert [(each.public_id, each.is_corrected) for each in closed.entries] == [
        (row.public_id, True)
    ]
    withdrawn(cast, row)
    assert month_lists(month_board(cast.office, month, cast.today))[3].count == 0
