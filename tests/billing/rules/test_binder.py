"""くいちがい of bills: the borders of each rule, on values."""

from dataclasses import replace
from datetime import date

import pytest

from billing.rules.binder import (
    BillFacts,
    InvoiceFacts,
    OnPaper,
    bill_mismatches,
    invoice_mismatches,
)
from plans.rules.mismatch import MismatchKind
from plans.rules.month import MonthFacts
from teikyaku.periods import Month, day_after

Kind = MismatchKind
PAPER = OnPaper("1234567890", "新潟市中央区", 9300)
CLOSED = date(2026, 5, 8)
GOOD = BillFacts(
    key="b", month=Month(2026, 4), closed_on=CLOSED, units=3348, billed=PAPER, on_file=PAPER,
    of_month=MonthFacts(
        Month(2026, 4), qualifying_meetings=(date(2026, 4, 10),),
        report_shared_on=date(2026, 4, 30),
    ),
    contacts=((date(2026, 4, 12), "電話・会えた"),), was_met=True,
    item_due="", item_billed="",
)  # fmt: skip
DUE = date(2026, 6, 30)
INVOICE = InvoiceFacts(
    key="b", month=Month(2026, 4), closed_on=CLOSED, copayment_yen=3000, issued_on=CLOSED,
    due_on=DUE, paid_yen=3000, open_yen=0, without_receipt=(),
)  # fmt: skip
# The last day on which what began on the day of the close still has time.
GRACE = date(2026, 5, 22)


def kinds(**changes):
    return [row.kind for row in bill_mismatches(replace(GOOD, **changes))]


def test_a_good_bill_has_none():
    assert kinds() == []


NOT_MET = {"qualifying_meetings": ()}


def of_month(**changes):
    return replace(GOOD, of_month=GOOD.of_month._replace(**changes))


@pytest.mark.parametrize(
    ("changes", "label"),
    [
        pytest.param({"has_contract": False}, "利用契約", id="contract"),
        pytest.param({"has_decision": False}, "支給決定", id="decision"),
        pytest.param({"has_decision": False, "is_renewal_late": True}, "支給決定", id="renewal"),
        pytest.param({"is_employed": False}, "就労", id="employment"),
        pytest.param(
            {"is_employed": False, "is_employment_pending": True}, "就労", id="between-jobs"
        ),
        pytest.param({"is_in_window": False}, "利用可能期間", id="window"),
        pytest.param({"has_right": False}, "利用する権利", id="right"),
        pytest.param({"barred_because": "助成を受ける月です。"}, "ほかの支援", id="barred"),
    ],
)
def test_a_month_that_cannot_be_billed_is_told_by_its_own_reason(changes, label):
    # The meeting that was held does not count then: it is not said to be missing as well.
    for meeting in ({}, NOT_MET):
        (found,) = bill_mismatches(of_month(**changes, **meeting))
        assert (found.kind, found.facts[1].label) == (Kind.BILL_PERIOD, label)
        assert found.facts[1].text
        assert "面談" not in found.text


def test_every_reason_is_told_not_the_gravest_alone():
    late = {
        "is_renewal_late": True,
        "has_decision": False,
        "barred_because": "助成を受ける月です。",
    }
    found = bill_mismatches(of_month(**late))
    assert [row.facts[1].label for row in found] == ["ほかの支援", "支給決定"]


def test_nobody_met_and_no_contract_are_two():
    facts = replace(of_month(has_contract=False, **NOT_MET), was_met=False)
    assert [row.kind for row in bill_mismatches(facts)] == [Kind.BILL_PERIOD, Kind.BILL_MEETING]


def test_a_month_without_use_is_told_once():
    (found,) = bill_mismatches(replace(GOOD, of_month=None, on_file=OnPaper("", "", None)))
    assert found.kind == Kind.BILL_PERIOD
    assert found.facts[1].label == "利用"


def test_billed_without_a_meeting_tells_of_the_other_contacts():
    (found,) = bill_mismatches(replace(of_month(**NOT_MET), was_met=False))
    assert found.kind == Kind.BILL_MEETING
    assert "電話" in found.facts[1].text
    assert "対面かテレビ電話" in found.source.text
    assert "会った記録は" not in found.text


def test_a_meeting_outside_of_something_is_not_called_none():
    (found,) = bill_mismatches(of_month(**NOT_MET))
    assert (found.kind, "会った記録は" in found.text) == (Kind.BILL_MEETING, True)


def test_a_month_without_a_wish_to_meet_is_told_so():
    facts = replace(of_month(refused_on=date(2026, 4, 9), **NOT_MET), was_met=False)
    (found,) = bill_mismatches(facts)
    assert (found.kind, "希望しなかった" in found.text) == (Kind.BILL_MEETING, True)


def test_a_month_billed_while_it_ran_is_over_for_its_bill():
    facts = replace(of_month(is_over=False, **NOT_MET), was_met=False)
    assert [row.kind for row in bill_mismatches(facts)] == [Kind.BILL_MEETING]


@pytest.mark.parametrize(
    ("shared_on", "is_wrong"),
    [
        pytest.param(CLOSED, False, id="day-of-the-close"),
        pytest.param(date(2026, 5, 9), True, id="day-after"),
        pytest.param(None, True, id="never"),
    ],
)
def test_billed_with_a_report_that_was_shared_before(shared_on, is_wrong):
    found = bill_mismatches(of_month(report_shared_on=shared_on))
    assert [row.kind for row in found] == ([Kind.BILL_REPORT] if is_wrong else [])


@pytest.mark.parametrize(
    ("due", "billed", "is_wrong"),
    [
        pytest.param("減算（2か月目まで）", "", True, id="full-fee"),
        pytest.param("", "減算（2か月目まで）", True, id="reduced-for-nothing"),
        pytest.param("減算（3か月目から）", "減算（2か月目まで）", True, id="too-little"),
        pytest.param("減算（2か月目まで）", "減算（2か月目まで）", False, id="as-due"),
        pytest.param("減算（2か月目まで）", None, False, id="table-not-at-hand"),
    ],
)
def test_the_reduction_follows_the_months_without_a_plan(due, billed, is_wrong):
    assert kinds(item_due=due, item_billed=billed) == ([Kind.BILL_PLAN] if is_wrong else [])


@pytest.mark.parametrize(
    "paper",
    [
        pytest.param(replace(PAPER, cap_yen=0), id="cap"),
        pytest.param(replace(PAPER, cap_yen=None), id="no-cap"),
        pytest.param(replace(PAPER, number="1234567891"), id="number"),
        pytest.param(replace(PAPER, municipality="新潟市北区"), id="payer"),
    ],
)
def test_the_bill_follows_the_certificate(paper):
    assert kinds(on_file=paper) == [Kind.BILL_CERTIFICATE]


def test_zero_is_not_nothing():
    assert kinds(billed=replace(PAPER, cap_yen=0), on_file=replace(PAPER, cap_yen=0)) == []
    zero = replace(PAPER, cap_yen=0)
    assert kinds(billed=zero, on_file=replace(PAPER, cap_yen=None)) == [Kind.BILL_CERTIFICATE]


@pytest.mark.parametrize(
    ("changes", "on", "expected"),
    [
        pytest.param({}, DUE, [], id="paid"),
        pytest.param({"issued_on": None, "due_on": None}, GRACE, [], id="time-for-the-invoice"),
        pytest.param(
            {"issued_on": None, "due_on": None}, day_after(GRACE), [Kind.INVOICE], id="no-invoice"
        ),
        pytest.param({"issued_on": None, "copayment_yen": 0}, DUE, [], id="nothing-to-pay"),
        pytest.param({"open_yen": 10}, DUE, [], id="last-day-to-pay"),
        pytest.param({"open_yen": 10}, day_after(DUE), [Kind.PAYMENT], id="day-after"),
        pytest.param({"without_receipt": (CLOSED,)}, GRACE, [], id="time-for-the-receipt"),
        pytest.param(
            {"without_receipt": (DUE, CLOSED)}, day_after(GRACE), [Kind.RECEIPT], id="one-receipt"
        ),
        pytest.param(
            {"without_receipt": (DUE, CLOSED)}, date(2026, 7, 15), [Kind.RECEIPT] * 2, id="both"
        ),
    ],
)  # fmt: skip
def test_what_the_papers_of_a_bill_lack(changes, on, expected):
    found = invoice_mismatches(replace(INVOICE, **changes), on)
    assert [row.kind for row in found] == expected
    assert all(row.kind.is_unrecorded and row.short.startswith("2026年4月") for row in found)


def test_a_part_payment_names_what_is_paid_and_what_is_open():
    part = replace(INVOICE, paid_yen=1000, open_yen=2000)
    (found,) = invoice_mismatches(part, day_after(DUE))
    for words in (found.text, found.short, found.facts[1].text):
        assert "一部入金" in words
        assert "1,000円" in words
        assert "2,000円" in words
    (none,) = invoice_mismatches(replace(part, paid_yen=0, open_yen=3000), day_after(DUE))
    assert "一部入金" not in none.text
