"""入金: recorded once, never too much, taken back by a further row; what is open follows."""

from datetime import timedelta
from io import BytesIO

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from openpyxl import load_workbook

from billing.actions.invoice import issue_invoices
from billing.actions.month import close_month
from billing.actions.payment import cancel_payment, record_payment, record_payments
from billing.actions.receipt import issue_receipt
from billing.models import Invoice, Payment, PersonMonth, Receipt
from billing.queries.payments import invoice_rows, invoices_shown, open_invoices, open_sums
from teikyaku.accounts.models import AuditEvent, IssuedDocument
from teikyaku.clock import at_noon
from teikyaku.frozen import FrozenRowError
from teikyaku.periods import Month
from tests.accounts.test_coming_and_going import enter
from tests.cast import ready_person


def pay(cast, amount=None, **facts):
    who = {"by": cast.members["billing"], "at": at_noon(cast.today)}
    facts = {"paid_on": cast.today, "way": "transfer", **who, **facts}
    invoice = facts.pop("invoice", cast.invoice)
    return record_payment(invoice=invoice, amount_yen=amount or invoice.amount_yen, **facts)


def take_back(cast, payment, reason="二重に記録した"):
    who = {"by": cast.members["billing"], "at": at_noon(cast.today)}
    return cancel_payment(payment=payment, reason=reason, **who)


@pytest.fixture
def several(cast):
    """Two more people, whose last month is closed: two invoices beside the cast's own."""
    worker, manager = cast.members["worker"], cast.members["manager"]
    ready_person(
        cast, cast.office, worker, manager, "4000000000", name="髙橋 一", kana="たかはし はじめ"
    )
    who = {"by": cast.members["billing"], "at": at_noon(cast.today)}
    closing = close_month(office=cast.office, month=Month.of(cast.today) - 1, **who)
    issue_invoices(closing=closing, **who)
    rows = list(open_invoices(cast.office))
    assert len(rows) == 3
    return rows


def test_a_payment_settles_its_invoice(cast):
    assert open_sums(cast.office, cast.today).open_yen == cast.invoice.amount_yen
    pay(cast, 1000)
    sums = open_sums(cast.office, cast.today)
    assert (sums.count, sums.open_yen) == (1, cast.invoice.amount_yen - 1000)
    pay(cast, cast.invoice.amount_yen - 1000)
    assert open_sums(cast.office, cast.today).count == 0
    with pytest.raises(ValidationError, match="残りはありません"):
        pay(cast, 1)


def test_refusals(cast):
    with pytest.raises(ValidationError) as error:
        pay(cast, cast.invoice.amount_yen + 1)
    assert "amount_yen" in error.value.message_dict
    for day in (cast.today + timedelta(days=1), cast.today - timedelta(days=1)):
        with pytest.raises(ValidationError) as error:
            pay(cast, paid_on=day)
        assert "paid_on" in error.value.message_dict
    with pytest.raises(ValidationError, match="この事業所の請求書ではありません"):
        pay(cast, by=cast.members["outsider"])
    with pytest.raises(ValidationError, match="たったいま別の入金"):
        pay(cast, 100, seen_open_yen=cast.invoice.amount_yen - 5)
    assert not Payment.objects.exists()


def test_the_database_takes_no_empty_payment(cast):
    with pytest.raises(ValidationError):
        pay(cast, -5)
    row = pay(cast)
    with pytest.raises(FrozenRowError):
        row.save()
    with pytest.raises(FrozenRowError):
        Payment.objects.filter(pk=row.pk).update(amount_yen=1)


def test_taken_back_once_with_a_reason_and_open_again(cast):
    row = pay(cast)
    with pytest.raises(ValidationError):
        take_back(cast, row, " ")
    again = take_back(cast, row)
    assert (again.cancels, again.note) == (row, "二重に記録した")
    assert open_sums(cast.office, cast.today).open_yen == cast.invoice.amount_yen
    for wrong in (row, again):
        with pytest.raises(ValidationError):
            take_back(cast, wrong)
    pay(cast)
    assert open_sums(cast.office, cast.today).count == 0
    verbs = list(
        AuditEvent.objects.filter(verb__startswith="payment").values_list("verb", flat=True)
    )
    assert sorted(verbs) == ["payment_cancelled", "payment_recorded", "payment_recorded"]


def test_nothing_to_pay_is_never_open(cast):
    document = cast.invoice.document
    paper = IssuedDocument.objects.create(
        kind="invoice", number="0-yen", template="invoice", content=document.content,
        digest=document.digest, issued_at=document.issued_at, issued_by=document.issued_by,
    )  # fmt: skip
    nothing = Invoice.objects.create(
        person_month=cast.person_month, document=paper, enrolment=cast.invoice.enrolment,
        month=cast.invoice.month, amount_yen=0, due_on=cast.invoice.due_on,
    )  # fmt: skip
    assert nothing not in invoices_shown(cast.office, cast.today, "all")
    with pytest.raises(ValidationError, match="残りはありません"):
        pay(cast, 1, invoice=nothing)


def test_payments_follow_when_an_invoice_is_replaced(cast):
    pay(cast, 1000)
    document = cast.invoice.document
    paper = IssuedDocument.objects.create(
        kind="invoice", number="訂正", template="invoice", content=document.content,
        digest=document.digest, issued_at=document.issued_at, issued_by=document.issued_by,
        replaces=document,
    )  # fmt: skip
    living = Invoice.objects.create(
        person_month=cast.person_month, document=paper, enrolment=cast.invoice.enrolment,
        month=cast.invoice.month, amount_yen=cast.invoice.amount_yen, due_on=cast.invoice.due_on,
    )  # fmt: skip
    (row,) = open_invoices(cast.office)
    assert (row, row.open_yen) == (living, cast.invoice.amount_yen - 1000)
    with pytest.raises(ValidationError, match="訂正されています"):
        pay(cast, 100)
    pay(cast, row.open_yen, invoice=living)
    assert open_sums(cast.office, cast.today).count == 0


def test_several_at_once_are_all_or_none(cast, several):
    who = {"by": cast.members["billing"], "at": at_noon(cast.today)}
    total = sum(row.open_yen for row in several)
    facts = {"paid_on": cast.today, "way": "debit", **who}
    with pytest.raises(ValidationError, match="たったいま"):
        record_payments(invoices=several, seen_total_yen=total - 1, **facts)
    pay(cast)
    with pytest.raises(ValidationError, match="残りのない請求"):
        record_payments(invoices=several, **facts)
    assert Payment.objects.count() == 1
    rest = list(open_invoices(cast.office))
    assert len(record_payments(invoices=rest, **facts)) == 2
    assert open_sums(cast.office, cast.today).count == 0


def test_rows_tell_age_and_what_is_late(cast):
    later = cast.invoice.due_on + timedelta(days=3)
    (row,) = invoice_rows(open_invoices(cast.office), later)
    assert (row.age_days, row.is_late) == ((later - cast.today).days, True)
    assert row.month == Month.of(cast.today) - 2
    assert row.name == "試験 太郎"
    assert not invoice_rows(open_invoices(cast.office), cast.invoice.due_on)[0].is_late
    sums = open_sums(cast.office, later)
    assert (sums.late_count, sums.late_yen) == (1, cast.invoice.amount_yen)
    assert open_sums(cast.office, cast.invoice.due_on).late_count == 0


def test_the_list_is_searched_and_filtered(client, cast, several):
    enter(client, cast.members["billing"])
    url, month = reverse("payments"), Month.of(cast.today) - 1

    def count(query):
        return client.get(f"{url}{query}").context["page"].paginator.count

    assert count("") == 3
    assert count("?q=高橋") == 1
    assert count("?q=だれもいない") == 0
    assert count(f"?month={month}") == 2
    assert count("?show=paid") == 0
    pay(cast)
    assert (count(""), count("?show=paid"), count("?show=all")) == (2, 1, 3)
    assert count("?show=nonsense&month=nonsense") == 2


def test_one_payment_takes_two_clicks(client, cast):
    enter(client, cast.members["billing"])
    page = client.get(reverse("payments")).content.decode()
    url = reverse("payment_record", args=[cast.invoice.public_id])
    assert url in page
    form = client.get(url).context["form"]
    data = {name: form.get_initial_for_field(field, name) for name, field in form.fields.items()}
    assert data["amount_yen"] == cast.invoice.amount_yen
    answer = client.post(url, {name: value or "" for name, value in data.items()})
    assert answer["Location"] == reverse("payments")
    assert Payment.objects.standing().get().amount_yen == cast.invoice.amount_yen
    again = client.post(url, {name: value or "" for name, value in data.items()})
    assert again.status_code == 422
    assert "入金済み" in again.content.decode()


def test_ticked_invoices_are_confirmed_with_their_sum(client, cast, several):
    enter(client, cast.members["billing"])
    url = reverse("payments_together")
    ticked = {"invoice": [str(row.public_id) for row in several[:2]] + ["nonsense"]}
    page = client.post(url, ticked)
    total = sum(row.open_yen for row in several[:2])
    assert f"{total:,}円" in page.content.decode()
    assert not Payment.objects.exists()
    done = {**ticked, "paid_on": cast.today.isoformat(), "way": "debit"}
    wrong = client.post(url, {**done, "seen_total_yen": "1"})
    assert wrong.status_code == 422
    assert client.post(url, {**done, "seen_total_yen": str(total)}).status_code == 302
    assert Payment.objects.count() == 2
    nothing = client.post(url, {"invoice": []}, follow=True)
    assert "選んでください" in nothing.content.decode()


def test_undo_and_receipt_on_the_persons_page(client, cast):
    row = pay(cast, 1000)
    enter(client, cast.members["billing"])
    page = reverse("person_month_page", args=[cast.person_month.public_id])
    shown = client.get(page).content.decode()
    assert "1,000円" in shown
    assert f"残り {cast.invoice.amount_yen - 1000:,}円" in shown
    stayed = client.post(reverse("receipt_issue", args=[row.public_id]), follow=True)
    receipt = Receipt.objects.get(payment=row)
    assert stayed.redirect_chain == [(page, 302)]
    paper = reverse("receipt_pdf", args=[receipt.public_id])
    assert f'領収書を出しました。　<a href="{paper}">開く（PDF）</a>' in stayed.content.decode()
    assert client.get(paper)["Content-Type"] == "application/pdf"
    assert receipt.document.content["rest_yen"] == cast.invoice.amount_yen - 1000
    assert issue_receipt(payment=row, by=cast.members["billing"], at=at_noon(cast.today)) == receipt
    cancel = reverse("payment_cancel", args=[row.public_id])
    assert "返してもらって" in client.get(cancel).content.decode()
    assert client.post(cancel, {"reason": ""}).status_code == 422
    assert client.post(cancel, {"reason": "別の人の分"}).status_code == 302
    assert "別の人の分" in client.get(page).content.decode()
    assert client.get(cancel, follow=True).redirect_chain


def test_no_receipt_for_what_was_taken_back(cast):
    row = pay(cast)
    take_back(cast, row)
    with pytest.raises(ValidationError, match="取り消した入金"):
        issue_receipt(payment=row, by=cast.members["billing"], at=at_noon(cast.today))
    assert not Receipt.objects.exists()


def test_the_workbook_holds_every_payment_and_is_on_record(client, cast):
    take_back(cast, pay(cast))
    enter(client, cast.members["manager"])
    answer = client.get(reverse("payments_xlsx") + "?show=all")
    book = load_workbook(BytesIO(answer.content))
    invoices, payments, _refunds = (list(book[name].values) for name in book.sheetnames)
    assert len(invoices) == 2
    assert [row[4] for row in payments[1:]] == [cast.invoice.amount_yen, -cast.invoice.amount_yen]
    assert AuditEvent.objects.filter(verb="payments_exported").count() == 1


def test_another_offices_money_is_not_there(client, cast):
    row = pay(cast)
    enter(client, cast.members["outsider"])
    assert client.get(reverse("payments") + "?show=all").context["page"].paginator.count == 0
    for name, key in (
        ("payment_record", cast.invoice.public_id),
        ("payment_cancel", row.public_id),
    ):
        assert client.post(reverse(name, args=[key]), {"reason": "x"}).status_code == 404
    client.post(reverse("payments_together"), {"invoice": [str(cast.invoice.public_id)]})
    assert Payment.objects.count() == 1
    assert PersonMonth.objects.filter(pk=cast.person_month.pk).exists()


def test_nothing_is_offered_for_several_where_none_can_be_ticked(client, cast):
    enter(client, cast.members["billing"])
    button = "選んだ請求をまとめて入金にする"
    assert button in client.get(reverse("payments")).content.decode()
    pay(cast, cast.invoice.amount_yen)
    page = client.get(reverse("payments"), {"show": "paid"}).content.decode()
    assert cast.invoice.document.content["person"]["name"] in page
    assert button not in page
