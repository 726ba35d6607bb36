"""過誤調整: what 国保連 took off a transfer counts in its total and in the journal, on every day."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from billing.actions.claim_deduction import cancel_deduction, record_deductions
from billing.actions.claim_payment import cancel_claim_payments
from billing.actions.correction import record_petition, withdraw_month
from billing.models import ClaimDeduction, ClaimPayment, PersonMonth
from billing.queries.claim_payment_sums import by_municipality, claim_payment_sums
from billing.queries.claim_payments import claims_of, claims_shown, settlement_of, to_deduct
from billing.queries.money_after import ClaimSums, claims_by_month
from billing.rules.claim_payment import Settlement, deduction_refusal, subsidy_of_deduction
from billing.rules.journal import Account
from billing.rules.money_span import Span
from teikyaku.periods import Month
from tests.accounts.test_coming_and_going import enter
from tests.billing.test_claim_payments import claim_file
from tests.billing.test_journal_claims import (
    BENEFIT,
    SUBSIDY,
    balances,
    file,
    month,
    paid,
    receivables,
    who,
)

__all__ = ["file", "month"]
CLAIMED = BENEFIT + SUBSIDY


@pytest.fixture
def taken_back(cast, file):
    """Paid in full on the first day; withdrawn, with a petition, on the second: its claim."""
    paid(cast, file, CLAIMED)
    row = file.entries.get().person_month
    new = withdraw_month(row=row, reason="not_billable", **who(cast, 1))
    record_petition(correction=new.correction, filed_on=on(cast, 1), **who(cast, 1))
    return claims_of(cast.office).get(file=file)


def on(cast, days):
    return who(cast, days)["at"].date()


def deduct(cast, entry, amount, days):
    return record_deductions(
        deducted_on=on(cast, days), amounts={entry.pk: amount}, **who(cast, days)
    )[0]


def owed(cast, entry):
    own = settlement_of(claims_of(cast.office).get(pk=entry.pk))
    assert claim_payment_sums(cast.office).to_deduct_yen == own.to_deduct_yen
    assert claim_payment_sums(cast.office).to_deduct == bool(own.to_deduct_yen)
    return own.to_deduct_yen


def test_every_day_of_a_deduction_in_two_parts(cast, taken_back):
    """Hand-reckoned: 25,912 paid; 600 go back first (of the subsidy), then 25,312."""
    assert owed(cast, taken_back) == CLAIMED
    first = deduct(cast, taken_back, 600, 2)
    assert owed(cast, taken_back) == CLAIMED - 600
    second = deduct(cast, taken_back, CLAIMED - 600, 3)
    assert (first.subsidy_yen, second.subsidy_yen) == (600, 400)
    assert owed(cast, taken_back) == 0
    table = [
        (0, (0, 0), CLAIMED), (1, (-BENEFIT, -SUBSIDY), CLAIMED), (2, (-BENEFIT, -400), 25_312),
        (3, (0, 0), 0), (9, (0, 0), 0),
    ]  # fmt: skip
    for days, due, money in table:
        assert receivables(cast, days) == due
        assert balances(cast, days).get(Account.TRANSFER, 0) == money


def test_taken_back_with_its_reason_it_is_still_to_come(cast, taken_back):
    row = deduct(cast, taken_back, CLAIMED, 2)
    with pytest.raises(ValidationError, match="過誤調整の記録を取り消して"):
        cancel_claim_payments(
            file=taken_back.file, entries=[taken_back.pk], reason="誤り", **who(cast, 3)
        )
    back = cancel_deduction(deduction=row, reason="通知を読み違えた", **who(cast, 3))
    assert (back.number, back.subsidy_yen) == (2, SUBSIDY)
    assert owed(cast, taken_back) == CLAIMED
    assert [receivables(cast, days) for days in (2, 3)] == [(0, 0), (-BENEFIT, -SUBSIDY)]
    for wrong in (row, back):
        with pytest.raises(ValidationError):
            cancel_deduction(deduction=wrong, reason="もう一度", **who(cast, 4))
    assert deduct(cast, taken_back, CLAIMED, 5).number == 3
    assert owed(cast, taken_back) == 0


def test_refusals(cast, file, taken_back):
    for amount in (CLAIMED + 1, 0):
        with pytest.raises(ValidationError) as error:
            deduct(cast, taken_back, amount, 2)
        assert "amount_yen" in error.value.message_dict
    with pytest.raises(ValidationError):
        record_deductions(
            deducted_on=on(cast, 3), amounts={taken_back.pk: 1}, **who(cast, 2)
        )  # a day to come
    outsider = {**who(cast, 2), "by": cast.members["outsider"]}
    with pytest.raises(ValidationError):
        record_deductions(deducted_on=on(cast, 2), amounts={taken_back.pk: 1}, **outsider)
    deduct(cast, taken_back, CLAIMED, 2)
    with pytest.raises(ValidationError, match="差し引かれる額はありません"):
        deduct(cast, taken_back, 1, 2)
    assert ClaimDeduction.objects.count() == 1


def test_what_is_not_taken_back_is_not_deducted(cast, file):
    paid(cast, file, CLAIMED)
    with pytest.raises(ValidationError, match="差し引かれる額はありません"):
        deduct(cast, file.entries.get(), 1, 2)


@pytest.mark.parametrize(
    ("kept", "amount", "subsidy"),
    [
        pytest.param(25_912, 25_912, 1_000, id="all"),
        pytest.param(25_912, 600, 600, id="of-the-subsidy"),
        pytest.param(25_912, 1_500, 1_000, id="more-than-the-subsidy"),
        pytest.param(20_000, 20_000, 0, id="paid-without-the-subsidy"),
        pytest.param(25_000, 25_000, 88, id="paid-with-a-part-of-it"),
    ],
)
def test_the_subsidy_goes_first(kept, amount, subsidy):
    assert subsidy_of_deduction(kept, amount, BENEFIT, SUBSIDY) == subsidy


def test_what_may_be_deducted():
    own = Settlement(900, 850, is_taken_back=True, taken_off_yen=50)
    assert own.to_deduct_yen == 800
    asked, before = date(2026, 11, 26), date(2026, 11, 25)
    assert deduction_refusal(own, 800, asked, asked) is None
    assert deduction_refusal(own, 801, asked, asked)[0] == "amount_yen"
    assert deduction_refusal(own, 800, before, asked)[0] == "deducted_on"
    assert deduction_refusal(own, 800, before, None) is None
    assert deduction_refusal(Settlement(900, 850), 1, asked, asked)[0] == ""
    unpaid = Settlement(900, None, is_taken_back=True)
    assert deduction_refusal(unpaid, 1, asked, asked)[0] == ""


def test_nothing_is_deducted_before_it_was_asked_for(cast, taken_back):
    with pytest.raises(ValidationError, match="過誤申立をした日") as error:
        record_deductions(
            deducted_on=on(cast, 0), amounts={taken_back.pk: 1}, **who(cast, 2)
        )  # fmt: skip
    assert "deducted_on" in error.value.message_dict
    deduct(cast, taken_back, CLAIMED, 2)
    # Nor is the petition dated after what was deducted for it.
    correction = PersonMonth.objects.get(replaces=taken_back.person_month).correction
    with pytest.raises(ValidationError, match="過誤調整（"):
        record_petition(correction=correction, filed_on=on(cast, 3), **who(cast, 3))
    assert record_petition(correction=correction, filed_on=on(cast, 2), **who(cast, 3))


@pytest.fixture
def later(cast, taken_back):
    """A later claim, of the cast's own month; the days of both are behind us."""
    own = claim_file(cast, Month.of(cast.person_month.month))
    assert own.entries.get().person_month == cast.person_month
    return own


def body_of(cast, form):
    assert "paid_on" not in form.initial  # the notice says it
    body = {"paid_on": on(cast, 2).isoformat()}
    for row in (*form.rows, *form.deduction_rows):
        body |= {field.html_name: field.value() for field in (row["how"], row["amount"])}
    return body


def test_the_total_of_the_notice_is_net(client, cast, later, taken_back, monkeypatch):
    enter(client, cast.members["billing"])
    monkeypatch.setattr("billing.views.claim_payment.today", lambda _request: on(cast, 2))
    monkeypatch.setattr("teikyaku.accounts.flow.now", lambda _request: who(cast, 2)["at"])
    url = reverse("claim_payment_record", args=[later.public_id])
    page = client.get(url)
    form = page.context["form"]
    assert "過誤調整" in page.content.decode()
    key = taken_back.public_id
    body = body_of(cast, form) | {f"off_{key}": "deducted", f"off_amount_{key}": "20,000"}
    net = cast.person_month.benefit_yen - 20_000
    wrong = client.post(url, {**body, "total_yen": cast.person_month.benefit_yen})
    assert wrong.status_code == 422
    assert "差があります" in wrong.content.decode()
    assert client.post(url, {**body, "total_yen": net}).status_code == 302
    (row,) = ClaimDeduction.objects.all()
    assert (row.amount_yen, row.deducted_on) == (20_000, on(cast, 2))
    assert to_deduct(cast.office).count() == 1
    sums = balances(cast, 2)
    # Of the 25,912 yen 5,912 are still to go back; the other claim came in full.
    assert (sums[Account.CLAIM_RECEIVABLE], sums[Account.SUBSIDY_RECEIVABLE]) == (-5_912, 0)
    assert sums[Account.TRANSFER] == CLAIMED + net


def test_not_in_the_notice_yet_it_stays(client, cast, later, taken_back, monkeypatch):
    enter(client, cast.members["billing"])
    monkeypatch.setattr("billing.views.claim_payment.today", lambda _request: on(cast, 2))
    monkeypatch.setattr("teikyaku.accounts.flow.now", lambda _request: who(cast, 2)["at"])
    url = reverse("claim_payment_record", args=[later.public_id])
    body = body_of(cast, client.get(url).context["form"]) | {f"off_{taken_back.public_id}": "later"}
    empty = {**body, f"off_{taken_back.public_id}": "deducted"}
    empty[f"off_amount_{taken_back.public_id}"] = ""
    assert "過誤調整額を入れて" in client.post(url, empty).content.decode()
    total = cast.person_month.benefit_yen
    assert client.post(url, {**body, "total_yen": total}).status_code == 302
    assert not ClaimDeduction.objects.exists()
    assert owed(cast, taken_back) == CLAIMED


def test_alone_it_has_a_page_and_is_seen(client, cast, taken_back, monkeypatch):
    monkeypatch.setattr("billing.views.claim_deduction.today", lambda _request: on(cast, 2))
    monkeypatch.setattr("teikyaku.accounts.flow.now", lambda _request: who(cast, 2)["at"])
    enter(client, cast.members["billing"])
    url = reverse("claim_deduction_record", args=[taken_back.public_id])
    listed = client.get(reverse("claim_payments") + "?show=taken_back").content.decode()
    assert url in listed
    assert "過誤調整待ち 1人" in listed
    page = client.get(url)
    assert f"{CLAIMED:,}円" in page.content.decode()
    form = page.context["form"]
    body = {"deducted_on": on(cast, 2), "amount_yen": form.initial["amount_yen"]}
    assert client.post(url, {**body, "amount_yen": CLAIMED + 1}).status_code == 422
    own = client.post(url, body, follow=True).content.decode()
    row = ClaimDeduction.objects.get()
    cancel = reverse("claim_deduction_cancel", args=[row.public_id])
    assert cancel in own
    assert "国保連が差し引いた" in own
    assert client.get(url).status_code == 302
    assert client.post(cancel, {"reason": "読み違い"}).status_code == 302
    assert client.get(cancel).status_code == 302
    assert owed(cast, taken_back) == CLAIMED
    assert ClaimPayment.objects.count() == 1
    assert PersonMonth.objects.count() > 1


def processed(cast, file):
    """Of the month of processing: the number page, the list, and the sums at its head."""
    month = Month.of(file.processing_month)
    numbers = claims_by_month(cast.office, Span(month, month)).get(month, ClaimSums())
    shown = claims_shown(cast.office, "all", month=month.first_day)
    listed = by_municipality(shown)
    assert (numbers.people, numbers.claimed_yen, numbers.paid_yen, numbers.waiting) == tuple(
        sum(getattr(place, name) for place in listed)
        for name in ("people", "expected_yen", "paid_yen", "waiting")
    )
    return numbers


def test_the_numbers_of_money_agree_with_the_list(cast, file):
    """With a subsidy nothing is left of what came as claimed; what was taken back is not awaited."""
    assert processed(cast, file) == ClaimSums(1, CLAIMED, 0, 1)
    paid(cast, file, CLAIMED)
    assert processed(cast, file) == ClaimSums(1, CLAIMED, CLAIMED, 0)
    assert processed(cast, file).rest_yen == 0


def test_an_unpaid_claim_that_was_taken_back_is_not_awaited(cast, file):
    new = withdraw_month(row=file.entries.get().person_month, reason="not_billable", **who(cast, 1))
    assert processed(cast, file).waiting == claim_payment_sums(cast.office).waiting == 1
    record_petition(correction=new.correction, filed_on=on(cast, 1), **who(cast, 1))
    assert processed(cast, file) == ClaimSums()
    assert claim_payment_sums(cast.office).waiting == 0
