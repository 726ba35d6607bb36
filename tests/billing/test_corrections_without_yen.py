"""Statements that are wrong without a yen of difference, and money that was lost from sight."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.urls import reverse

from billing.actions.claim_file import withdraw_claim_files
from billing.actions.correction import can_petition, record_petition
from billing.actions.month_answer import record_subsidy
from billing.actions.payment import cancel_payment
from billing.actions.proxy_notice import issue_notice
from billing.exports_claim_payments import claim_payments_workbook
from billing.models import ClaimFileEntry, ClaimSetting, PersonMonth, Subsidy
from billing.queries.cap_management import cap_rows
from billing.queries.cap_reports import cap_reports
from billing.queries.claim_payment_sums import by_municipality, claim_payment_sums
from billing.queries.claim_payments import (
    claim_payment_rows,
    claims_of,
    claims_shown,
    with_facts,
)
from billing.queries.correction import redo_of
from billing.queries.corrections import corrections
from billing.queries.differences import differing_months
from billing.queries.keeping import unsettled
from billing.queries.payments import invoices_shown, open_sums
from billing.rules.cap_management import Rank
from billing.rules.claim_payment import ClaimState, Settlement
from tests.accounts.test_coming_and_going import enter
from tests.billing.corrections import LATER, corrected, later, other_tier, who, withdrawn
from tests.billing.test_cap_management import answered, made, manage
from tests.billing.test_claim_export import make_early
from tests.billing.test_claim_payments import pay
from tests.billing.test_correction_claims import make, month
from tests.billing.test_correction_money import paid, paper_of, refunded

__all__ = ["month"]


def lines_of(file, head):
    """The records of one kind in a file, without the number of the line."""
    text = bytes(file.content.content).decode("cp932")
    return [
        cells[2:]
        for cells in (line.split(",") for line in text.split("\r\n"))
        if ":".join(cells[2:4]) == head
    ]


def real_codes():
    """Codes as they are sent: those of the sample are refused in a cap sheet."""
    with connection.cursor() as cursor:
        cursor.execute("UPDATE billing_feetablerow SET code = replace(code, 'ZZ', '47')")


def changes(cast, month):
    found = differing_months(cast.office, month, month, cast.today).rows
    return [text for row in found for text in row.found.changes]


def subsidise(cast, month, ward=2, kind="up_to", amount=1_000):
    return record_subsidy(
        enrolment=cast.enrolment, municipality=cast.wards[ward], kind=kind, amount=amount,
        source="市の要綱", first_month=month.first_day, last_month=None, **who(cast),
    )  # fmt: skip


# --- Without a yen of difference ------------------------------------------------------------------


def test_a_result_that_came_after_the_close_is_told_and_put_right(cast, month):
    manage(cast)
    answered(cast, month, "2", 2_768)
    assert changes(cast, month) == ["上限額管理の結果（2）が、いまはあります。"]
    new = corrected(cast)
    assert (new.copayment_yen, new.cap_result.outcome) == (2_768, "2")
    claim, *_rest = make(cast, month)
    (head,) = lines_of(claim, "J121:01")
    assert new.cap_result.managing_office_number in head
    assert changes(cast, month) == []


def test_another_result_of_the_same_yen_is_told_and_changes_the_mark(cast, month):
    manage(cast)
    answered(cast, month, "1", 0)
    new = corrected(cast)
    assert redo_of(new, cast.today).found is None
    before = redo_of(new, cast.today).mark
    answered(cast, month, "3", 0, reason="書き間違い")
    redo = redo_of(new, cast.today)
    assert redo.found is not None
    assert redo.found.changes == ("上限額管理の結果が1から3に変わります。",)
    assert redo.mark != before
    assert corrected(cast, row=new).cap_result.outcome == "3"


def test_another_municipality_that_pays_the_same_is_told(cast, month):
    given = subsidise(cast, month)
    new = corrected(cast, reason="subsidy")
    assert changes(cast, month) == []
    Subsidy.objects.filter(pk=given.pk).update(municipality=cast.wards[0])
    (text,) = changes(cast, month)
    assert text.startswith("助成する市町村が")
    assert redo_of(new, cast.today).can_redo


def test_the_difference_on_every_page_is_what_the_person_pays(client, cast, month):
    subsidise(cast, month)
    enter(client, cast.members["billing"])
    assert "本人の支払いの差 −1,000円" in client.get(reverse("differences")).content.decode()
    corrected(cast, reason="subsidy")
    (row,) = corrections(cast.office, cast.today)
    assert (row.payable_yen, row.state.correction.reason) == (-1_000, "subsidy")
    text = client.get(reverse("correction_list") + "?show=all").content.decode()
    assert "本人の支払いの差 −1,000円" in text


# --- What 国保連 owes -----------------------------------------------------------------------------


def test_what_the_file_asks_for_is_awaited_with_the_subsidy(cast, month):
    subsidise(cast, month)
    corrected(cast)
    claim, *_rest = make_early(cast, month)
    (asked,) = lines_of(claim, "J111:01")
    assert "25912" in asked
    assert claim_payment_sums(cast.office).waiting_yen == 25_912
    (row,) = claim_payment_rows(with_facts(claims_of(cast.office)), cast.today)
    assert (row.settlement.benefit_yen, row.settlement.subsidy_yen) == (24_912, 1_000)
    (payment,) = pay(cast, claim, {claims_of(cast.office).get().pk: 25_912})
    assert claims_shown(cast.office, "paid").count() == 1
    assert by_municipality(claims_of(cast.office))[0].open_yen == 0
    # The person is told of the benefit: total cost less copayment.
    told = issue_notice(payment=payment, **who(cast)).document.content
    assert told["amount_yen"] == told["total_cost_yen"] - told["copayment_yen"] == 24_912


def test_a_sum_as_the_notice_has_it_is_accepted(client, cast, month):
    subsidise(cast, month)
    corrected(cast)
    claim, *_rest = make_early(cast, month)
    entry = ClaimFileEntry.objects.get(file=claim)
    enter(client, cast.members["billing"])
    page = reverse("claim_payment_record", args=[claim.public_id])
    assert "うち自治体助成 1,000円" in client.get(page).content.decode()
    sent = {
        "paid_on": cast.today.isoformat(), "total_yen": "25912",
        f"how_{entry.public_id}": "paid", f"amount_{entry.public_id}": "25912",
    }  # fmt: skip
    assert client.post(page, sent).status_code == 302
    assert claim_payment_sums(cast.office).differs == 0


def test_what_was_taken_back_unpaid_is_awaited_no_more(client, cast, month):
    claim, *_rest = make(cast, month)
    new = withdrawn(cast)
    assert claim_payment_sums(cast.office).waiting == 1
    record_petition(correction=new.correction, filed_on=cast.today, **who(cast))
    sums = claim_payment_sums(cast.office)
    assert (sums.waiting, sums.waiting_yen, sums.differs) == (0, 0, 0)
    assert claims_shown(cast.office, "taken_back").count() == 1
    enter(client, cast.members["billing"])
    text = client.get(reverse("claim_payments") + "?show=taken_back").content.decode()
    assert "過誤調整" in text
    # What comes all the same can still be recorded.
    page = client.get(reverse("claim_payment_record", args=[claim.public_id]))
    (field,) = (name for name in page.context["form"].fields if name.startswith("how_"))
    assert page.context["form"].fields[field].initial == "later"


def test_what_was_paid_and_taken_back_is_deducted_and_the_month_counts_once(cast, month):
    claim, *_rest = make_early(cast, month)
    pay(cast, claim)
    other_tier(cast)
    new = corrected(cast)
    record_petition(correction=new.correction, filed_on=cast.today, **who(cast))
    again, *_rest = make(cast, month, 1)
    amounts = {claims_of(cast.office).get(file=again).pk: 31_608}
    pay(cast, again, amounts, **later(cast), paid_on=cast.today + LATER)
    rows = claim_payment_rows(with_facts(claims_shown(cast.office, "all")), cast.today)
    net = sum((row.settlement.paid_yen or 0) + row.settlement.deducted_yen for row in rows)
    assert net == new.benefit_yen == 31_608
    (place,) = by_municipality(claims_of(cast.office))
    assert (place.people, place.expected_yen, place.paid_yen) == (1, 31_608, 31_608)
    assert claims_shown(cast.office, "paid").get().person_month == new
    assert claim_payments_workbook(rows, [place]).startswith(b"PK")


def test_what_a_taken_back_claim_comes_to():
    own = Settlement(900, 850, is_taken_back=True)
    assert (own.open_yen, own.deducted_yen, own.state) == (0, -850, ClaimState.TAKEN_BACK)
    unpaid = Settlement(900, None, is_taken_back=True)
    assert (unpaid.open_yen, unpaid.deducted_yen) == (0, 0)


def test_a_petition_needs_a_claim(cast, month):
    new = withdrawn(cast)
    with pytest.raises(ValidationError, match="過誤申立は要りません"):
        record_petition(correction=new.correction, filed_on=cast.today, **who(cast))
    # Unless other software claimed it.
    ClaimSetting.objects.create(
        office=cast.office, first_month=(month + 1).first_day,
        recorded_by=cast.members["billing"], recorded_at=who(cast)["at"],
    )  # fmt: skip
    record_petition(correction=new.correction, filed_on=cast.today, **who(cast))


# --- What a person owes ---------------------------------------------------------------------------


def test_a_payment_that_bounces_after_its_refund_stays_in_sight(client, cast):
    payment = paid(cast)
    new = paper_of(withdrawn(cast))
    refunded(cast, new, 2_768)
    cancel_payment(payment=payment, reason="口座に残高がなかった", **who(cast))
    assert open_sums(cast.office, cast.today).open_yen == 2_768
    assert [row.pk for row in invoices_shown(cast.office, cast.today, "open")] == [new.pk]
    assert len(unsettled(cast.enrolment.client, cast.office)) == 1
    enter(client, cast.members["billing"])
    assert str(new.public_id) in client.get(reverse("payments")).content.decode()
    paid(cast, 2_768, invoice=new, paid_on=cast.today)
    assert open_sums(cast.office, cast.today).count == 0


# --- 上限額管理結果票 -----------------------------------------------------------------------------


def sheet_made(cast, month, **facts):
    return made(cast, month, [(Rank.DAY.value, 90_000, 9_000)], **facts)


def test_a_sheet_that_was_sent_before_is_a_correction(cast, month):
    real_codes()
    manage(cast, cast.office.number, cast.office.name)
    sheet_made(cast, month)
    first = corrected(cast)
    files = make(cast, month)
    assert [lines_of(file, "J411:01")[0][3] for file in files if file.family == "J411"] == ["1"]
    # Taken back before it was sent: the next one is new again.
    withdraw_claim_files(file=files[0], reason="not_sent", **who(cast))
    make(cast, month)
    other_tier(cast)
    sheet_made(cast, month, reason="区分")
    second = corrected(cast, row=first)
    record_petition(correction=second.correction, filed_on=cast.today, **who(cast))
    sent = [
        lines_of(each, "J411:01")[0][3] for each in make(cast, month, 1) if each.family == "J411"
    ]
    assert sent == ["2"]


def test_a_withdrawn_month_with_a_managed_cap_says_so(client, cast, month):
    manage(cast)
    answered(cast, month, "3", 1_001)
    withdrawn(cast, row=corrected(cast))
    (row,) = cap_rows(cast.office, month, cast.today)
    assert (row.is_withdrawn, row.before_yen, row.result.own_after_yen) == (True, 2_768, 1_001)
    assert cap_reports(cast.office, month, cast.today) == ()
    enter(client, cast.members["billing"])
    text = client.get(reverse("cap_month", args=[month])).content.decode()
    assert "取り下げ" in text
    assert "結果を記録" not in text


def test_a_month_that_nobody_corrected_has_nothing_to_petition_for():
    assert not can_petition(PersonMonth())
