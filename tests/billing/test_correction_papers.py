"""The papers of a corrected or withdrawn month: plain invoice, envelope, notice, receipt, record sheet."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from billing.actions.correction import record_petition
from billing.actions.envelope import mark_as_sent
from billing.actions.proxy_notice import issue_notice
from billing.actions.receipt import issue_receipt
from billing.documents_plain import plain_invoice
from billing.documents_record import record_document
from billing.documents_why import why_this_amount
from billing.models import ProxyNotice
from billing.queries.person_month import get_person_month
from billing.queries.service_records import record_sheets
from billing.rules.envelope import NOTICE_OF_FORMER, NOTICE_OF_WITHDRAWN, PaperKind
from teikyaku.era import wareki_month
from teikyaku.periods import Month
from teikyaku.printing import pdf
from tests.accounts.test_coming_and_going import enter
from tests.billing.corrections import LATER, corrected, later, other_tier, who, withdrawn
from tests.billing.test_claim_export import make as make_on
from tests.billing.test_claim_payments import pay
from tests.billing.test_correction_claims import make, month  # noqa: F401
from tests.billing.test_correction_money import paid, paper_of, refunded
from tests.billing.test_envelopes import kinds_in, packed
from tests.billing.test_plain_invoice import words
from tests.printing.samples import INVOICE
from tests.printing.test_documents import needs_pdftotext, text_of

K = PaperKind


def told(invoice):
    return words(plain_invoice(invoice.document.content, ""))


def claimed_and_paid(cast, month, times=0):  # noqa: F811
    """`times`: how many processing months later."""
    day = cast.today + times * LATER
    # Made on the first of that month, so that 国保連 takes the file in it.
    file = make_on(cast, month, day.replace(day=1))[0]
    (payment,) = pay(cast, file, **{**later(cast, times), "paid_on": day})
    return payment


# --- やさしい請求書 ---------------------------------------------------------------------------------


def test_the_plain_one_asks_for_the_rest_alone(cast):
    paid(cast)
    other_tier(cast)
    invoice = paper_of(corrected(cast))
    data = plain_invoice(invoice.document.content, "")
    (large,) = [part for part in data["parts"] if part["is_large"]]
    assert "".join(run["text"] for run in large["lines"][0]) == "744円"
    assert data["edition"] == "訂正版"
    text = words(data)
    for said in (
        "ぜんぶで 3,512円",
        "もう 2,768円",
        "のこりの 744円",
        "前の 紙を なおしました",
        "までに",
    ):
        assert said in text


@pytest.mark.parametrize(
    ("kept", "amount", "said", "unsaid"),
    [
        (2_768, 1_690, ("1,078円を かえします", "もう 2,768円"), "までに"),
        (2_768, 2_768, ("はらわなくて いいです", "もう 2,768円"), "かえします"),
        (0, 0, ("はらわなくて いいです",), "もう"),
        (0, 3_512, ("3,512円", "までに"), "のこりの 3,512円を はらって"),
    ],
)
def test_what_was_paid_covers_the_new_sum(kept, amount, said, unsaid):
    due = INVOICE["due_on"] if amount > kept else None
    content = {**INVOICE, "amount_yen": amount, "paid_yen": kept, "due_on": due}
    text = words(plain_invoice(content, ""))
    for words_said in said:
        assert words_said in text
    assert unsaid not in text


def test_a_withdrawn_month_tells_what_goes_back(cast):
    paid(cast)
    text = told(paper_of(withdrawn(cast)))
    for said in (
        "2,768円を かえします",
        "いただかない ことに なりました",
        "だれにも いただきません",
    ):
        assert said in text
    assert "市町村" not in text


def test_a_corrected_month_that_was_paid_spoils_no_envelope(client, cast, month):  # noqa: F811
    paid(cast)
    other_tier(cast, "50")
    invoice = paper_of(corrected(cast))
    enter(client, cast.members["billing"])
    assert client.get(reverse("envelopes", args=[month])).status_code == 200
    for url in (
        reverse("plain_invoice_pdf", args=[invoice.public_id]),
        reverse("envelopes_pdf", args=[month]),
    ):
        assert client.get(url).content.startswith(b"%PDF")


# --- 代理受領通知書 ---------------------------------------------------------------------------------


def test_an_old_notice_never_replaces_the_right_one(client, cast, month):  # noqa: F811
    old = claimed_and_paid(cast, month)
    other_tier(cast)
    row = corrected(cast)
    detail = get_person_month(row, cast.today)
    assert (detail.proxy_payment, detail.is_notice_due) == (old, False)
    record_petition(correction=row.correction, filed_on=cast.today, **who(cast))
    right = issue_notice(payment=claimed_and_paid(cast, month, 1), **later(cast))
    former = get_person_month(cast.person_month, cast.today)
    assert (former.notice, former.is_notice_due) == (right, False)
    with pytest.raises(ValidationError, match="訂正・取り下げの前の支払い"):
        issue_notice(payment=old, **who(cast))
    enter(client, cast.members["billing"])
    post = reverse("proxy_notice_issue", args=[cast.person_month.public_id])
    page = reverse("person_month_page", args=[cast.person_month.public_id])
    assert post not in client.get(page).content.decode()
    assert "訂正・取り下げの前の支払い" in client.post(post, follow=True).content.decode()
    assert list(ProxyNotice.objects.all()) == [right]


def test_no_notice_of_a_withdrawn_month(cast, month):  # noqa: F811
    payment = claimed_and_paid(cast, month)
    row = withdrawn(cast)
    assert not get_person_month(row, cast.today).is_notice_due
    assert not get_person_month(cast.person_month, cast.today).is_notice_due
    with pytest.raises(ValidationError, match="訂正・取り下げの前の支払い"):
        issue_notice(payment=payment, **who(cast))


# --- 封筒 -------------------------------------------------------------------------------------------


def test_the_envelope_keeps_a_notice_of_before_the_correction_back(client, cast, month):  # noqa: F811
    issue_notice(payment=claimed_and_paid(cast, month), **who(cast))
    other_tier(cast)
    row = corrected(cast)
    (envelope,) = packed(cast, month).envelopes
    assert K.NOTICE not in kinds_in(envelope)
    assert envelope.notes == (NOTICE_OF_FORMER,)
    # In the envelopes of other months it is not told again and again.
    assert not any(each.notes for each in packed(cast, month + 1).envelopes)
    enter(client, cast.members["billing"])
    page = reverse("person_month_page", args=[row.public_id])
    assert "訂正前の支払いを知らせたもの" in client.get(page).content.decode()
    record_petition(correction=row.correction, filed_on=cast.today, **who(cast))
    right = issue_notice(payment=claimed_and_paid(cast, month, 1), **later(cast))
    (envelope,) = packed(cast, month, [K.NOTICE]).envelopes
    assert (envelope.documents, envelope.notes) == ([right.document.public_id], ())


def test_of_a_withdrawn_month_there_is_nothing_to_sign(cast, month):  # noqa: F811
    issue_notice(payment=claimed_and_paid(cast, month), **who(cast))
    withdrawn(cast)
    (envelope,) = packed(cast, month).envelopes
    assert not {K.RECORD, K.NOTICE} & set(kinds_in(envelope))
    assert envelope.notes == (NOTICE_OF_WITHDRAWN,)
    (row,) = packed(cast, month, [K.RECORD]).nothing
    assert "まだ締めていません" not in row.reason
    (sheet,) = record_sheets(cast.office, month, cast.today)
    assert record_document(sheet, cast.office, cast.today)["edition"] == "取り下げ"


# --- 領収書, この月の経過 ----------------------------------------------------------------------------


def test_a_receipt_of_after_the_correction_tells_what_is_open_now(cast):
    payment = paid(cast)
    other_tier(cast)
    invoice = paper_of(corrected(cast))
    content = issue_receipt(payment=payment, **who(cast)).document.content
    assert content["rest_yen"] == 744
    assert content["invoice_number"] == invoice.document.number


def test_what_went_back_is_not_counted_as_paid(cast):
    payment = paid(cast)
    other_tier(cast, "50")
    row = corrected(cast)
    refunded(cast, paper_of(row), 1_078)
    other_tier(cast)
    corrected(cast, row=row)
    content = issue_receipt(payment=payment, **who(cast)).document.content
    assert content["rest_yen"] == 3_512 - 1_690


def test_the_new_row_knows_what_was_paid_before(client, cast, month):  # noqa: F811
    payment = claimed_and_paid(cast, month)
    notice = issue_notice(payment=payment, **who(cast))
    receipt = issue_receipt(payment=paid(cast), **who(cast))
    papers = (notice, receipt, cast.invoice)
    sent = [paper.document.public_id for paper in papers]
    mark_as_sent(documents=sent, **who(cast))
    other_tier(cast)
    row = corrected(cast)
    detail = get_person_month(row, cast.today)
    assert detail.claim_payments == (payment,)
    titles = {each.title for each in detail.story}
    assert {
        "国保連が支払った", "代理受領通知書を出した", "領収書を出した", "代理受領通知書を発送した",
        "領収書を発送した", "請求書を発送した",
    } <= titles  # fmt: skip
    enter(client, cast.members["billing"])
    page = client.get(reverse("person_month_page", args=[row.public_id])).content.decode()
    assert "請求と違う" not in page
    assert "訂正前" in page
    assert reverse("proxy_notice_pdf", args=[notice.public_id]) in page


def test_why_names_the_month_it_is_about(cast):
    """Issued a month or more later, 今月 would be another one."""
    words = "".join(why_this_amount(cast.person_month))
    assert words.startswith(f"{wareki_month(Month.of(cast.person_month.month))}の支援に")
    assert "今月" not in words
    easy = told(cast.invoice)
    assert f"{cast.person_month.month.month}月の しえんに かかった" in easy


@needs_pdftotext
def test_a_corrected_invoice_of_four_lines_is_one_page():
    """With what was paid, a managed cap, and the words that say what was corrected."""
    more = {
        "lines": [INVOICE["lines"][0]] * 4,
        "replaces": {"number": "1500000000-2026-06-000999", "issued_on": "令和8年7月6日", "note": "お支払いいただく額を直しました。前の請求書は1,503円、正しい額は1,803円です（300円 増えました）。これまでに1,503円をお支払いいただいています。残りの300円をお支払いください。"},
        "remarks": [], "edition": "訂正版", "paid_yen": 1_503, "managed_yen": 1_803,
        "notice": "見本の報酬表で計算しています。実際の請求ではありません。",
    }  # fmt: skip
    pages = text_of(pdf("invoice", {**INVOICE, **more})).rstrip("\f").split("\f")
    assert len(pages) == 1
    assert "支給決定市町村" in pages[0]


@needs_pdftotext
def test_why_this_amount_stays_on_one_page():
    ends = set()
    for more in range(9):  # at some length the page ends within it
        lines = [*INVOICE["lines"], *INVOICE["lines"][:1] * more]
        pages = text_of(pdf("invoice", {**INVOICE, "lines": lines})).split("\f")
        (page,) = [text for text in pages if "なぜこの金額か" in text]
        said = "".join(page.split())
        assert all("".join(why.split())[-12:] in said for why in INVOICE["why"]), more
        ends.add(page == pages[0])
    assert ends == {True, False}
