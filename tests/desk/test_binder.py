"""運営指導の綴り as pages and as a PDF: who opens it, what it asks, what stands on which page."""

from __future__ import annotations

import re
from datetime import date, timedelta
from uuid import uuid4

import pypdfium2
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from billing.actions.invoice import issue_invoice
from billing.actions.month import close_month
from billing.actions.payment import record_payment
from billing.actions.receipt import issue_receipt
from billing.documents_binder import Binder, binder_document
from billing.models import Invoice
from billing.queries.binder import binder_files
from billing.rules.binder import BinderPart
from clients.models import Enrolment, Residence
from plans.models import Contract, Interview, ReportShare, SupportPlan
from teikyaku.accounts.models import AuditEvent
from teikyaku.clock import at_noon
from teikyaku.desk.views import binder as views
from teikyaku.periods import Month, day_before
from tests.cast import Cast, ready_person

BACKEND = "teikyaku.accounts.backends.EmailBackend"


def enter(client, cast: Cast, key: str = "head"):
    client.force_login(cast.user(key), backend=BACKEND)


def url_of(cast: Cast, name: str = "binder") -> str:
    return reverse(name, args=[cast.enrolment.client.public_id])


def pages_of(body: bytes) -> list[str]:
    """The text of each page, without spaces."""
    made = pypdfium2.PdfDocument(body)
    return [re.sub(r"\s+", "", page.get_textpage().get_text_range()) for page in made]


def binder_of(cast: Cast, **changes) -> Binder:
    last = Month.of(cast.today)
    facts = {
        "office": cast.office, "subject": "試験 太郎 様", "first": last - 11, "last": last,
        "parts": tuple(BinderPart), "on": cast.today, "by": cast.members["head"],
        "files": binder_files([cast.enrolment], cast.office, last - 11, last, cast.today),
        **changes,
    }  # fmt: skip
    return Binder(**facts)


def test_the_page_lists_what_does_not_fit_with_the_way_to_mend_it(client, cast):
    enter(client, cast, "manager")
    page = client.get(url_of(cast)).content.decode()
    share = ReportShare.objects.filter(report__enrolment=cast.enrolment).first()
    assert "くいちがいは見つかりませんでした" in page
    assert "まだ記録のないもの" in page
    assert "レポートの受領　3件" in page
    assert reverse("share_receipt", args=[share.public_id]) in page
    assert "試験 太郎" in page


def test_who_may_not_record_reads_without_a_link(client, cast):
    enter(client, cast, "head")
    share = ReportShare.objects.filter(report__enrolment=cast.enrolment).first()
    page = client.get(url_of(cast)).content.decode()
    assert reverse("share_receipt", args=[share.public_id]) not in page
    assert f"{Month.of(share.report.month).label} 本人" in page


def test_what_cannot_be_mended_any_more_leads_to_the_person(client, cast):
    enter(client, cast)
    Contract.objects.filter(enrolment=cast.enrolment).update(contracted_amount="週に1回")
    assert "この人のページを開く" not in client.get(url_of(cast)).content.decode()
    Enrolment.objects.filter(pk=cast.enrolment.pk).update(
        ends_on=day_before(cast.today), end_reason="moved"
    )
    assert "この人のページを開く" in client.get(url_of(cast)).content.decode()


def test_one_kind_alone(client, cast):
    enter(client, cast, "manager")
    Interview.objects.filter(pk=cast.interview.pk).update(
        withdrawn_at=at_noon(cast.today), withdrawn_by=cast.members["worker"],
        withdrawal_reason="まちがい",
    )  # fmt: skip
    page = client.get(url_of(cast), {"kind": "report_meeting"}).content.decode()
    assert "面談が、いまの記録と合いません" in page
    assert "まだ記録のないもの" not in page
    assert (
        "いまの記録と合いません" in client.get(url_of(cast), {"kind": "nonsense"}).content.decode()
    )


@pytest.mark.parametrize(
    ("asked", "words", "kept"),
    [
        ({"first": "2026-05", "last": "2026-04", "part": "plans"}, "最初の月と同じか後", "2026-05"),
        ({"first": "2023-04", "last": "2026-05", "part": "plans"}, "37か月まで", "2023-04"),
        ({"first": "2026-04", "last": "いつか", "part": "plans"}, "読めませんでした", "いつか"),
        ({"first": "2026-04", "last": "", "part": "plans"}, "error-summary", "2026-04"),
        ({"first": "2026-04", "last": "2026-05"}, "1つ以上選んで", "2026-05"),
    ],
)
@pytest.mark.parametrize("name", ["binder", "binder_pdf"])
def test_a_span_that_cannot_be_is_told_at_its_field(client, cast, name, asked, words, kept):
    enter(client, cast)
    answer = client.get(url_of(cast, name), asked)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert f'value="{kept}"' in answer.content.decode()
    assert not AuditEvent.objects.filter(verb="binder_exported").exists()


def test_thirty_seven_months_are_allowed(client, cast):
    enter(client, cast)
    asked = {"first": "2023-05", "last": "2026-05", "part": "plans"}
    assert client.get(url_of(cast), asked).status_code == 200


def test_a_span_without_records_is_empty_and_makes_no_file(client, cast):
    enter(client, cast)
    asked = {"first": "2010-01", "last": "2010-12", "part": "plans"}
    page = client.get(url_of(cast), asked).content.decode()
    assert "この期間に綴る記録はありません" in page
    assert "PDFをつくる" not in page
    answer = client.get(url_of(cast, "binder_pdf"), asked, follow=True)
    assert "この期間に、綴る記録がありません" in answer.content.decode()


def test_the_pdf_is_on_the_record_for_office_and_person(client, cast):
    enter(client, cast)
    answer = client.get(url_of(cast, "binder_pdf"))
    assert answer["Content-Type"] == "application/pdf"
    lines = AuditEvent.objects.filter(verb="binder_exported")
    person = cast.enrolment.client.public_id
    assert {(line.subject_type, line.person_id) for line in lines} == {
        ("office", None), ("enrolment", person),
    }  # fmt: skip
    assert {line.membership for line in lines} == {cast.members["head"]}


def test_the_contents_tell_the_pages_on_which_the_papers_stand(client, cast):
    enter(client, cast)
    pages = pages_of(client.get(url_of(cast, "binder_pdf")).content)
    binder = binder_document(binder_of(cast))
    labels = ["くいちがいの一覧", *(leaf["label"] for leaf in binder["papers"])]
    contents = pages[1]
    place = 0
    at = []
    for label in labels:
        plain = re.sub(r"\s+", "", label)
        found = re.compile(rf"{re.escape(plain)}(\d+)").search(contents, place)
        assert found, label
        place = found.end() - len(found[1])
        # The number is followed by the next label, which may begin with no digit.
        at.append((plain, int(found[1])))
    assert [n for _label, n in at] == sorted(n for _label, n in at)
    for label, number in at:
        assert pages[number - 1].startswith(label), f"{label} does not stand on page {number}"
    assert f"{len(pages)}ページ" in pages[0]


def test_the_cover_says_who_made_it_of_whom_and_what_is_left_out(cast):
    parts = (BinderPart.CONTACTS,)
    binder = binder_document(binder_of(cast, parts=parts))
    cover = {row["label"]: row["value"] for row in binder["cover"]}
    assert cover["作成者"] == "職員 head（管理者）"
    assert cover["入れたもの"] == "面談・連絡の記録"
    assert "請求" in cover["入れていないもの"]
    assert [leaf["kind"] for leaf in binder["papers"]] == ["contacts"]


def test_papers_come_in_order_plans_consents_contacts_reports_bills(cast):
    kinds = [leaf["kind"] for leaf in binder_document(binder_of(cast))["papers"]]
    assert kinds == [
        "sheet", "support_plan", "sheet", "contacts", "sheet", *["support_report"] * 3, "sheet",
        "invoice",
    ]  # fmt: skip


def test_contacts_that_do_not_hold_are_marked(cast):
    Interview.objects.filter(pk=cast.interview.pk).update(
        withdrawn_at=at_noon(cast.today), withdrawn_by=cast.members["worker"],
        withdrawal_reason="まちがい",
    )  # fmt: skip
    papers = binder_document(binder_of(cast, parts=(BinderPart.CONTACTS,)))["papers"]
    marks = [row["mark"] for row in papers[0]["data"]["contacts"]]
    assert [bool(mark) for mark in marks] == [False, False, True]
    assert "まちがい" in marks[-1]


def test_a_protected_address_is_not_bound(cast):
    home = Residence.objects.create(
        client=cast.enrolment.client, municipality=cast.wards[2], address="かくし町1番",
        starts_on=cast.enrolment.starts_on, recorded_by=cast.members["worker"],
        recorded_at=at_noon(cast.today),
    )  # fmt: skip
    billing, at = cast.members["billing"], at_noon(cast.today)
    closing = close_month(office=cast.office, month=Month.of(cast.today) - 1, by=billing, at=at)
    issue_invoice(person_month=closing.person_months.get(), by=billing, at=at)

    def address():
        papers = binder_document(binder_of(cast, parts=(BinderPart.BILLS,)))["papers"]
        return papers[-1]["data"]["addressee"]["address"]

    assert "かくし町" in address()[0]
    Residence.objects.filter(pk=home.pk).update(is_protected=True)
    assert address() == []


def test_the_month_is_cut_into_files_by_kana(client, cast, monkeypatch):
    monkeypatch.setattr(views, "PER_FILE", 1)
    ready_person(
        cast, cast.office, cast.members["worker"], cast.members["manager"], "1234567892",
        name="会田 一", kana="あいだ はじめ", birth_date=date(1991, 1, 1),
    )  # fmt: skip
    enter(client, cast)
    month = Month.of(cast.today) - 1
    url = reverse("month_binder", args=[month])
    first, second = (client.get(url, {"file": n}).content.decode() for n in ("1", "2"))
    assert "かな順の1〜1人目（全2人）" in first
    # One month is named once at the head of what is printed.
    assert f"{month.label}〜" not in first
    assert "かな順の2〜2人目（全2人）" in second
    assert ("会田 一" in first, "試験 太郎" in first) == (True, False)
    assert ("会田 一" in second, "試験 太郎" in second) == (False, True)
    body = client.get(reverse("month_binder_pdf", args=[month]), {"file": "2"}).content
    assert "試験太郎" in "".join(pages_of(body))
    assert "会田一" not in "".join(pages_of(body))


def test_the_contents_of_a_month_stand_under_their_people(client, cast):
    ready_person(
        cast, cast.office, cast.members["worker"], cast.members["manager"], "1234567892",
        name="会田 一", kana="あいだ はじめ", birth_date=date(1991, 1, 1),
    )  # fmt: skip
    enter(client, cast)
    answer = client.get(reverse("month_binder_pdf", args=[Month.of(cast.today) - 1]))
    contents = pages_of(answer.content)[1]
    assert contents.index("会田一") < contents.index("試験太郎")


def test_characters_that_cannot_be_printed_are_named(client, cast):
    Interview.objects.filter(pk=cast.interview.pk).update(notes="\U000f0000")
    enter(client, cast)
    answer = client.get(url_of(cast, "binder_pdf"), follow=True)
    assert "印刷できない文字" in answer.content.decode()
    assert not AuditEvent.objects.filter(verb="binder_exported").exists()


def test_a_month_without_people_is_empty(client, cast):
    enter(client, cast)
    page = client.get(reverse("month_binder", args=["2010-01"])).content.decode()
    assert "この月に綴る記録はありません" in page


def test_another_office_sees_nobody_of_the_month(client, cast):
    enter(client, cast, "outsider")
    page = client.get(reverse("month_binder", args=[Month.of(cast.today) - 1])).content.decode()
    assert "試験 太郎" not in page
    assert "よその 人" in page
    assert client.get(url_of(cast)).status_code == 404
    assert client.get(url_of(cast, "binder_pdf")).status_code == 404


@pytest.mark.parametrize(("key", "sees"), [("head", True), ("worker", False), ("billing", False)])
def test_the_link_stands_where_it_can_be_followed(client, cast, key, sees):
    enter(client, cast, key)
    person = client.get(reverse("client_page", args=[cast.enrolment.client.public_id]))
    assert (url_of(cast) in person.content.decode()) == sees


def test_who_reads_the_month_without_interviews_gets_no_link(client, cast):
    month = Month.of(cast.today) - 1
    link = reverse("month_binder", args=[month])
    for key, sees in (("head", True), ("billing", False)):
        enter(client, cast, key)
        page = client.get(reverse("month_page", args=[month])).content.decode()
        assert (link in page) == sees


def test_a_former_clients_papers_are_still_bound(client, cast):
    row = cast.enrolment
    row.ends_on, row.end_reason = cast.today - timedelta(days=1), "moved"
    row.save()
    enter(client, cast)
    assert client.get(url_of(cast, "binder_pdf"))["Content-Type"] == "application/pdf"
    assert "くいちがい" in client.get(url_of(cast)).content.decode()


def test_the_file_costs_no_more_queries_with_more_papers(cast):
    def cost():
        binder = binder_of(cast)
        with CaptureQueriesContext(connection) as asked:
            papers = binder_document(binder)["papers"]
        return len(asked), len(papers)

    few, some = cost()
    plan = SupportPlan.objects.get(enrolment=cast.enrolment)
    for n in (1, 2, 3):
        plan.pk, plan.public_id, plan._state.adding = None, uuid4(), True
        plan.starts_on += timedelta(days=n)
        plan.save()
    billing, at = cast.members["billing"], at_noon(cast.today)
    closing = close_month(office=cast.office, month=Month.of(cast.today) - 1, by=billing, at=at)
    issue_invoice(person_month=closing.person_months.get(), by=billing, at=at)
    for invoice in Invoice.objects.filter(person_month__enrolment=cast.enrolment):
        payment = record_payment(
            invoice=invoice, paid_on=cast.today, amount_yen=100, way="cash", by=billing, at=at
        )
        issue_receipt(payment=payment, by=billing, at=at)
    many, more = cost()
    assert more > some + 3
    # The numbers of the receipts are one query more, however many there are.
    assert many <= few + 1 <= 6


def test_months_that_have_not_come_are_not_bound(client, cast):
    enter(client, cast, "manager")
    ahead = Month.of(cast.today) + 1
    answer = client.get(url_of(cast), {"first": str(ahead), "last": str(ahead), "part": "plan"})
    assert "first" in answer.context["form"].errors
    assert "くいちがいは見つかりませんでした" not in answer.content.decode()
    for name in ("month_binder", "month_binder_pdf"):
        assert client.get(reverse(name, args=[ahead])).status_code == 404
        assert client.get(reverse(name, args=[ahead - 1])).status_code == 200
