"""Money that came is recorded, also where it is too much: asked about once, then given back."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from billing.actions.correction import withdraw_month
from billing.actions.payment import cancel_payment
from billing.actions.refund import record_refund
from billing.models import Payment
from billing.queries.account_names import names_by_day
from billing.queries.journal import journal
from billing.queries.open_items import open_items
from billing.queries.payments import due_refunds, kept_invoices, open_sums, refund_sums
from billing.rules.journal import Account, account_sums
from teikyaku.clock import at_noon, date_of
from tests.accounts.test_coming_and_going import enter
from tests.billing.test_payments import pay


def who(cast, days=0):
    return {"by": cast.members["billing"], "at": at_noon(cast.today + timedelta(days=days))}


def receivable(cast, on):
    """What the journal says that people owe at the end of a day; below 0 what they are owed."""
    start = min(date_of(cast.person_month.closing.closed_at), cast.today)
    lines = journal(cast.office, start, on)
    assert sum(each.debit_yen for each in account_sums(lines, names_by_day(cast.office))) == sum(
        each.credit_yen for each in account_sums(lines, names_by_day(cast.office))
    )
    sums = {
        each.account: each.balance_yen for each in account_sums(lines, names_by_day(cast.office))
    }
    return sums.get(Account.PERSON_RECEIVABLE, 0)


def test_every_day_of_an_overpayment_agrees(cast):
    """Hand-reckoned: 1,000 in cash, all of it by transfer, the surplus given back in two parts."""
    asked = cast.invoice.amount_yen
    pay(cast, 1000, way="cash")
    one = who(cast, 1)
    pay(cast, asked, paid_on=cast.today + timedelta(days=1), over_yen=1000, **one)
    (row,) = due_refunds(cast.office)
    for days, back in ((2, 300), (3, 700)):
        facts = who(cast, days)
        record_refund(
            invoice=row, refunded_on=cast.today + timedelta(days=days), amount_yen=back,
            way="cash", **facts,
        )  # fmt: skip
    table = [(0, asked - 1000), (1, -1000), (2, -700), (3, 0), (4, 0)]
    for days, expected in table:
        day = cast.today + timedelta(days=days)
        assert receivable(cast, day) == expected
        assert sum(item.open_yen for item in open_items(cast.office, day)) == max(0, expected)
        assert kept_invoices(cast.office, day).get().open_yen == expected
    assert refund_sums(cast.office).count == open_sums(cast.office, cast.today).count == 0


def test_a_transfer_seen_after_the_withdrawal(cast):
    withdraw_month(row=cast.person_month, reason="record", **who(cast, 7))
    row = kept_invoices(cast.office).get()
    assert row.amount_yen == 0
    payment = pay(
        cast, 3000, invoice=row, paid_on=cast.today + timedelta(days=2), over_yen=3000,
        **who(cast, 9),
    )  # fmt: skip
    assert receivable(cast, cast.today + timedelta(days=9)) == -3000
    assert refund_sums(cast.office).yen == 3000
    cancel_payment(payment=payment, reason="別の人の分", **who(cast, 9))
    assert receivable(cast, cast.today + timedelta(days=9)) == 0


def form_of(client, url, **changes):
    form = client.get(url).context["form"]
    data = {name: form.get_initial_for_field(field, name) for name, field in form.fields.items()}
    return {name: "" if value is None else value for name, value in {**data, **changes}.items()}


@pytest.fixture
def url(client, cast):
    enter(client, cast.members["billing"])
    return reverse("payment_record", args=[cast.invoice.public_id])


def test_the_form_asks_once_and_leads_to_the_refund(client, cast, url):
    data = form_of(client, url, amount_yen=cast.invoice.amount_yen + 500, note="二重の振込")
    asked = client.post(url, data)
    assert asked.status_code == 422
    page = asked.content.decode()
    assert "500円多く受け取ったものとして記録します。返金の一覧に出ます。" in page
    assert "二重の振込" in page
    assert not Payment.objects.exists()
    ((tick, _words),) = asked.context["form"].fields["confirmed"].choices
    done = client.post(url, {**data, "confirmed": [tick]})
    assert done["Location"] == reverse("refund_record", args=[cast.invoice.public_id])
    assert "返す額 500円" in client.get(done["Location"]).content.decode()


def test_a_tick_holds_for_its_sum_alone(client, cast, url):
    over = cast.invoice.amount_yen + 500
    data = form_of(client, url, amount_yen=over)
    ((tick, _words),) = client.post(url, data).context["form"].fields["confirmed"].choices
    again = client.post(url, {**data, "amount_yen": over + 1, "confirmed": [tick]})
    assert again.status_code == 422
    assert "501円多く" in again.content.decode()
    right = client.post(url, {**data, "amount_yen": over - 500, "confirmed": [tick]})
    assert right["Location"] == reverse("payments")


def test_a_page_that_is_out_of_date_says_what_is_open_now(client, cast, url):
    data = form_of(client, url)
    pay(cast, 1000)
    stale = client.post(url, data)
    assert stale.status_code == 422
    rest = cast.invoice.amount_yen - 1000
    assert f"残りは{rest:,}円です" in stale.content.decode()
    assert stale.context["form"]["seen_open_yen"].value() == str(rest)
    again = {**data, "seen_open_yen": rest, "amount_yen": rest}
    assert client.post(url, again).status_code == 302


def test_paid_and_withdrawn_months_lead_to_the_form(client, cast, url):
    pay(cast)
    assert url in client.get(reverse("payments") + "?show=paid").content.decode()
    new = withdraw_month(row=cast.person_month, reason="record", **who(cast))
    paper = kept_invoices(cast.office).get()
    page = client.get(reverse("person_month_page", args=[new.public_id])).content.decode()
    own = reverse("payment_record", args=[paper.public_id])
    assert own in page
    assert client.get(own).status_code == 200


def test_the_action_takes_no_surplus_by_a_slip(cast):
    for over in (0, 499, 501):
        with pytest.raises(ValidationError, match="500円多く"):
            pay(cast, cast.invoice.amount_yen + 500, over_yen=over)
    assert not Payment.objects.exists()
