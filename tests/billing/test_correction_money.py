"""Paper and money after a correction: the new invoice, what is still to be paid, what goes back."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from openpyxl import load_workbook

from billing.actions.correction import correct_month
from billing.actions.payment import cancel_payment, record_payment
from billing.actions.refund import cancel_refund, record_refund
from billing.models import Invoice, Receipt, Refund
from billing.queries.corrections import correction_rows
from billing.queries.keeping import unsettled
from billing.queries.payments import (
    due_refunds,
    invoice_rows,
    invoices_shown,
    open_invoices,
    open_sums,
    refund_sums,
)
from teikyaku.accounts.models import AuditEvent
from tests.accounts.test_coming_and_going import enter
from tests.billing.corrections import corrected, other_tier, who, withdrawn
from tests.printing.test_documents import needs_pdftotext, text_of


def paid(cast, amount=2_768, **facts):
    return record_payment(
        **{"invoice": cast.invoice, "paid_on": cast.today, "amount_yen": amount, "way": "cash",
           **who(cast), **facts}
    )  # fmt: skip


def refunded(cast, invoice, amount, **facts):
    return record_refund(
        **{"invoice": invoice, "refunded_on": cast.today, "amount_yen": amount, "way": "cash",
           **who(cast), **facts}
    )  # fmt: skip


def paper_of(row):
    return Invoice.objects.get(person_month=row)


def test_the_new_paper_takes_the_place_of_the_old_and_says_the_difference(client, cast):
    other_tier(cast)
    new = paper_of(corrected(cast))
    assert (new.amount_yen, new.document.replaces) == (3_512, cast.invoice.document)
    content = new.document.content
    assert content["edition"] == "訂正版"
    assert content["replaces"]["number"] == cast.invoice.document.number
    for words in ("2,768円", "3,512円", "744円 増えました", "前の請求書は使わず"):
        assert words in content["replaces"]["note"]
    enter(client, cast.members["billing"])
    assert client.get(reverse("invoice_pdf", args=[cast.invoice.public_id])).status_code == 200


@needs_pdftotext
def test_on_paper_the_person_reads_what_is_still_to_be_paid(client, cast):
    paid(cast)
    other_tier(cast)
    new = paper_of(corrected(cast))
    enter(client, cast.members["billing"])
    text = text_of(client.get(reverse("invoice_pdf", args=[new.public_id])).content)
    for words in ("訂正版", "お支払い済み", "744円", "残りの744円をお支払いください"):
        assert words in text
    old = text_of(client.get(reverse("invoice_pdf", args=[cast.invoice.public_id])).content)
    assert new.document.number in old


def test_a_payment_counts_on_and_the_rest_is_open_on_the_new_paper(cast):
    paid(cast)
    assert open_sums(cast.office, cast.today).count == 0
    other_tier(cast)
    new = paper_of(corrected(cast))
    (row,) = open_invoices(cast.office)
    assert (row.pk, row.open_yen) == (new.pk, 744)
    with pytest.raises(ValidationError, match="訂正されています"):
        paid(cast, 1)
    # What came before the correction, and is recorded only now.
    paid(cast, 744, invoice=new, paid_on=cast.today)
    assert open_sums(cast.office, cast.today).open_yen == 0


def test_money_that_came_for_the_old_paper_is_recorded_on_the_new_one(cast):
    other_tier(cast)
    later = {**who(cast), "at": who(cast)["at"] + timedelta(days=40)}
    new = paper_of(correct_month(row=cast.person_month, reason="office", **later))
    record_payment(
        invoice=new, paid_on=cast.today, amount_yen=3_512, way="cash", **later
    )  # the day of the first paper, not of the second
    assert open_sums(cast.office, cast.today).count == 0


def test_too_much_was_paid_it_goes_back_never_more(cast):
    paid(cast)
    other_tier(cast, "50")
    new = paper_of(corrected(cast))
    over = 2_768 - new.amount_yen
    assert over == 1_078
    (row,) = due_refunds(cast.office)
    assert (row.pk, row.open_yen) == (new.pk, -over)
    assert (refund_sums(cast.office).count, refund_sums(cast.office).yen) == (1, over)
    assert f"{over:,}円をお返しします" in new.document.content["replaces"]["note"]
    with pytest.raises(ValidationError, match="1,078円より多く"):
        refunded(cast, new, over + 1)
    with pytest.raises(ValidationError, match="前の日付"):
        refunded(cast, new, 1, refunded_on=cast.today - timedelta(days=1))
    with pytest.raises(ValidationError, match="訂正されています"):
        refunded(cast, cast.invoice, 1)
    refunded(cast, new, 500)
    with pytest.raises(ValidationError, match="578円より多く"):
        refunded(cast, new, 579)
    row = refunded(cast, new, 578, note="残り")
    assert not due_refunds(cast.office).exists()
    with pytest.raises(ValidationError, match="返すお金はありません"):
        refunded(cast, new, 1)
    cancel_refund(refund=row, reason="渡していなかった", **who(cast))
    assert refund_sums(cast.office).yen == 578
    with pytest.raises(ValidationError, match="たったいま別の人が取り消し"):
        cancel_refund(refund=row, reason="二度", **who(cast))
    verbs = AuditEvent.objects.filter(verb__startswith="refund").values_list("verb", flat=True)
    assert sorted(verbs) == ["refund_cancelled", "refund_recorded", "refund_recorded"]


def test_a_payment_taken_back_after_a_refund_is_open_again(cast):
    payment = paid(cast)
    other_tier(cast, "50")
    new = paper_of(corrected(cast))
    refunded(cast, new, 1_078)
    cancel_payment(payment=payment, reason="別の方の入金だった", **who(cast))
    (row,) = open_invoices(cast.office)
    assert row.open_yen == new.amount_yen + 1_078


def test_withdrawn_everything_that_was_paid_goes_back(cast):
    paid(cast)
    paper = paper_of(withdrawn(cast))
    assert (paper.amount_yen, paper.document.content["amount_yen"]) == (0, 0)
    assert "取りやめました" in paper.document.content["replaces"]["note"]
    assert refund_sums(cast.office).yen == 2_768
    assert open_sums(cast.office, cast.today).count == 0
    refunded(cast, paper, 2_768)
    assert refund_sums(cast.office).count == 0


def test_withdrawn_and_never_paid_nothing_is_open_any_more(cast):
    withdrawn(cast)
    assert open_sums(cast.office, cast.today).count == 0
    assert not invoices_shown(cast.office, cast.today, "all").exists()
    assert not due_refunds(cast.office).exists()


def test_a_file_with_money_to_give_back_is_not_erased(cast):
    paid(cast)
    withdrawn(cast)
    client = cast.enrolment.client
    assert [reason.code for reason in unsettled(client, cast.office)] == ["keeping.refund"]


def test_the_page_records_and_takes_back(client, cast):
    paid(cast)
    other_tier(cast, "50")
    row = corrected(cast)
    new = paper_of(row)
    enter(client, cast.members["billing"])
    page = client.get(reverse("payments") + "?show=refund").content.decode()
    url = reverse("refund_record", args=[new.public_id])
    assert url in page
    assert "返す 1,078円" in page
    data = {"refunded_on": cast.today.isoformat(), "amount_yen": "1078", "way": "transfer"}
    assert client.post(url, {**data, "amount_yen": "1079"}).status_code == 422
    stale = client.post(url, {**data, "amount_yen": "1", "seen_over_yen": "5"})
    assert "別の記録がありました" in stale.content.decode()
    answer = client.post(url, {**data, "seen_over_yen": "1078"}, follow=True)
    text = answer.content.decode()
    refund = Refund.objects.get()
    assert reverse("refund_cancel", args=[refund.public_id]) in text
    for words in ("締めた", "請求書を出した", "入金", "出し直した", "請求書を訂正した", "返金"):
        assert words in text
    cancel = reverse("refund_cancel", args=[refund.public_id])
    assert client.post(cancel, {"reason": ""}).status_code == 422
    assert client.post(cancel, {"reason": "渡していない"}).status_code == 302
    assert refund_sums(cast.office).yen == 1_078


def test_refunds_go_out_with_the_list(client, cast):
    paid(cast)
    other_tier(cast, "50")
    refunded(cast, paper_of(corrected(cast)), 500, note="窓口で")
    enter(client, cast.members["billing"])
    book = load_workbook(BytesIO(client.get(reverse("payments_xlsx") + "?show=refund").content))
    row = [cell.value for cell in book["見本・請求書"][2]]
    assert row[6:11] == [1_690, 2_768, 500, 0, 578]
    assert [cell.value for cell in book["見本・返金"][2]][4:8] == [500, "現金", "返金", "窓口で"]


def test_the_list_costs_the_same_with_refunds(cast, django_assert_max_num_queries):
    paid(cast)
    other_tier(cast, "50")
    refunded(cast, paper_of(corrected(cast)), 500)
    with django_assert_max_num_queries(5):
        invoice_rows(due_refunds(cast.office), cast.today)


def test_the_step_leads_to_the_refund_and_then_it_says_given_back(client, cast):
    paid(cast)
    enter(client, cast.members["billing"])
    new = withdrawn(cast)
    page = reverse("person_month_page", args=[new.public_id])
    refund = reverse("refund_record", args=[paper_of(new).public_id])
    (row,) = correction_rows(cast.office, [new], cast.today)
    assert [each["url"] for each in row.steps if each["label"] == "本人への返金"] == [refund]
    (row,) = correction_rows(cast.office, [new], cast.today, may_write=False)
    assert [each["url"] for each in row.steps if each["label"] == "本人への返金"] == [""]
    refunded(cast, paper_of(new), 2_768)
    text = client.get(page).content.decode()
    assert "返金済み" in text
    assert "入金済み" not in text


def test_what_went_back_whole_is_no_receipt(client, cast):
    """Asked for and paid, then withdrawn and given back: neither offered nor issued."""
    payment = paid(cast)
    enter(client, cast.members["billing"])
    new = withdrawn(cast)
    page = reverse("person_month_page", args=[new.public_id])
    issue = reverse("receipt_issue", args=[payment.public_id])
    assert issue in client.get(page).content.decode()
    back = refunded(cast, paper_of(new), 2_768)
    assert issue not in client.get(page).content.decode()
    client.post(issue)
    assert not Receipt.objects.exists()
    cancel_refund(refund=back, reason="まだ返していなかった", **who(cast))
    assert issue in client.get(page).content.decode()
    client.post(issue)
    assert Receipt.objects.exists()
