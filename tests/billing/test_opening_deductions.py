"""移行前の請求の過誤調整: taken off what was carried over, asked about, taken back, and in the way of the start."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from billing.actions.opening_claim import (
    cancel_opening_claim_payment,
    cancel_opening_deduction,
    record_opening_claim,
    record_opening_deduction,
)
from billing.models import OpeningClaimDeduction
from billing.queries.claim_start import first_claimed_month
from billing.queries.opening_claims import before_yen_on
from billing.rules.journal import Account
from teikyaku.periods import Month
from tests.accounts.test_coming_and_going import enter
from tests.billing.test_opening_claims import (
    CLAIM,
    INCOME,
    balance,
    before,
    claimed_from,
    of,
    paid,
    who,
)

__all__ = ["before"]


def off(cast, **facts):
    given = {
        "month": cast.before, "municipality": cast.wards[0], "deducted_on": cast.today,
        "amount_yen": 300, **facts,
    }  # fmt: skip
    return record_opening_deduction(office=cast.office, **given, **who(cast))


def test_what_is_taken_off_lessens_what_was_carried_over(before):
    cast, office = before, before.office
    paid(cast, of(cast, 0, 1000), 1000)
    row = off(cast)
    assert balance(office, Account.TRANSFER) == 700
    assert balance(office, Account.OPENING) == -700
    assert balance(office, CLAIM) == balance(office, INCOME) == 0
    cancel_opening_deduction(deduction=row, reason="別の月", **who(cast, 1))
    assert balance(office, Account.TRANSFER) == 1000
    with pytest.raises(ValidationError, match="別の人が取り消しました"):
        cancel_opening_deduction(deduction=row, reason="別の月", **who(cast, 1))


def test_a_deduction_that_cannot_be_is_refused_at_its_field(before):
    cast = before
    first = (cast.before + 1).first_day
    for field, facts in (
        ("month", {"month": cast.before + 1}), ("amount_yen", {"amount_yen": 0}),
        ("deducted_on", {"deducted_on": first - timedelta(days=1)}),
        ("deducted_on", {"deducted_on": cast.today + timedelta(days=1)}),
    ):  # fmt: skip
        with pytest.raises(ValidationError) as error:
            off(cast, **facts)
        assert field in error.value.message_dict, facts


def test_a_deduction_on_the_pages(before, client):
    cast = before
    enter(client, cast.members["billing"])
    url = reverse("opening_claim_deduct")
    assert "deducted_on" not in client.get(url).context["form"].initial
    body = {
        "month": str(cast.before), "municipality": cast.wards[0].pk,
        "deducted_on": cast.today.isoformat(), "amount_yen": "1,234",
    }  # fmt: skip
    wrong = client.post(url, {**body, "month": str(cast.before + 1)})
    assert wrong.status_code == 422
    assert 'value="1,234"' in wrong.content.decode()
    assert client.post(url, body).status_code == 302
    page = client.get(reverse("opening_claims")).content.decode()
    assert "1,234円" in page
    row = OpeningClaimDeduction.objects.get()
    cancel = reverse("opening_claim_deduction_cancel", args=[row.public_id])
    assert cancel in page
    assert client.post(cancel, {"reason": "読み違い"}).status_code == 302
    assert client.get(cancel).status_code == 404
    assert "取り消し済み" in client.get(reverse("opening_claims")).content.decode()


def test_a_deduction_told_twice_or_beyond_what_was_claimed_is_asked_about(before, client):
    cast = before
    claimed = cast.person_month.benefit_yen + cast.person_month.subsidy_yen
    enter(client, cast.members["billing"])
    url = reverse("opening_claim_deduct")
    body = {
        "month": str(cast.before), "municipality": cast.person_month.municipality_id,
        "deducted_on": cast.today.isoformat(), "amount_yen": str(claimed),
    }  # fmt: skip
    assert client.post(url, body).status_code == 302
    form = client.post(url, body).context["form"]
    again, over = (mark for mark, _words in form.fields["confirmed"].choices)
    assert (again.split("-")[0], over) == ("again", f"over-{2 * claimed}")
    assert client.post(url, {**body, "confirmed": [again]}).status_code == 422
    assert OpeningClaimDeduction.objects.count() == 1
    assert client.post(url, {**body, "confirmed": [again, over]}).status_code == 302
    assert OpeningClaimDeduction.objects.count() == 2
    # Of a month nobody was closed in, nothing is known.
    assert client.post(url, {**body, "month": str(cast.before - 1)}).status_code == 302


def test_a_deduction_whose_question_nobody_answered_is_refused_where_it_is_written(before):
    """Two at the same instant: the second one was not asked, for there was nothing to ask about yet."""
    off(before)
    with pytest.raises(ValidationError, match="たったいまほかで記録"):
        off(before)
    mark = f"again-{before.today.isoformat()}-300-1"
    assert off(before, answered=[mark])
    assert OpeningClaimDeduction.objects.count() == 2


def test_nothing_is_older_than_the_service(before):
    with pytest.raises(ValidationError, match="始まった2018年4月より前"):
        off(before, month=Month(2018, 3))
    with pytest.raises(ValidationError, match="始まった2018年4月より前"):
        record_opening_claim(
            office=before.office, month=Month(2018, 3), amount_yen=1, **who(before)
        )  # fmt: skip


def test_the_first_month_is_not_moved_before_one_whose_deduction_was_recorded(before):
    row = off(before)
    with pytest.raises(ValidationError, match="移行前の請求の過誤調整"):
        claimed_from(before, before.before)
    cancel_opening_deduction(deduction=row, reason="別の月", **who(before, 1))
    claimed_from(before, before.before)
    assert first_claimed_month(before.office) == before.before


def test_what_is_recorded_of_before_on_a_day(before):
    cast = before
    claim = of(cast, 0, 1000)
    paid(cast, claim, 600)
    taken = paid(cast, claim, 400)
    cancel_opening_claim_payment(payment=taken, reason="読み違い", **who(cast))
    assert before_yen_on(cast.office, cast.today) == 600
    off(cast, amount_yen=250)
    assert before_yen_on(cast.office, cast.today) == 350
    assert before_yen_on(cast.office, cast.today - timedelta(days=1)) == 0
    assert before_yen_on(cast.other_office, cast.today) == 0
