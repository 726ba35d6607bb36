"""移行前の請求 from sheets as offices keep them: headings that are not read, dittos, other sheets, rows twice."""

from __future__ import annotations

from datetime import date
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import Workbook

from billing.models import Invoice
from billing.rules.opening_invoice import last_month_named
from clients.models import Client, ClientName, Enrolment
from teikyaku.clock import at_noon
from teikyaku.desk.actions.office_start import set_first_month
from teikyaku.periods import Month
from tests.accounts.test_coming_and_going import enter

HEADS = ["氏名", "フリガナ", "生年月日", "提供月", "未収額", "支払期日", "請求No", "備考欄"]


@pytest.fixture
def desk(cast, client):
    """The manager of the office that moves in, at the page."""
    who = {"by": cast.members["outsider"], "at": at_noon(cast.today)}
    set_first_month(office=cast.other_office, first_month=Month.of(cast.today), **who)
    enter(client, cast.members["outsider"])
    return cast


def line(cast, months, **changes):
    """The office's one person, of a month before."""
    name, month = cast.foreign.client.names.get(), Month.of(cast.today) - months
    told = {
        "氏名": name.name, "フリガナ": name.kana,
        "生年月日": cast.foreign.client.birth_date.isoformat(), "提供月": month.label,
        "未収額": "3,200円", "支払期日": (month + 2).last_day.isoformat(), "請求No": f"A-{months}",
        "備考欄": "済",
    }  # fmt: skip
    return [(told | changes).get(head, "") for head in HEADS]


def book_of(**sheets):
    book = Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        page = book.create_sheet(name)
        page.append(["未収金の一覧"])
        for row in [HEADS, *rows]:
            page.append(row)
    body = BytesIO()
    book.save(body)
    return SimpleUploadedFile("未収.xlsx", body.getvalue())


def read(client, file, **data):
    return client.post(reverse("opening_invoices"), {"file": file, **data})


def stored(client, page, **changes):
    data = {**dict(page.context["rows"].data), **changes, "save": "1"}
    return client.post(reverse("opening_invoices"), data, follow=True)


def test_columns_and_sheets_that_are_not_read_are_told_before_anything_is_stored(desk, client):
    page = read(client, book_of(未収=[line(desk, 2)], 去年=[line(desk, 9)]))
    text = page.content.decode()
    assert "次の列は読んでいません：備考欄" in text
    assert "ほかのシート（去年）" in text
    assert page.context["rows"].forms[0]["number"].value() == "A-2"
    other = read(client, book_of(未収=[line(desk, 2)], 去年=[line(desk, 9)]), sheet="去年")
    assert other.context["rows"].forms[0]["number"].value() == "A-9"
    none = read(client, book_of(未収=[line(desk, 2)]), sheet="おととし")
    assert none.status_code == 422
    assert "あるシート：未収" in none.content.decode()
    assert "<title>エラー：" in none.content.decode()


def test_dittos_sums_and_one_day_for_all(desk, client):
    blank = dict.fromkeys(HEADS, "〃") | {"支払期日": "", "請求No": "", "提供月": line(desk, 3)[3]}
    total = ["計", *[""] * 3, "6,400円", "", "", ""]
    rows = [line(desk, 2, 支払期日=""), [blank[head] for head in HEADS], total]
    page = read(client, book_of(未収=rows))
    assert [set(form.errors) for form in page.context["rows"].forms] == [{"due_on"}] * 2
    page = read(client, book_of(未収=rows), due_on=Month.of(desk.today).last_day.isoformat())
    assert page.context["rows"].slips == 0, [form.errors for form in page.context["rows"].forms]
    stored(client, page)
    assert {row.due_on for row in Invoice.objects.filter(person_month=None)} == {
        Month.of(desk.today).last_day
    }


def test_a_row_that_is_left_out_never_stands_among_those_that_come_in(desk, client):
    page = read(client, book_of(未収=[line(desk, 2), line(desk, 3), line(desk, 4, 未収額="？")]))
    answer = stored(client, page, **{"rows-1-leave_out": "on"})
    rows = answer.context["rows"]
    assert answer.status_code == 422
    assert [form.line_text for form in rows.fine()] == ["3"]
    assert [form.line_text for form in rows.skipped()] == ["4"]
    assert "入れない行　1件" in answer.content.decode()


def test_exact_repeats_are_told_as_such(desk, client):
    page = read(client, book_of(未収=[line(desk, 2), line(desk, 2), line(desk, 3)]))
    told = str(page.context["rows"].forms[1].errors)
    assert "同じ額の行が、上にもあります" in told
    assert "3行目" in told
    stored(client, page, **{"rows-1-leave_out": "on"})
    assert Invoice.objects.filter(person_month=None).count() == 2
    again = read(client, book_of(未収=[line(desk, 2), line(desk, 4)]))
    rows = again.context["rows"]
    assert (
        [form.line_text for form in rows.fine()],
        [form.line_text for form in rows.skipped()],
    ) == (["4"], ["3"])
    assert "もう入っています。入れません" in again.content.decode()


def test_a_day_without_its_year_and_a_typed_row_say_what_there_is(desk, client):
    month = Month.of(desk.today) - 2
    data = {
        "rows-TOTAL_FORMS": "1", "rows-INITIAL_FORMS": "0", "rows-0-amount_yen": "？",
        "rows-0-enrolment": str(desk.foreign.public_id), "rows-0-month": month.label,
        "rows-0-due_on": f"{month.first_day.month}/28", "save": "1",
    }  # fmt: skip
    answer = client.post(reverse("opening_invoices"), data)
    assert set(answer.context["rows"].forms[0].errors) == {"amount_yen"}
    assert "この行は入れない" not in answer.content.decode()
    assert "移行前の請求" in client.get(reverse("payments")).content.decode()


def test_the_staff_list_tells_columns_that_it_does_not_read(desk, client):
    body = "氏名,メール,役割,内線\n山本 花,hana@example.jp,支援員,12\n".encode()
    page = client.post(reverse("staff_list"), {"file": SimpleUploadedFile("職員.csv", body)})
    assert "次の列は読んでいません：内線" in page.content.decode()


def sheet(heads, *rows):
    book = Workbook()
    for row in (heads, *rows):
        book.active.append(row)
    body = BytesIO()
    book.save(body)
    return SimpleUploadedFile("未収一覧.xlsx", body.getvalue())


def test_what_is_left_counts_and_what_was_asked_for_where_nothing_else_stands(desk, client):
    month, due = line(desk, 2)[3], line(desk, 2)[5]
    name = desk.foreign.client.names.get().name
    heads = ["氏名", "提供月", "請求額", "残額", "支払期限"]
    page = read(client, sheet(heads, [name, month, "9,300円", "4,300円", due]))
    assert page.context["rows"].forms[0]["amount_yen"].value() == "4,300円"
    assert "次の列は読んでいません：請求額" in page.content.decode()
    heads.remove("残額")
    page = read(client, sheet(heads, [name, month, "9,300円", due]))
    assert page.context["rows"].forms[0]["amount_yen"].value() == "9,300円"
    page = read(client, sheet(["氏名", "提供月"], [name, month]))
    assert "次の列がありません：残っている金額" in page.content.decode()


def test_a_name_alone_is_proposed_and_told(desk, client):
    month, due = line(desk, 2)[3], line(desk, 2)[5]
    heads = ["氏名", "提供月", "残額", "支払期限"]
    name = desk.foreign.client.names.get().name
    page = read(client, sheet(heads, [name, month, "4,300円", due]))
    (form,) = page.context["rows"].forms
    assert form["enrolment"].value() == str(desk.foreign.public_id)
    assert "氏名だけで選びました" in page.content.decode()
    stored(client, page)
    assert Invoice.objects.get(enrolment=desk.foreign).amount_yen == 4300
    nobody = read(client, sheet(heads, ["だれ か", month, "4,300円", due]))
    assert nobody.context["rows"].forms[0]["enrolment"].value() == ""


def test_the_day_to_pay_by_is_read_under_its_polite_heading(desk, client):
    month, due = line(desk, 2)[3], line(desk, 2)[5]
    name = desk.foreign.client.names.get().name
    page = read(
        client, sheet(["氏名", "提供月", "残額", "お支払期限"], [name, month, "4,300円", due])
    )
    assert page.context["rows"].forms[0]["due_on"].value() == due
    assert "次の列は読んでいません" not in page.content.decode()


def test_a_month_without_its_year_is_the_last_one_before_the_day_of_the_paper(desk, client):
    due = line(desk, 2)[5]
    name, told = desk.foreign.client.names.get().name, Month.of(desk.today) - 2
    heads = ["氏名", "提供月", "残額", "お支払期限", "発行日"]
    issued = f"{told.last_day:%Y/%m/%d}"
    page = read(client, sheet(heads, [name, f"{told.month}月分", "4,300円", due, issued]))
    assert page.context["rows"].forms[0]["month"].value() == str(told)
    bare = read(client, sheet(heads[:3], [name, f"{told.month}月分", "4,300円"]))
    assert bare.context["rows"].forms[0].errors.get("month"), "nothing tells the year"


@pytest.mark.parametrize(
    ("text", "day", "month"),
    [
        ("8月分", date(2026, 9, 13), Month(2026, 8)), ("８月", date(2026, 8, 1), Month(2026, 8)),
        ("12月分", date(2026, 1, 10), Month(2025, 12)), ("13月分", date(2026, 1, 10), None),
        ("令和8年8月分", date(2026, 9, 13), None),
    ],
)  # fmt: skip
def test_the_last_month_of_a_name(text, day, month):
    assert last_month_named(text, day) == month


def test_one_number_on_two_peoples_papers_is_told(desk, client):
    """One of them may be a slip; it comes in all the same."""
    month, due = line(desk, 2)[3], line(desk, 2)[5]
    who = {"recorded_by": desk.members["outsider"], "recorded_at": at_noon(desk.today)}
    other = Client.objects.create(birth_date=date(1990, 1, 1), **who)
    begun = {"starts_on": desk.foreign.starts_on, **who}
    ClientName.objects.create(client=other, name="もう 一人", kana="もう ひとり", **begun)
    Enrolment.objects.create(client=other, office=desk.other_office, **begun)
    names = [desk.foreign.client.names.get().name, "もう 一人"]
    heads = ["氏名", "提供月", "残額", "お支払期限", "請求書番号"]
    rows = [[name, month, "4,300円", due, "R8-0913"] for name in names]
    page = read(client, sheet(heads, *rows))
    first, second = page.context["rows"].forms
    assert (first.number_of, second.number_of) == ("", first.line_text)
    assert "別の方と同じです" in page.content.decode()


def test_what_was_paid_is_never_owed_again(desk, client):
    """「請求額・入金・残」: the rest counts; without it the bill less what was paid; what is settled stays out."""
    month, due = line(desk, 2)[3], line(desk, 2)[5]
    before = line(desk, 3)[3]
    name = desk.foreign.client.names.get().name
    heads = ["利用者名", "提供月", "請求額", "入金", "残", "支払期限"]
    rows = [[name, month, 3485, 2000, 1485, due], [name, before, 1200, 1200, 0, due]]
    page = read(client, sheet(heads, *rows))
    assert [form["amount_yen"].value() for form in page.context["rows"].forms] == ["1485", "0"]
    heads.remove("残")
    page = read(client, sheet(heads, *[[*row[:4], row[5]] for row in rows]))
    part, whole = page.context["rows"].forms
    assert (part["amount_yen"].value(), whole["amount_yen"].value()) == ("1485", "0")
    assert page.context["rows"].skipped() == [whole]
    assert "残りが0円です" in page.content.decode()
    stored(client, page)
    assert Invoice.objects.get(enrolment=desk.foreign).amount_yen == 1485


def test_a_payment_under_a_heading_that_nobody_knows_stops_the_file(desk, client):
    month, due = line(desk, 2)[3], line(desk, 2)[5]
    name = desk.foreign.client.names.get().name
    heads = ["利用者名", "提供月", "請求額", "うち入金分", "支払方法", "支払期限"]
    page = read(client, sheet(heads, [name, month, 3485, 2000, "現金", due]))
    assert page.status_code == 422
    assert "「うち入金分」の列があります" in page.content.decode()
    heads[3] = "入金日"
    page = read(client, sheet(heads, [name, month, 3485, "", "現金", due]))
    assert page.context["rows"].forms[0]["amount_yen"].value() == "3485"
