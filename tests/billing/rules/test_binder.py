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
from teikyaku.periods import Month

Kind = MismatchKind
PAPER = OnPaper("1234567890", "新潟市中央区", 9300)
CLOSED = date(2026, 5, 8)
GOOD = BillFacts(
    key="b", month=Month(2026, 4), closed_on=CLOSED, units=3348, billed=PAPER, on_file=PAPER,
    has_contract=True, has_decision=True, qualifying_meetings=(date(2026, 4, 10),),
    contacts=((date(2026, 4, 12), "電話・会えた"),), report_shared_on=date(2026, 4, 30),
    item_due="", item_billed="",
)  # fmt: skip
DUE = date(2026, 6, 30)
INVOICE = InvoiceFacts(
    key="b", month=Month(2026, 4), closed_on=CLOSED, copayment_yen=3000, issued_on=CLOSED,
    due_on=DUE, open_yen=0, without_receipt=(),
)  # fmt: skip


def kinds(**changes):
    return [row.kind for row in bill_mismatches(replace(GOOD, **changes))]


def test_a_good_bill_has_none():
    assert kinds() == []


def test_billed_outside_contract_or_decision():
    assert kinds(has_contract=False) == [Kind.BILL_PERIOD]
    assert kinds(has_decision=False) == [Kind.BILL_PERIOD]


def test_billed_without_a_meeting_tells_of_the_other_contacts():
    (found,) = bill_mismatches(replace(GOOD, qualifying_meetings=()))
    assert found.kind == Kind.BILL_MEETING
    assert "電話" in found.facts[1].text
    assert "対面かテレビ電話" in found.source.text


@pytest.mark.parametrize(
    ("shared_on", "is_wrong"),
    [
        pytest.param(CLOSED, False, id="day-of-the-close"),
        pytest.param(date(2026, 5, 9), True, id="day-after"),
        pytest.param(None, True, id="never"),
    ],
)
def test_billed_with_a_report_that_was_shared_before(shared_on, is_wrong):
    assert kinds(report_shared_on=shared_on) == ([Kind.BILL_REPORT] if is_wrong else [])


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
    ("changes", "on", "count"),
    [
        pytest.param({}, DUE, 0, id="paid"),
        pytest.param({"issued_on": None, "due_on": None}, CLOSED, 1, id="no-invoice"),
        pytest.param({"issued_on": None, "copayment_yen": 0}, DUE, 0, id="nothing-to-pay"),
        pytest.param({"open_yen": 10}, DUE, 0, id="last-day-to-pay"),
        pytest.param({"open_yen": 10}, date(2026, 7, 1), 1, id="day-after"),
        pytest.param({"without_receipt": (DUE, CLOSED)}, DUE, 2, id="two-without-receipt"),
    ],
)
def test_what_the_papers_of_a_bill_lack(changes, on, count):
    found = invoice_mismatches(replace(INVOICE, **changes), on)
    assert [row.kind for row in found] == [Kind.INVOICE] * count
