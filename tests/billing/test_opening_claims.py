"""移行前の国保連への請求: what other software claimed is awaited, paid and carried over; never revenue."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from billing.actions.claim_setting import choose_claim_way
from billing.actions.opening_claim import (
    cancel_opening_claim_payment,
    correct_opening_claim,
    record_opening_claim,
    record_opening_claim_payment,
    withdraw_opening_claim,
)
from billing.forms.claim_payment import ClaimPaymentForm
from billing.models import OpeningClaim
from billing.queries.claim_files import unclaimed_months
from billing.queries.claim_payment_sums import claim_payment_sums
from billing.queries.claim_start import first_claimed_month
from billing.queries.journal import EVER, journal
from billing.queries.opening_claims import (
    closed_elsewhere,
    left_out_until,
    opening_claims,
)
from billing.rules.journal import Account
from teikyaku.accounts.models import Municipality, MunicipalityProposal
from teikyaku.clock import at_noon, date_of
from teikyaku.desk.actions.merge_places import merge_municipality
from teikyaku.desk.actions.office_start import set_first_month
from teikyaku.periods import Month
from tests.accounts.test_coming_and_going import enter

CLAIM, INCOME = Account.CLAIM_RECEIVABLE, Account.BENEFIT_INCOME


def who(cast, days=0, member="billing"):
    return {"by": cast.members[member], "at": at_noon(cast.today + timedelta(days=days))}


def balance(office, account):
    """Debit less credit over all days."""
    lines = journal(office, *EVER)
    return sum(
        (each.debit is account) * each.yen - (each.credit is account) * each.yen for each in lines
    )


def claimed_from(cast, month):
    choose_claim_way(
        office=cast.office, invoice_way="own", omits_names=False,
        first_month=month and month.first_day, **who(cast),
    )  # fmt: skip


@pytest.fixture
def before(cast):
    """The cast's closed month was claimed with other software."""
    cast.before = Month.of(cast.person_month.month)
    claimed_from(cast, cast.before + 1)
    return cast


def told(cast, yen=1000):
    return record_opening_claim(office=cast.office, month=cast.before, amount_yen=yen, **who(cast))


def paid(cast, claim, yen, days=0):
    on = cast.today + timedelta(days=days)
    return record_opening_claim_payment(claim=claim, paid_on=on, amount_yen=yen, **who(cast, days))


def test_nothing_told_leaves_the_month_out_and_says_so(cast, client):
    benefit = cast.person_month.benefit_yen
    assert benefit
    assert balance(cast.office, CLAIM) == benefit
    month, on = Month.of(cast.person_month.month), date_of(cast.person_month.closing.closed_at)
    assert left_out_until(cast.office, on, on) is None
    assert closed_elsewhere(cast.office) == []
    claimed_from(cast, month + 1)
    assert balance(cast.office, CLAIM) == balance(cast.office, INCOME) == 0
    assert month not in unclaimed_months(cast.office)
    assert left_out_until(cast.office, on, on) == month
    assert left_out_until(cast.office, on + timedelta(days=1), on + timedelta(days=9)) is None
    (left,) = closed_elsewhere(cast.office)
    assert (left.month, left.people, left.claimed_yen) == (month, 1, cast.person_month.claimed_yen)
    enter(client, cast.members["billing"])
    page = client.get(reverse("journal"), {"first": on.isoformat(), "last": on.isoformat()})
    assert f"{month.label}分までは、ほかのソフト" in page.content.decode()


def test_told_it_is_carried_over_and_its_payment_clears_it(before):
    cast, office = before, before.office
    claim = told(cast, 1000)
    assert claim.carried_on == (cast.before + 1).first_day
    assert claim_payment_sums(office).before.yen == balance(office, CLAIM) == 1000
    assert balance(office, INCOME) == 0
    assert balance(office, Account.OPENING) == -1000
    assert closed_elsewhere(office) == []
    payment = paid(cast, claim, 400)
    assert claim_payment_sums(office).before.yen == balance(office, CLAIM) == 600
    cancel_opening_claim_payment(payment=payment, reason="別の月の分", **who(cast, 1))
    assert claim_payment_sums(office).before.yen == balance(office, CLAIM) == 1000
    with pytest.raises(ValidationError, match="別の人が取り消しました"):
        cancel_opening_claim_payment(payment=payment, reason="別の月の分", **who(cast, 1))
    paid(cast, claim, 1000, 2)
    assert claim_payment_sums(office).before.months == balance(office, CLAIM) == 0
    assert balance(office, Account.TRANSFER) == 1000


def test_told_anew_payments_go_on_counting(before):
    cast, office = before, before.office
    paid(cast, told(cast, 1000), 400)
    (row,) = opening_claims(office)
    newer = correct_opening_claim(claim=row.claim, amount_yen=900, reason="写し間違い", **who(cast))
    assert balance(office, CLAIM) == claim_payment_sums(office).before.yen == 500
    assert balance(office, Account.OPENING) == -900
    for yen, words in ((399, "400円の支払い"), (0, "1円以上")):
        with pytest.raises(ValidationError, match=words):
            correct_opening_claim(claim=newer, amount_yen=yen, reason="また", **who(cast))
    with pytest.raises(ValidationError, match="支払いの記録"):
        withdraw_opening_claim(claim=newer, reason="なかった", **who(cast))
    with pytest.raises(ValidationError, match="たったいま別の人が訂正"):
        correct_opening_claim(claim=row.claim, amount_yen=800, reason="遅い", **who(cast))


def test_withdrawn_and_told_again(before):
    cast, office = before, before.office
    withdraw_opening_claim(claim=told(cast), reason="もう支払われていた", **who(cast))
    assert balance(office, CLAIM) == 0
    assert opening_claims(office) == []
    assert told(cast, 300).replaces.is_withdrawn
    assert balance(office, CLAIM) == 300


def test_what_cannot_be_is_refused_at_its_field(before):
    cast = before
    claim = told(cast)
    carried = claim.carried_on
    with pytest.raises(ValidationError, match="もう入っています"):
        told(cast)
    for field, month in (("month", cast.before + 1),):
        with pytest.raises(ValidationError) as error:
            record_opening_claim(office=cast.office, month=month, amount_yen=1, **who(cast))
        assert field in error.value.message_dict
    for field, yen, on in (
        ("amount_yen", 1001, cast.today), ("amount_yen", 0, cast.today),
        ("paid_on", 10, carried - timedelta(days=1)),
        ("paid_on", 10, cast.today + timedelta(days=1)),
    ):  # fmt: skip
        with pytest.raises(ValidationError) as error:
            record_opening_claim_payment(claim=claim, paid_on=on, amount_yen=yen, **who(cast))
        assert field in error.value.message_dict, (yen, on)
    other = who(cast, member="outsider")
    with pytest.raises(ValidationError, match="この事業所"):
        record_opening_claim_payment(claim=claim, paid_on=cast.today, amount_yen=1, **other)


def test_a_month_that_is_carried_over_is_never_claimed_here_too(before):
    cast = before
    told(cast)
    for month in (cast.before, None):
        with pytest.raises(ValidationError, match="移行前の国保連への請求"):
            claimed_from(cast, month)
    claimed_from(cast, cast.before + 1)
    assert first_claimed_month(cast.office) == cast.before + 1


def test_a_fresh_office_tells_it_by_the_first_month_it_bills_here(cast):
    office, month = cast.other_office, Month.of(cast.today)
    own = who(cast, member="outsider")
    with pytest.raises(ValidationError, match="最初の月"):
        record_opening_claim(office=office, month=month - 1, amount_yen=5000, **own)
    set_first_month(office=office, first_month=month, **own)
    record_opening_claim(office=office, month=month - 1, amount_yen=5000, **own)
    (line,) = journal(office, *EVER)
    assert (line.on, line.debit, line.credit, line.yen) == (
        month.first_day, CLAIM, Account.OPENING, 5000,
    )  # fmt: skip
    with pytest.raises(ValidationError, match="移行前の国保連への請求"):
        set_first_month(office=office, first_month=month - 1, **own)
    # The setting of the claim files may stay without a month: the later of both holds.
    choose_claim_way(office=office, invoice_way="own", omits_names=False, **own)


def test_typed_paid_and_taken_back_on_the_pages(before, client):
    cast = before
    enter(client, cast.members["billing"])
    page = client.get(reverse("opening_claims"))
    assert "この月を入れる" in page.content.decode()
    place = cast.person_month.municipality
    new = f"{reverse('opening_claim_new')}?month={cast.before}&municipality={place.public_id}"
    assert new.replace("&", "&amp;") in page.content.decode()
    form = client.get(new).context["form"]
    assert form.initial["amount_yen"] == cast.person_month.claimed_yen
    assert form.initial["municipality"] == place.pk
    assert not client.get(f"{new}9").context["form"].initial
    client.post(new, {"month": str(cast.before), "amount_yen": "2,000"})
    claim = OpeningClaim.objects.get()
    pay = reverse("opening_claim_pay", args=[claim.public_id])
    assert client.get(pay).context["form"].initial["amount_yen"] == 2000
    refused = client.post(pay, {"paid_on": cast.today.isoformat(), "amount_yen": "3000"})
    assert refused.status_code == 422
    assert 'value="3000"' in refused.content.decode()
    client.post(pay, {"paid_on": cast.today.isoformat(), "amount_yen": "500"})
    assert "1,500円" in client.get(reverse("opening_claims")).content.decode()
    for name in ("claim_payments", "money_page", "billing_home"):
        shown = client.get(reverse(name)).content.decode()
        assert "移行前の請求の支払い待ち 1か月　1,500円" in shown, name


# --- By municipality, and 過誤調整 ----------------------------------------------------------------


def of(cast, ward, yen):
    return record_opening_claim(
        office=cast.office, month=cast.before, amount_yen=yen, municipality=cast.wards[ward],
        **who(cast),
    )  # fmt: skip


def test_a_month_of_two_municipalities_is_told_and_paid_by_each(before):
    cast, office = before, before.office
    one, other = of(cast, 0, 1000), of(cast, 1, 500)
    assert [row.place for row in opening_claims(office)] == [
        cast.wards[0].full_name, cast.wards[1].full_name,
    ]  # fmt: skip
    sums = claim_payment_sums(office).before
    assert (sums.months, sums.yen) == (1, 1500)
    paid(cast, one, 1000)
    with pytest.raises(ValidationError, match="残りの500円"):
        paid(cast, other, 501)
    # What was paid follows the one that it was paid for.
    newer = correct_opening_claim(claim=other, amount_yen=700, reason="写し間違い", **who(cast))
    assert newer.municipality == cast.wards[1]
    paid(cast, newer, 200)
    assert [row.open_yen for row in opening_claims(office)] == [0, 500]
    assert claim_payment_sums(office).before.yen == balance(office, CLAIM) == 500
    texts = [line.text for line in journal(office, *EVER)]
    assert any(text.endswith(cast.wards[1].full_name) for text in texts)


def test_a_month_is_told_as_one_sum_or_by_municipality_never_both(before):
    cast = before
    whole = told(cast)
    with pytest.raises(ValidationError) as error:
        of(cast, 0, 10)
    assert "month" in error.value.message_dict
    withdraw_opening_claim(claim=whole, reason="分けて入れる", **who(cast))
    of(cast, 0, 10)
    with pytest.raises(ValidationError, match="もう入っています"):
        of(cast, 0, 20)
    with pytest.raises(ValidationError) as error:
        told(cast)
    assert "municipality" in error.value.message_dict
    assert claim_payment_sums(cast.office).before.yen == 10


def test_a_sum_of_all_that_is_paid_is_split_the_way_that_is_told(before):
    cast = before
    whole = told(cast)
    payment = paid(cast, whole, 400)
    words = "支払いの記録（400円）を取り消し、それを取り下げてから、市町村ごとに入れて"
    with pytest.raises(ValidationError, match=words):
        of(cast, 0, 10)
    with pytest.raises(ValidationError, match="先にそれを取り消すか"):
        withdraw_opening_claim(claim=whole, reason="分けて入れる", **who(cast))
    cancel_opening_claim_payment(payment=payment, reason="分けて入れる", **who(cast))
    with pytest.raises(ValidationError, match="分けるときは、それを取り下げてから"):
        of(cast, 0, 10)
    withdraw_opening_claim(claim=whole, reason="分けて入れる", **who(cast))
    of(cast, 0, 10)


def test_only_what_nobody_told_of_a_municipality_is_offered(before):
    cast = before
    (left,) = closed_elsewhere(cast.office)
    assert left.municipality == cast.person_month.municipality_id
    elsewhere = next(n for n, ward in enumerate(cast.wards[:3]) if ward.pk != left.municipality)
    of(cast, elsewhere, 10)
    assert closed_elsewhere(cast.office) == [left]
    own = next(n for n, ward in enumerate(cast.wards) if ward.pk == left.municipality)
    of(cast, own, 10)
    assert closed_elsewhere(cast.office) == []


def test_a_municipality_that_was_joined_with_another_is_that_other_one(before):
    """What was told of it stands under the other's name, is not told twice, and its payments count."""
    cast, into = before, Municipality.objects.get(pk=before.person_month.municipality_id)
    slip = Municipality.objects.create(code="157115", name="架空町", kana="か")
    facts = {"office": cast.office, "month": cast.before, **who(cast)}
    claim = record_opening_claim(municipality=slip, amount_yen=1000, **facts)
    paid(cast, claim, 400)
    assert [row.municipality for row in closed_elsewhere(cast.office)] == [into.pk]
    admin = {"by": cast.members["admin"], "at": at_noon(cast.today)}
    MunicipalityProposal.objects.create(
        municipality=slip, office=cast.office, recorded_by=admin["by"], recorded_at=admin["at"]
    )
    merge_municipality(municipality=slip, into=into, **admin)
    assert [(row.place, row.open_yen) for row in opening_claims(cast.office)] == [
        (into.full_name, 600)
    ]
    assert closed_elsewhere(cast.office) == []
    with pytest.raises(ValidationError, match="もう入っています"):
        record_opening_claim(municipality=into, amount_yen=20, **facts)
    cancel_opening_claim_payment(payment=claim.payments.get(), reason="読み違い", **who(cast))
    withdraw_opening_claim(claim=claim, reason="分けて入れる", **who(cast))
    again = record_opening_claim(municipality=into, amount_yen=700, **facts)
    assert again.replaces.replaces == claim
    assert again.municipality.current == into


@pytest.mark.parametrize(("total", "fits"), [(0, True), (600, True), (300, False)])
def test_the_total_of_a_notice_holds_months_of_before_too(before, total, fits):
    data = {"paid_on": before.today.isoformat(), "total_yen": str(total)}
    asked = []
    form = ClaimPaymentForm(data, people=(), before_on=lambda day: asked.append(day) or 600)
    assert form.is_valid() is fits
    assert asked == ([before.today] if total else [])
    assert fits or "移行前の分（600円）を合わせて、300円の差" in str(form.errors["total_yen"])
