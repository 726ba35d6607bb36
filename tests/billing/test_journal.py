"""仕訳: every event once, in balance, and in agreement with what is open; nobody is named."""

from __future__ import annotations

from datetime import date, timedelta
from io import BytesIO

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from billing.actions.payment import cancel_payment, record_payment
from billing.actions.refund import record_refund
from billing.models import PersonMonth
from billing.queries.account_names import usual_names
from billing.queries.journal import journal
from billing.queries.payments import kept_invoices
from billing.rules.journal import Account, JournalLine, account_sums, line
from teikyaku.accounts.models import AuditEvent
from teikyaku.clock import at_noon, date_of
from teikyaku.periods import Month
from tests.accounts.test_coming_and_going import enter
from tests.billing.corrections import corrected, other_tier
from tests.billing.test_claim_payments import claim_file
from tests.billing.test_claim_payments import pay as pay_claim

A = Account
ON = date(2026, 6, 20)


@pytest.fixture
def span(cast):
    """From the close of the cast's month on."""
    closed = date_of(cast.person_month.closing.closed_at)
    return min(closed, cast.today), cast.today + timedelta(days=60)


def usual_names_on(on):
    return usual_names(Month.of(on))


def balances(lines):
    return {each.account: each.balance_yen for each in account_sums(lines, usual_names_on)}


def pay(cast, amount, on, way="cash"):
    return record_payment(
        invoice=kept_invoices(cast.office).get(), paid_on=on, amount_yen=amount, way=way,
        by=cast.members["billing"], at=at_noon(on),
    )  # fmt: skip


def test_a_line_below_nothing_changes_sides_and_of_nothing_there_is_none():
    assert line(ON, A.CASH, A.OTHER, 0, "", "") is None
    assert line(ON, A.CASH, A.OTHER, 5, "t", "r") == JournalLine(ON, A.CASH, A.OTHER, 5, "t", "r")
    assert line(ON, A.CASH, A.OTHER, -5, "t", "r") == JournalLine(ON, A.OTHER, A.CASH, 5, "t", "r")


def test_close_and_invoice_are_income_and_receivable(cast, span):
    row = cast.person_month
    assert balances(journal(cast.office, *span)) == {
        A.CLAIM_RECEIVABLE: row.benefit_yen,
        A.PERSON_RECEIVABLE: row.payable_yen,
        A.BENEFIT_INCOME: -row.benefit_yen,
        A.COPAYMENT_INCOME: -row.payable_yen,
    }


@pytest.mark.parametrize("way", ["cash", "transfer", "debit", "other"])
def test_a_payment_goes_to_the_account_of_its_way_and_back(cast, span, way):
    amount = cast.invoice.amount_yen
    payment = pay(cast, amount, cast.today, way)
    found = balances(journal(cast.office, *span))
    assert (found[Account(way)], found[A.PERSON_RECEIVABLE]) == (amount, 0)
    later = cast.today + timedelta(days=3)
    cancel_payment(payment=payment, reason="誤り", by=cast.members["billing"], at=at_noon(later))
    found = balances(journal(cast.office, *span))
    assert (found[Account(way)], found[A.PERSON_RECEIVABLE]) == (0, amount)
    # What was written for the earlier days stays as it was.
    before = balances(journal(cast.office, span[0], later - timedelta(days=1)))
    assert before[A.PERSON_RECEIVABLE] == 0


def test_what_the_office_of_claims_paid(cast, span):
    pay_claim(cast, claim_file(cast, Month.of(cast.person_month.month)))
    found = balances(journal(cast.office, *span))
    assert found[A.CLAIM_RECEIVABLE] == 0
    assert found[A.TRANSFER] == cast.person_month.benefit_yen


def test_a_correction_and_a_refund_agree_with_what_is_open(cast, span):
    pay(cast, cast.invoice.amount_yen, cast.today)
    other_tier(cast, "50")
    later = cast.today + timedelta(days=10)
    corrected(cast, by=cast.members["billing"], at=at_noon(later))
    newest = kept_invoices(cast.office).get()
    found = balances(journal(cast.office, *span))
    assert found[A.PERSON_RECEIVABLE] == newest.open_yen < 0
    standing = PersonMonth.objects.standing().get(closing__office=cast.office)
    assert found[A.BENEFIT_INCOME] == -standing.benefit_yen
    assert found[A.COPAYMENT_INCOME] == -standing.payable_yen
    record_refund(
        invoice=newest, refunded_on=later, amount_yen=-newest.open_yen, way="transfer",
        by=cast.members["billing"], at=at_noon(later),
    )  # fmt: skip
    assert balances(journal(cast.office, *span))[A.PERSON_RECEIVABLE] == 0


def test_first_and_last_day_are_both_in(cast):
    pay(cast, 100, cast.today)

    def paid(first, last):
        return sum(each.yen for each in journal(cast.office, first, last) if each.debit == A.CASH)

    day, one = cast.today, timedelta(days=1)
    assert [paid(day, day), paid(day - one, day - one), paid(day + one, day + one)] == [100, 0, 0]
    assert paid(day - one, day + one) == 100


def test_the_workbook_is_in_balance_and_names_nobody(client, cast, span):
    pay(cast, 100, cast.today)
    enter(client, cast.members["billing"])
    days = {"first": span[0].isoformat(), "last": span[1].isoformat()}
    page = client.get(reverse("journal"), days)
    assert page.context["count"] == 3
    book = load_workbook(BytesIO(client.get(reverse("journal_xlsx"), days).content))
    rows, sums = (list(sheet.values) for sheet in book)
    assert sum(row[2] for row in rows[1:]) == sum(row[4] for row in rows[1:])
    assert sum(row[2] for row in sums[1:]) == sum(row[3] for row in sums[1:])
    assert cast.invoice.document.number in {row[6] for row in rows}
    assert not any("試験" in str(cell) for sheet in (rows, sums) for row in sheet for cell in row)
    assert AuditEvent.objects.filter(verb="journal_exported").count() == 1


def test_nonsense_days_ask_for_the_month_before(client, cast):
    enter(client, cast.members["billing"])
    month = Month.of(cast.today) - 1
    for days in ({}, {"first": "x", "last": "y"}, {"first": "2026-05-02", "last": "2026-05-01"},
                 {"first": "2025-01-01", "last": "2026-05-01"}):  # fmt: skip
        page = client.get(reverse("journal"), days)
        assert page.context["first"] == month.first_day
        assert page.context["last"] == month.last_day
        # A workbook of other days than were asked for is no answer.
        made = client.get(reverse("journal_xlsx"), days)
        assert made.status_code == (302 if days else 200)
        if days:
            assert made["Location"].startswith(reverse("journal") + "?first=")


def test_another_offices_money_is_not_there(cast, span):
    pay(cast, 100, cast.today)
    found = journal(cast.other_office, *span)
    assert not [each for each in found if each.reference == cast.invoice.document.number]


def test_wrong_days_show_no_sums_of_others(client, cast):
    """What would stand there instead is the month before, which nobody asked for."""
    enter(client, cast.members["billing"])
    page = client.get(reverse("journal"), {"first": "2024-01-01", "last": "2026-11-30"})
    text = page.content.decode()
    assert "1年分までにしてください" in text
    assert page.context["count"] == 0
    assert "日付を直すと、仕訳が出ます" in text
    assert "科目ごとの合計" not in text
    assert "journal.xlsx" not in text
