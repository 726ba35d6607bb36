"""移行前の請求: open, paid, given back and reminded of as our own; no revenue; corrected by a new row."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import load_workbook

from billing.actions.opening_invoice import (
    Before,
    correct_opening_invoice,
    record_opening_invoice,
    record_opening_invoices,
    withdraw_opening_invoice,
    withdraw_together,
)
from billing.actions.payment import cancel_payment, record_payment
from billing.actions.payment_reminder import issue_reminder
from billing.actions.receipt import issue_receipt
from billing.actions.refund import record_refund
from billing.models import Invoice, OpeningInvoice
from billing.queries.journal import journal
from billing.queries.open_items import open_items
from billing.queries.opening_invoice import batches, opening_invoices
from billing.queries.payments import due_refunds, open_invoices, open_sums
from billing.rules.journal import Account
from teikyaku.clock import at_noon
from teikyaku.desk.actions.office_start import set_first_month
from teikyaku.periods import Month
from tests.accounts.test_coming_and_going import enter


@pytest.fixture
def moved(cast):
    """The other office, which bills here from this month on, and its one person."""
    cast.who = {"by": cast.members["outsider"], "at": at_noon(cast.today)}
    set_first_month(office=cast.other_office, first_month=Month.of(cast.today), **cast.who)
    return cast


def before(cast, months=2, yen=3000, **facts):
    month = Month.of(cast.today) - months
    told = {
        "enrolment": cast.foreign, "month": month, "amount_yen": yen,
        "issued_on": month.last_day, "due_on": (month + 1).last_day, "number": "旧-7",
    }  # fmt: skip
    return Before(**{**told, **facts})


def told(cast, *args, **facts):
    return record_opening_invoice(told=before(cast, *args, **facts), **cast.who).invoice


def paid(cast, invoice, yen):
    return record_payment(
        invoice=invoice, paid_on=cast.today, amount_yen=yen, way="cash", **cast.who
    )


def opening_yen(cast):
    on = cast.today
    lines = journal(cast.other_office, on.replace(day=1), on)
    return sum(
        each.yen if each.credit is Account.OPENING else -each.yen
        for each in lines
        if Account.OPENING in (each.debit, each.credit)
    )


def test_it_stands_among_what_is_open_by_day_and_in_the_books(moved):
    cast, office = moved, moved.other_office
    row = told(cast)
    (open_row,) = open_invoices(office)
    assert (open_row, open_row.open_yen) == (row, 3000)
    assert open_sums(office, cast.today).late_yen == 3000
    (item,) = open_items(office, row.issued_on)
    assert (item.number, item.open_yen, item.person_month_id) == ("旧-7", 3000, None)
    assert open_items(office, row.issued_on - timedelta(days=1)) == []
    first = Month.of(cast.today).first_day
    (line,) = journal(office, first, first)
    assert (line.debit, line.credit, line.yen) == (
        Account.PERSON_RECEIVABLE, Account.OPENING, 3000,
    )  # fmt: skip
    assert "繰越" in line.text
    assert line.reference == "旧-7"
    income = (Account.COPAYMENT_INCOME, Account.BENEFIT_INCOME)
    assert not any(each.credit in income for each in journal(office, first, cast.today))


def test_paid_given_back_receipted_and_taken_back_by_the_same_actions(moved):
    cast, office = moved, moved.other_office
    row = told(cast)
    payment = paid(cast, row, 1000)
    assert open_sums(office, cast.today).open_yen == 2000
    receipt = issue_receipt(payment=payment, **cast.who)
    assert receipt.document.content["invoice_number"] == "旧-7"
    assert receipt.document.content["rest_yen"] == 2000
    paid(cast, row, 2000)
    assert open_sums(office, cast.today).count == 0
    smaller = correct_opening_invoice(
        invoice=row, amount_yen=2500, issued_on=row.opening.issued_on, due_on=row.due_on,
        number="旧-7", reason="前の台帳の写し間違い", **cast.who,
    )  # fmt: skip
    (over,) = due_refunds(office)
    assert (over, over.open_yen) == (smaller.invoice, -500)
    record_refund(
        invoice=smaller.invoice, refunded_on=cast.today, amount_yen=500, way="cash", **cast.who
    )
    assert not due_refunds(office).exists()
    assert opening_yen(cast) == 2500
    cancel_payment(payment=payment, reason="別の方の入金", **cast.who)
    assert open_sums(office, cast.today).open_yen == 1000


def test_the_letter_asks_for_it(moved):
    row = told(moved, months=3)
    letter = issue_reminder(client=moved.foreign.client, office=moved.other_office, **moved.who)
    (line,) = letter.document.content["lines"]
    assert (line["number"], line["open_yen"]) == ("旧-7", row.amount_yen)


def test_what_cannot_be_is_refused_at_its_field(moved):
    cast = moved
    month = Month.of(cast.today)
    wrong = {
        "month": before(cast, 0, issued_on=cast.today, due_on=cast.today),
        "amount_yen": before(cast, yen=0),
        "due_on": before(cast, due_on=(month - 2).first_day),
        "issued_on": before(cast, issued_on=cast.today + timedelta(days=1)),
    }
    for field, row in wrong.items():
        with pytest.raises(ValidationError) as error:
            record_opening_invoice(told=row, **cast.who)
        assert field in error.value.message_dict, field
    with pytest.raises(ValidationError, match="この事業所"):
        record_opening_invoice(told=before(cast, enrolment=cast.enrolment), **cast.who)
    told(cast)
    with pytest.raises(ValidationError, match="もう入っています"):
        told(cast)
    assert Invoice.objects.filter(person_month=None).count() == 1


def test_withdrawn_only_while_nothing_was_paid_and_told_again(moved):
    cast, office = moved, moved.other_office
    row = told(cast)
    payment = paid(cast, row, 100)
    with pytest.raises(ValidationError, match="入金があります"):
        withdraw_opening_invoice(invoice=row, reason="違う人", **cast.who)
    cancel_payment(payment=payment, reason="違う人", **cast.who)
    gone = withdraw_opening_invoice(invoice=row, reason="違う人", **cast.who)
    assert gone.is_withdrawn
    assert opening_yen(cast) == 0
    assert open_sums(office, cast.today).count == 0
    assert not opening_invoices(office, cast.today)
    with pytest.raises(ValidationError):
        paid(cast, row, 100)
    again = told(cast, yen=700)
    assert again.opening.replaces == gone
    paid(cast, again, 700)
    assert not due_refunds(office).exists()
    assert open_sums(office, cast.today).count == 0


def test_a_sheet_is_taken_back_as_a_whole_or_not(moved):
    cast = moved
    record_opening_invoices(told=[before(cast, 2), before(cast, 3)], **cast.who)
    at = cast.who["at"]
    later = {**cast.who, "at": at + timedelta(minutes=1)}
    (batch,) = batches(opening_invoices(cast.other_office, cast.today))
    assert (batch.count, batch.yen, batch.is_paid) == (2, 6000, False)
    payment = paid(cast, Invoice.objects.filter(person_month=None).first(), 10)
    with pytest.raises(ValidationError):
        withdraw_together(recorded_at=at, reason="違うファイル", **later)
    assert not OpeningInvoice.objects.filter(is_withdrawn=True).exists()
    cancel_payment(payment=payment, reason="違うファイル", **later)
    assert len(withdraw_together(recorded_at=at, reason="違うファイル", **later)) == 2
    assert not open_invoices(cast.other_office).exists()


def test_the_first_month_stays_above_what_was_open_before_it(moved):
    told(moved, months=2)
    month = Month.of(moved.today)
    with pytest.raises(ValidationError, match="移行前の請求"):
        set_first_month(office=moved.other_office, first_month=month - 2, **moved.who)
    set_first_month(office=moved.other_office, first_month=month - 1, **moved.who)


def test_nothing_is_told_before_the_first_month_is(cast):
    cast.who = {"by": cast.members["outsider"], "at": at_noon(cast.today)}
    with pytest.raises(ValidationError, match="最初の月"):
        told(cast)


def sheet_of(cast, **changes):
    """A sheet as accounts keep it, in the encoding of old programs."""
    name = cast.foreign.client.names.get()
    month = Month.of(cast.today) - 2
    values = {
        "フリガナ": name.kana, "生年月日": cast.foreign.client.birth_date.isoformat(),
        "利用月": month.label, "未収額": "3,200円", "支払期日": (month + 2).last_day.isoformat(),
    }  # fmt: skip
    values |= changes
    quoted = (f'"{value}"' for value in values.values())
    body = f"未収金一覧\n{','.join(values)}\n{','.join(quoted)}\n"
    return SimpleUploadedFile("未収.csv", body.encode("cp932"))


def send(client, page):
    """The rows of a page as they stand."""
    rows = page.context["rows"]
    data = {"save": "1", **dict(rows.data.items())}
    return client.post(reverse("opening_invoices"), data, follow=True)


def test_a_sheet_is_read_shown_and_stored(moved, client):
    enter(client, moved.members["outsider"])
    url = reverse("opening_invoices")
    page = client.post(url, {"file": sheet_of(moved)})
    assert page.status_code == 200, page.content.decode()
    assert "このまま入る行" in page.content.decode()
    assert not Invoice.objects.filter(person_month=None).exists()
    answer = send(client, page)
    (row,) = Invoice.objects.filter(person_month=None)
    assert row.amount_yen == 3200
    assert "1件" in answer.content.decode()
    detail = client.get(reverse("opening_invoice", args=[row.public_id])).content.decode()
    assert "3,200" in detail
    assert reverse("payment_record", args=[row.public_id]) in detail
    assert (
        reverse("opening_invoice", args=[row.public_id])
        in client.get(reverse("payments")).content.decode()
    )
    again = client.post(url, {"file": sheet_of(moved)}).content.decode()
    assert "もう入っています" in again


def test_slips_stand_at_their_cells_and_are_put_right_on_the_page(moved, client):
    enter(client, moved.members["outsider"])
    url = reverse("opening_invoices")
    slips = {"フリガナ": "だれもいない", "未収額": "たくさん"}
    page = client.post(url, {"file": sheet_of(moved, **slips)})
    form = page.context["rows"].forms[0]
    assert set(form.errors) == {"enrolment", "amount_yen"}
    assert "だれもいない" in str(form.errors["enrolment"])
    assert form.line_text == "3"
    data = dict(page.context["rows"].data)
    assert client.post(url, {**data, "save": "1"}).status_code == 422
    data |= {"rows-0-enrolment": str(moved.foreign.public_id), "rows-0-amount_yen": "500"}
    assert client.post(url, {**data, "save": "1"}).status_code == 302
    assert Invoice.objects.get(person_month=None).amount_yen == 500


def test_a_row_that_is_left_out_comes_in_nowhere(moved, client):
    enter(client, moved.members["outsider"])
    url = reverse("opening_invoices")
    page = client.post(url, {"file": sheet_of(moved, 未収額="？")})
    data = dict(page.context["rows"].data) | {"rows-0-leave_out": "on", "save": "1"}
    assert client.post(url, data).status_code == 422  # nothing is left to store
    assert not Invoice.objects.filter(person_month=None).exists()


def test_nonsense_files_and_undo_by_the_page(moved, client):
    enter(client, moved.members["outsider"])
    url = reverse("opening_invoices")
    for body in (b"", b"\0\1\2", "あ,い\n1,2\n".encode()):
        answer = client.post(url, {"file": SimpleUploadedFile("x.csv", body)})
        assert answer.status_code == 422
    for nonsense in ("x", "9", "", "-1", "99999999999"):
        assert client.post(url, {"save": "1", "rows-TOTAL_FORMS": nonsense}).status_code == 422
        assert client.post(url, {"more": "1", "rows-TOTAL_FORMS": nonsense}).status_code == 200
    record_opening_invoices(told=[before(moved, 2), before(moved, 3)], **moved.who)
    page = client.get(url)
    (batch,) = page.context["batches"]
    undo = reverse("opening_invoices_undo")
    assert client.post(undo, {"at": "gestern"}).status_code == 404
    client.post(undo, {"at": batch.at.isoformat()})
    assert not open_invoices(moved.other_office).exists()


def test_the_sample_file_reads_its_own_headings(moved, client):
    enter(client, moved.members["outsider"])
    book = load_workbook(BytesIO(client.get(reverse("opening_invoices_file")).content))
    assert [sheet.title for sheet in book] == ["移行前の請求", "記入例", "入れ方"]
    body = BytesIO()
    del book["移行前の請求"]
    book.save(body)
    page = client.post(
        reverse("opening_invoices"),
        {"file": SimpleUploadedFile("x.xlsx", body.getvalue())},
    )
    rows = page.context["rows"].forms
    assert len(rows) == 2
    assert all(set(form.errors) <= {"enrolment", "month"} for form in rows)
