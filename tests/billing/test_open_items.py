"""ある日の未入金: as the money stood at the end of a day, whatever was recorded since."""

from __future__ import annotations

from datetime import date, timedelta
from io import BytesIO

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from billing.actions.payment import cancel_payment, record_payment
from billing.actions.refund import record_refund
from billing.queries.open_items import age_sums, month_sums, open_items
from billing.queries.payments import kept_invoices, open_invoices
from billing.rules.open_items import Age, age_of
from teikyaku.accounts.models import AuditEvent
from teikyaku.clock import at_noon
from tests.accounts.test_coming_and_going import enter
from tests.billing.corrections import corrected, other_tier

DUE = date(2026, 5, 31)


def later(cast, days):
    return cast.today + timedelta(days=days)


def pay(cast, amount, days, invoice=None):
    """Paid so many days after the invoice was issued, and recorded on that day."""
    day = later(cast, days)
    return record_payment(
        invoice=invoice or cast.invoice, paid_on=day, amount_yen=amount, way="cash",
        by=cast.members["billing"], at=at_noon(day),
    )  # fmt: skip


def open_yen(cast, days):
    return sum(item.open_yen for item in open_items(cast.office, later(cast, days)))


@pytest.mark.parametrize(
    ("days", "age"),
    [
        (-1, Age.IN_TIME),
        (0, Age.IN_TIME),
        (1, Age.MONTH),
        (30, Age.MONTH),
        (31, Age.QUARTER),
        (90, Age.QUARTER),
        (91, Age.OLDER),
    ],
)
def test_age_begins_the_day_after_the_last_day(days, age):
    assert age_of(DUE, DUE + timedelta(days=days)) == age


def test_an_invoice_is_open_from_its_day_to_the_day_of_its_payment(cast):
    amount = cast.invoice.amount_yen
    pay(cast, amount - 100, 5)
    pay(cast, 100, 9)
    said = [open_yen(cast, days) for days in (-1, 0, 4, 5, 8, 9, 30)]
    assert said == [0, amount, amount, 100, 100, 0, 0]


def test_what_was_taken_back_later_still_counted_on_its_day(cast):
    amount = cast.invoice.amount_yen
    payment = pay(cast, amount, 5)
    who = {"by": cast.members["billing"], "at": at_noon(later(cast, 8))}
    cancel_payment(payment=payment, reason="別の人の分", **who)
    assert [open_yen(cast, days) for days in (4, 5, 7, 8)] == [amount, 0, 0, amount]


def test_a_corrected_paper_counts_from_its_own_day(cast):
    former = cast.invoice.amount_yen
    other_tier(cast)
    corrected(cast, by=cast.members["billing"], at=at_noon(later(cast, 10)))
    after = open_invoices(cast.office).get().amount_yen
    assert after != former
    assert [open_yen(cast, days) for days in (9, 10)] == [former, after]


def test_money_given_back_is_open_again_on_no_day(cast):
    former = cast.invoice.amount_yen
    pay(cast, former, 2)
    other_tier(cast, "50")
    corrected(cast, by=cast.members["billing"], at=at_noon(later(cast, 10)))
    newest = kept_invoices(cast.office).get()
    record_refund(
        invoice=newest, refunded_on=later(cast, 12), amount_yen=-newest.open_yen, way="cash",
        by=cast.members["billing"], at=at_noon(later(cast, 12)),
    )  # fmt: skip
    said = [kept_invoices(cast.office, later(cast, d)).get().open_yen for d in (1, 2, 10, 11, 12)]
    assert said == [former, 0, newest.open_yen, newest.open_yen, 0]


def test_of_today_it_is_the_living_list(cast):
    pay(cast, 100, 0)
    (now,), (then,) = open_invoices(cast.office), open_invoices(cast.office, cast.today)
    assert (now.pk, now.open_yen) == (then.pk, then.open_yen)


def test_sums_by_age_and_month_agree_with_the_rows(cast):
    day = cast.invoice.due_on + timedelta(days=31)
    items = open_items(cast.office, day)
    sums = {s.label: (s.count, s.yen) for s in age_sums(items)}
    assert sums[Age.QUARTER.label] == (1, cast.invoice.amount_yen)
    assert sums[Age.MONTH.label] == (0, 0)
    (month,) = month_sums(items)
    assert month.by_age == (0, 0, cast.invoice.amount_yen, 0)
    assert month.yen == sum(item.open_yen for item in items)


def test_the_page_and_the_workbook_tell_the_same(client, cast):
    enter(client, cast.members["billing"])
    page = client.get(reverse("open_items"))
    assert page.context["total_yen"] == cast.invoice.amount_yen
    assert "試験 太郎" in page.content.decode()
    yesterday = client.get(reverse("open_items"), {"on": later(cast, -1).isoformat()})
    assert "未入金の請求はありません" in yesterday.content.decode()
    ahead = client.get(reverse("open_items"), {"on": later(cast, 1).isoformat()})
    assert "今日までの日" in ahead.content.decode()
    book = load_workbook(BytesIO(client.get(reverse("open_items_xlsx")).content))
    rows, ages, months = (list(sheet.values) for sheet in book)
    assert rows[1][8] == months[1][-1] == cast.invoice.amount_yen
    assert sum(row[2] for row in ages[1:]) == cast.invoice.amount_yen
    assert AuditEvent.objects.filter(verb="open_items_exported").count() == 1


def test_another_offices_money_is_not_there(client, cast):
    enter(client, cast.members["outsider"])
    assert client.get(reverse("open_items")).context["count"] == 0
