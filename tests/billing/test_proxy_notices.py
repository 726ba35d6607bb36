"""代理受領通知書: only of what was paid, numbered and frozen, replaced when the paid sum was corrected."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from billing.actions.proxy_notice import issue_notice, issue_notices
from billing.models import ClaimPayment, ProxyNotice
from billing.queries.person_month import get_person_month
from billing.queries.proxy_notices import notices_due
from clients.models import Client
from teikyaku.accounts.models import IssuedDocument
from teikyaku.clock import at_noon
from teikyaku.frozen import digest
from teikyaku.periods import Month
from tests.accounts.test_coming_and_going import enter
from tests.billing.test_claim_payments import claim_file, pay, take_back


@pytest.fixture
def file(cast):
    """The cast's person in a claim."""
    return claim_file(cast, Month.of(cast.person_month.month))


def issue(cast, payment, by="billing"):
    return issue_notice(payment=payment, by=cast.members[by], at=at_noon(cast.today))


def issue_all(cast):
    month = Month.of(cast.person_month.month)
    return issue_notices(
        office=cast.office, month=month, by=cast.members["billing"], at=at_noon(cast.today)
    )


def test_of_what_was_paid_and_once(cast, file):
    (payment,) = pay(cast, file)
    notice = issue(cast, payment)
    paper = notice.document
    assert paper.content["amount_yen"] == payment.amount_yen == cast.person_month.benefit_yen
    assert paper.content["addressee"]["name"] == "試験 太郎"
    assert paper.digest == digest(paper.content)
    assert paper.number.startswith(f"{cast.office.number}-{Month.of(cast.person_month.month)}-D")
    assert issue(cast, payment) == notice
    assert ProxyNotice.objects.count() == 1


def test_never_of_nothing_and_never_of_what_was_taken_back(cast, file):
    entry = file.entries.get()
    (nothing,) = pay(cast, file, {entry.pk: 0})
    with pytest.raises(ValidationError, match="0円"):
        issue(cast, nothing)
    take_back(cast, file, [entry.pk])
    with pytest.raises(ValidationError, match="取り消した支払い"):
        issue(cast, nothing)
    (payment,) = pay(cast, file)
    with pytest.raises(ValidationError, match="この事業所"):
        issue(cast, payment, by="outsider")
    assert not ProxyNotice.objects.exists()


def test_replaced_when_the_sum_was_corrected(client, cast, file):
    entry = file.entries.get()
    (wrong,) = pay(cast, file, {entry.pk: 20_000})
    first = issue(cast, wrong)
    take_back(cast, file, [entry.pk])
    detail = get_person_month(cast.person_month, cast.today)
    assert (detail.notice, detail.proxy_payment, detail.is_notice_due) == (first, None, False)
    (right,) = pay(cast, file, {entry.pk: 24_000})
    detail = get_person_month(cast.person_month, cast.today)
    assert (detail.proxy_payment, detail.is_notice_due) == (right, True)
    second = issue(cast, right)
    assert second.document.replaces == first.document
    assert second.document.content["replaces"]["number"] == first.document.number
    assert get_person_month(cast.person_month, cast.today).notice == second
    enter(client, cast.members["billing"])
    for notice in (first, second):
        answer = client.get(reverse("proxy_notice_pdf", args=[notice.public_id]))
        assert answer.content.startswith(b"%PDF")
    first.document.refresh_from_db()
    assert first.document.digest == digest(first.document.content)


def test_all_of_a_month_and_again(cast, file):
    month = Month.of(cast.person_month.month)
    assert issue_all(cast) == []
    pay(cast, file)
    assert notices_due(cast.office, month).count() == 1
    assert len(issue_all(cast)) == 1
    assert issue_all(cast) == []
    assert IssuedDocument.objects.filter(kind="proxy_notice").count() == 1


def test_all_leaves_out_who_has_died(cast, file):
    (payment,) = pay(cast, file)
    Client.objects.filter(pk=cast.enrolment.client_id).update(died_on=cast.today)
    assert issue_all(cast) == []
    assert not notices_due(cast.office, Month.of(cast.person_month.month)).exists()
    assert issue(cast, payment).document.content["amount_yen"] == payment.amount_yen  # one by one


def test_the_pages_refuse_before_the_payment_and_say_why(client, cast, file):
    enter(client, cast.members["billing"])
    one = reverse("proxy_notice_issue", args=[cast.person_month.public_id])
    answer = client.post(one, follow=True)
    assert "国保連の支払いがまだ記録されていない" in answer.content.decode()
    month = Month.of(cast.person_month.month)
    everybody = reverse("proxy_notices_issue", args=[month])
    assert "出す方はいません" in client.post(everybody, follow=True).content.decode()
    pay(cast, file)
    words = client.get(reverse("claim_export", args=[month])).content.decode()
    assert "支払われた1人の代理受領通知書を出す" in words
    assert "1通出しました" in client.post(everybody, follow=True).content.decode()
    page = client.get(reverse("person_month_page", args=[cast.person_month.public_id]))
    assert "代理受領通知書（PDF）" in page.content.decode()
    again = client.post(one, follow=True).content.decode()
    paper = reverse("proxy_notice_pdf", args=[ProxyNotice.objects.get().public_id])
    assert f'代理受領通知書を出しました。　<a href="{paper}">開く（PDF）</a>' in again
    assert ClaimPayment.objects.count() == ProxyNotice.objects.count() == 1
