"""封筒: who gets which papers, in what order, to whom; who gets nothing and why; sent once."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from billing.actions.payment import record_payment
from billing.actions.proxy_notice import issue_notice
from billing.actions.receipt import issue_receipt
from billing.models import PaperDispatch
from billing.queries.addressees import BY_HAND_PROTECTED
from billing.queries.envelope_papers import Asked
from billing.queries.envelopes import envelope_document, envelopes_document, pack
from billing.rules.envelope import (
    DIED,
    GONE,
    NO_PAYER,
    REPORT_TO_OTHER,
    PaperKind,
    Reader,
    kept_back,
)
from clients.models import ClientName, RelatedPerson, Residence
from plans.models import ReportShare
from teikyaku.accounts.models import AuditEvent
from teikyaku.clock import at_noon
from teikyaku.periods import Month
from teikyaku.printing import pdf
from tests.accounts.test_coming_and_going import enter
from tests.billing.test_claim_export import one_more
from tests.billing.test_claim_payments import claim_file, pay, take_back

K = PaperKind


@pytest.fixture
def month(cast):
    """The person lives somewhere; the closed month's invoice stands."""
    home = Residence.objects.filter(client=cast.enrolment.client)
    if not home.exists():
        Residence.objects.create(
            client=cast.enrolment.client, municipality=cast.wards[2], postal_code="951-0000",
            address="見本町1-1", starts_on=cast.enrolment.starts_on,
            recorded_by=cast.members["worker"], recorded_at=at_noon(cast.today),
        )  # fmt: skip
    return Month.of(cast.person_month.month)


def asked(cast, month, kinds=tuple(PaperKind), **facts):
    return Asked(cast.office, month, cast.today, kinds, **facts)


def packed(cast, month, kinds=tuple(PaperKind), **facts):
    return pack(asked(cast, month, kinds, **facts))


def kinds_in(envelope):
    return [each.kind for each in envelope.papers]


def around(cast, **facts):
    """Somebody around the person, with an address."""
    return RelatedPerson.objects.create(
        client=cast.enrolment.client, kind="parent", name="試験 花子", postal_code="950-0001",
        address="新潟市東区見本2-2", starts_on=cast.today - timedelta(days=900),
        recorded_by=cast.members["worker"], recorded_at=at_noon(cast.today), **facts,
    )  # fmt: skip


def paid_and_told(cast, month):
    """A receipt and a notice for the month."""
    who = {"by": cast.members["billing"], "at": at_noon(cast.today)}
    payment = record_payment(
        invoice=cast.invoice, paid_on=cast.today, amount_yen=100, way="cash", **who
    )
    receipt = issue_receipt(payment=payment, **who)
    file = claim_file(cast, month)
    (claim,) = pay(cast, file)
    return receipt, issue_notice(payment=claim, **who), file


@pytest.mark.parametrize(
    ("kind", "has_died", "reader", "why"),
    [
        (K.INVOICE, False, Reader.PERSON, ""),
        (K.REPORT, False, Reader.PERSON, ""),
        (K.REPORT, False, Reader.OTHER, REPORT_TO_OTHER),
        (K.PLAIN_REPORT, False, Reader.PERSON, ""),
        (K.PLAIN_REPORT, False, Reader.OTHER, REPORT_TO_OTHER),
        (K.PLAIN_REPORT, True, Reader.PERSON, DIED),
        (K.RECORD, False, Reader.OTHER, ""),
        (K.PLAIN, True, Reader.PERSON, DIED),
        (K.PLAIN, True, Reader.OTHER, DIED),
        (K.INVOICE, True, Reader.PERSON, NO_PAYER),
        (K.INVOICE, True, Reader.OTHER, ""),
    ],
)
def test_what_is_kept_back(kind, has_died, reader, why):
    assert kept_back(kind, has_died=has_died, reader=reader) == why
    if has_died and why:  # the same is kept back, and the death is not told
        told = kept_back(kind, has_died=True, reader=reader, is_death_told=False)
        assert told == GONE


def test_everything_in_the_order_to_fold(cast, month):
    paid_and_told(cast, month)
    (envelope,) = packed(cast, month).envelopes
    assert kinds_in(envelope) == [
        K.PLAIN, K.INVOICE, K.RECEIPT, K.NOTICE, K.RECORD, K.REPORT, K.PLAIN_REPORT,
    ]  # fmt: skip
    assert len(envelope.documents) == 3
    data = envelope_document(asked(cast, month), envelope)
    assert data["addressee"]["name"] == "試験 太郎"
    assert "見本町1-1" in data["addressee"]["address"][0]
    assert data["contents"][1] == f"請求書（{month.label}分）"
    made = pdf("envelopes", envelopes_document(asked(cast, month), [envelope]))
    assert made.startswith(b"%PDF")


def test_money_goes_to_the_payer_and_the_report_to_the_person(cast, month):
    around(cast, is_payer=True)
    own, payer = sorted(packed(cast, month).envelopes, key=lambda e: e.destination.reader == "other")  # fmt: skip
    assert kinds_in(own) == [K.PLAIN, K.RECORD, K.REPORT, K.PLAIN_REPORT]
    assert kinds_in(payer) == [K.INVOICE]
    assert payer.destination.addressee.name == "試験 花子"
    assert own.destination.addressee.name == "試験 太郎"


def test_who_gets_the_post_gets_all_but_the_report(cast, month):
    around(cast, gets_post=True)
    (envelope,) = packed(cast, month).envelopes
    assert kinds_in(envelope) == [K.PLAIN, K.INVOICE, K.RECORD]
    assert envelope.notes == (REPORT_TO_OTHER,)


def test_whom_another_office_named_is_not_told(cast, month):
    RelatedPerson.objects.filter(pk=around(cast, is_payer=True).pk).update(
        recorded_by=cast.members["outsider"]
    )
    (envelope,) = packed(cast, month).envelopes
    assert envelope.destination.reader == Reader.PERSON


def test_a_protected_address_is_printed_nowhere(cast, month):
    Residence.objects.filter(client=cast.enrolment.client).update(is_protected=True)
    found = packed(cast, month)
    (envelope,) = found.envelopes
    assert envelope.destination.by_hand == BY_HAND_PROTECTED
    data = envelope_document(asked(cast, month), envelope)
    assert "見本町" not in str(data)
    assert "支援措置" not in str(data)
    assert data["by_hand"]


def test_an_invoice_of_before_the_protection_does_not_tell_it(cast, month):
    content = cast.invoice.document.content
    content["addressee"] |= {"postal_code": "951-0000", "address": ["新潟市中央区見本町1-1"]}
    with connection.cursor() as cursor:  # as it was frozen then
        cursor.execute(
            "UPDATE accounts_issueddocument SET content = %s WHERE id = %s",
            [json.dumps(content), cast.invoice.document_id],
        )
    (envelope,) = packed(cast, month).envelopes
    assert "見本町1-1" in str(envelope_document(asked(cast, month), envelope)["papers"])
    Residence.objects.filter(client=cast.enrolment.client).update(is_protected=True)
    (envelope,) = packed(cast, month).envelopes
    assert "見本町1-1" not in str(envelope_document(asked(cast, month), envelope))


def test_after_a_death_nothing_that_is_written_for_the_person(cast, month):
    person = cast.enrolment.client
    person.died_on = cast.today
    person.save()
    found = packed(cast, month)
    assert found.envelopes == ()
    (row,) = found.nothing
    assert NO_PAYER.partition("。")[2] in row.reason
    assert row.reason.count("亡くなった記録があります") == 1
    around(cast, is_payer=True)
    (envelope,) = packed(cast, month).envelopes
    assert kinds_in(envelope) == [K.INVOICE]
    assert envelope.destination.addressee.name == "試験 花子"


def test_a_death_after_the_use_is_not_told(cast, month):
    cast.enrolment.ends_on, cast.enrolment.end_reason = cast.today - timedelta(days=1), "moved"
    cast.enrolment.save()
    person = cast.enrolment.client
    person.died_on = cast.today
    person.save()
    found = packed(cast, month)
    assert found.envelopes == ()
    assert "亡く" not in found.nothing[0].reason


def test_who_has_left_is_written_to_where_the_office_knew_them(cast, month):
    cast.enrolment.ends_on, cast.enrolment.end_reason = cast.today - timedelta(days=2), "moved"
    cast.enrolment.save()
    old = Residence.objects.get(client=cast.enrolment.client)
    old.ends_on = cast.today - timedelta(days=1)
    old.save()
    Residence.objects.create(
        client=cast.enrolment.client, municipality=cast.wards[0], address="あたらしい町9",
        starts_on=cast.today, recorded_by=cast.members["outsider"], recorded_at=at_noon(cast.today),
    )  # fmt: skip
    (envelope,) = packed(cast, month).envelopes
    data = envelope_document(asked(cast, month), envelope)
    assert "見本町1-1" in str(data["addressee"])


def test_why_somebody_gets_nothing(cast, month):
    ReportShare.objects.update(
        taken_back_at=at_noon(cast.today), taken_back_by=cast.members["worker"],
        taken_back_reason="間違い",
    )  # fmt: skip
    (row,) = packed(cast, month + 1, [K.INVOICE, K.REPORT]).nothing
    assert "まだ締めていません" in row.reason
    (row,) = packed(cast, month, [K.RECEIPT]).nothing
    assert "入れる文書がありません" in row.reason
    ClientName.objects.filter(client=cast.enrolment.client).update(name="試験 \ue000")
    found = packed(cast, month)
    assert found.envelopes == ()
    assert "印刷できない文字" in found.nothing[0].reason


def test_a_report_that_was_not_shared_with_the_person_stays(cast, month):
    ReportShare.objects.update(recipient="family")
    (envelope,) = packed(cast, month).envelopes
    assert K.REPORT not in kinds_in(envelope)


def test_the_report_in_easy_words_goes_once(cast, month):
    """Within the report where it was handed with it, else by itself; from the version that was handed."""
    shares = ReportShare.objects.filter(report__enrolment=cast.enrolment)
    for with_plain, wanted in ((True, [K.REPORT]), (False, [K.REPORT, K.PLAIN_REPORT])):
        shares.update(with_plain=with_plain)
        (envelope,) = packed(cast, month, [K.REPORT, K.PLAIN_REPORT]).envelopes
        assert kinds_in(envelope) == wanted
        whole = envelope.papers[0].data
        assert (whole["plain"] is not None) is with_plain
    (own,) = packed(cast, month, [K.PLAIN_REPORT]).envelopes
    (easy,) = own.papers
    assert easy.data["number"] == whole["number"]
    assert easy.data["plain"]["parts"]
    shares.update(recipient="family")
    assert packed(cast, month, [K.PLAIN_REPORT]).envelopes == ()


def test_papers_of_other_months_go_in_until_they_were_sent(client, cast, month):
    paid_and_told(cast, month)
    wanted = [K.INVOICE, K.RECEIPT, K.NOTICE]
    (envelope,) = packed(cast, month + 1, wanted).envelopes
    assert kinds_in(envelope) == [K.RECEIPT, K.NOTICE]
    enter(client, cast.members["billing"])
    page = client.get(reverse("envelopes", args=[month]))
    documents = page.context["documents"]
    assert len(documents) == 3
    url = reverse("envelopes_sent", args=[month])
    assert "3通の文書を発送済み" in client.post(url, {"document": documents}, follow=True).content.decode()  # fmt: skip
    assert "発送済みにする文書はありません" in client.post(url, {"document": documents}, follow=True).content.decode()  # fmt: skip
    assert PaperDispatch.objects.count() == 3
    assert packed(cast, month, wanted).envelopes == ()
    assert packed(cast, month + 1, wanted, with_sent=True).envelopes == ()
    (again,) = packed(cast, month, wanted, with_sent=True).envelopes
    assert [each.is_sent for each in again.papers] == [True, True, True]
    assert again.documents == []


def test_one_paper_alone_is_marked_and_the_mark_taken_back(client, cast, month):
    paid_and_told(cast, month)
    enter(client, cast.members["billing"])
    page = client.get(reverse("envelopes", args=[month]))
    text = page.content.decode()
    first, *rest = page.context["documents"]
    assert all(f'value="{each}" form="sent" checked' in text for each in (first, *rest))
    sent, unsent = (reverse(f"envelopes_{name}", args=[month]) for name in ("sent", "unsent"))
    client.post(sent, {"document": [first]})
    assert [row.document.public_id for row in PaperDispatch.objects.all()] == [first]
    assert client.get(reverse("envelopes", args=[month])).context["documents"] == rest
    again = client.get(reverse("envelopes", args=[month]), {"paper": "invoice", "again": "on"})
    shown = client.get(
        reverse("envelopes", args=[month]),
        {"paper": ["invoice", "receipt", "notice"], "again": "on"},
    )
    assert "発送済みを取り消す" in shown.content.decode()
    assert again.status_code == 200
    done = client.post(unsent, {"document": [first]}, follow=True).content.decode()
    assert "1通の発送の記録を取り消しました" in done
    assert not PaperDispatch.objects.exists()
    assert first in client.get(reverse("envelopes", args=[month])).context["documents"]
    event = AuditEvent.objects.get(verb="paper_sent_taken_back")
    assert event.person_id == cast.enrolment.client.public_id
    nothing = client.post(unsent, {"document": [first, "nonsense"]}, follow=True)
    assert "取り消す発送の記録はありません" in nothing.content.decode()


def test_another_office_takes_no_mark_back(client, cast, month):
    paid_and_told(cast, month)
    enter(client, cast.members["billing"])
    document = cast.invoice.document.public_id
    client.post(reverse("envelopes_sent", args=[month]), {"document": [document]})
    client.logout()
    enter(client, cast.members["outsider"])
    client.post(reverse("envelopes_unsent", args=[month]), {"document": [document]})
    assert PaperDispatch.objects.count() == 1


def test_another_office_marks_nothing_as_sent(client, cast, month):
    enter(client, cast.members["outsider"])
    url = reverse("envelopes_sent", args=[month])
    client.post(url, {"document": [cast.invoice.document.public_id]})
    assert not PaperDispatch.objects.exists()


def test_what_was_taken_back_does_not_go(cast, month):
    _receipt, notice, file = paid_and_told(cast, month)
    take_back(cast, file, [notice.payment.entry_id])
    (envelope,) = packed(cast, month, [K.INVOICE, K.NOTICE]).envelopes
    assert kinds_in(envelope) == [K.INVOICE]


def test_the_pages(client, cast, month):
    enter(client, cast.members["head"])
    page = client.get(reverse("envelopes", args=[month]))
    assert page.status_code == 200
    (row,) = page.context["rows"]
    assert "支援レポート" in page.content.decode()
    assert client.get(row["url"]).content.startswith(b"%PDF")
    assert AuditEvent.objects.filter(verb="envelopes_printed").count() == 2
    url = reverse("envelopes_pdf", args=[month])
    assert client.get(f"{url}?chosen=1").status_code == 422
    assert client.get(f"{url}?envelope=nobody&paper=invoice").status_code == 302


def test_who_may_not_read_reports_packs_none(client, cast, month):
    enter(client, cast.members["billing"])
    page = client.get(reverse("envelopes", args=[month]))
    (row,) = page.context["rows"]
    assert not {K.REPORT, K.PLAIN_REPORT} & set(kinds_in(row["envelope"]))
    for kind in ("report", "plain_report"):
        refused = client.get(reverse("envelopes_pdf", args=[month]) + f"?paper={kind}")
        assert refused.status_code == 422


def test_more_people_cost_no_more_queries(cast, month):
    with CaptureQueriesContext(connection) as few:
        packed(cast, month + 1)
    one_more(cast)
    with CaptureQueriesContext(connection) as many:
        packed(cast, month + 1)
    assert len(many) == len(few)


def test_who_may_not_print_the_report_is_told_who_adds_it(client, cast, month):
    enter(client, cast.members["billing"])
    url = reverse("envelopes", args=[month])
    page = client.get(url)
    (row,) = page.context["rows"]
    assert row["envelope"].lacks_report
    text = page.content.decode()
    assert "支援レポートは別に印刷して足す" in text
    assert page.context["adders"] == "、".join(
        sorted(cast.members[key].user.name for key in ("head", "manager"))
    )
    assert page.context["adders"] in text
    enter(client, cast.members["head"])
    page = client.get(url)
    assert not page.context["rows"][0]["envelope"].lacks_report
    assert "支援レポートは別に印刷して足す" not in page.content.decode()


def test_a_report_that_is_not_given_yet_is_not_missed(client, cast, month):
    ReportShare.objects.update(recipient="family")
    enter(client, cast.members["billing"])
    assert (
        not client.get(reverse("envelopes", args=[month]))
        .context["rows"][0]["envelope"]
        .lacks_report
    )


def test_a_report_alone_is_named(cast, month):
    around(cast, is_payer=True)
    (money,) = packed(cast, month, [K.INVOICE], tells_reports=True).envelopes
    assert not money.lacks_report
    (alone,) = packed(cast, month, [K.INVOICE], tells_reports=True).alone
    assert alone.client_id == cast.enrolment.client.public_id
    assert packed(cast, month, [K.INVOICE]).alone == ()
