"""代理受領通知書 taken back on paper: why, what holds now, once, in the order of several corrections, in the envelope."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from billing.actions.correction import record_petition
from billing.actions.envelope import mark_as_sent
from billing.actions.notice_withdrawal import withdraw_notice, withdraw_notices
from billing.actions.proxy_notice import issue_notice
from billing.models import ClaimFileEntry, NoticeWithdrawal
from billing.queries.notice_withdrawals import wrong_notices
from billing.queries.person_month import get_person_month
from billing.rules.envelope import PaperKind
from billing.rules.notice_withdrawal import Gone, holds_now, plain_words, why_gone
from teikyaku.frozen import digest
from tests.accounts.test_coming_and_going import enter
from tests.billing.corrections import LATER, corrected, later, other_tier, who, withdrawn
from tests.billing.test_claim_export import make_early
from tests.billing.test_claim_payments import pay, take_back
from tests.billing.test_correction_claims import make, month  # noqa: F401
from tests.billing.test_envelopes import packed

K = PaperKind


@pytest.fixture
def notice(cast, month):  # noqa: F811
    """What 国保連 paid for the closed month, told."""
    (payment,) = pay(cast, make_early(cast, month)[0])
    return issue_notice(payment=payment, **who(cast))


def gone(cast, notice, by="billing"):
    return withdraw_notice(notice=notice, **who(cast, by))


def why_wrong(cast):
    return [each.why for each in wrong_notices(cast.office)]


def test_what_still_holds_is_not_taken_back(cast, notice):
    assert why_wrong(cast) == []
    with pytest.raises(ValidationError, match="いまも正しい"):
        gone(cast, notice)
    withdrawn(cast)
    with pytest.raises(ValidationError, match="この事業所"):
        gone(cast, notice, by="outsider")
    assert not NoticeWithdrawal.objects.exists()


def test_payments_of_every_office_are_not_read_for_it(cast, notice):
    """By the rows that take none back SQLite finds nearly all payments that there are."""
    withdrawn(cast)
    with CaptureQueriesContext(connection) as queries:
        assert why_wrong(cast) == [Gone.WITHDRAWN]
    asked = [q["sql"] for q in queries if 'FROM "billing_claimpayment"' in q["sql"]]
    assert len(asked) == 1
    assert '"billing_claimpayment"."cancels_id" IS NULL' not in asked[0]


def test_of_a_withdrawn_month_once_and_frozen(cast, notice):
    row = withdrawn(cast)
    assert why_wrong(cast) == [Gone.WITHDRAWN]
    told = gone(cast, notice)
    paper = told.document
    assert (paper.replaces, told.person_month) == (notice.document, row)
    assert paper.digest == digest(paper.content)
    assert paper.content["gone"]["number"] == notice.document.number
    assert paper.content["gone"]["amount_yen"] == cast.person_month.benefit_yen
    assert "返します" in "".join(paper.content["holds"])
    assert gone(cast, notice) == told
    assert why_wrong(cast) == []
    assert get_person_month(row, cast.today).withdrawals == (told,)


def test_corrected_twice_then_paid_each_paper_takes_the_place_of_the_last(cast, month, notice):  # noqa: F811
    other_tier(cast)
    second = corrected(cast)
    first_told = gone(cast, notice)
    assert "3,512円" in "".join(first_told.document.content["holds"])
    other_tier(cast, "50")
    third = corrected(cast, row=second)
    assert why_wrong(cast) == [Gone.CORRECTED]
    last_told = gone(cast, notice)
    assert last_told.document.replaces == first_told.document
    assert last_told.document.content["replaces"]["number"] == first_told.document.number
    assert "1,690円" in "".join(last_told.document.content["holds"])
    assert withdraw_notice(notice=notice, **who(cast)) == last_told
    record_petition(correction=third.correction, filed_on=cast.today, **who(cast))
    (payment,) = pay(cast, make(cast, month, 1)[0], **later(cast), paid_on=cast.today + LATER)
    right = issue_notice(payment=payment, **later(cast))
    assert right.document.replaces == last_told.document
    assert "取り消しのお知らせ" in right.document.content["replaces"]["note"]
    assert why_wrong(cast) == []
    withdrawn(cast, row=third)
    assert [each.notice for each in wrong_notices(cast.office)] == [right]
    assert gone(cast, right).document.replaces == right.document


def test_a_payment_that_never_came_and_one_of_nothing(cast, notice):
    entry = ClaimFileEntry.objects.get(payments=notice.payment)
    take_back(cast, entry.file, [entry.pk])
    assert why_wrong(cast) == [Gone.UNPAID]
    pay(cast, entry.file, {entry.pk: 0})
    told = gone(cast, notice)
    assert "受け取っていません" in "".join(told.document.content["holds"])
    take_back(cast, entry.file, [entry.pk])
    assert why_wrong(cast) == []
    (less,) = pay(cast, entry.file, {entry.pk: 20_000})
    assert issue_notice(payment=less, **who(cast)).document.replaces == told.document


def test_where_the_right_sum_can_be_told_that_is_enough(cast, notice):
    entry = ClaimFileEntry.objects.get(payments=notice.payment)
    take_back(cast, entry.file, [entry.pk])
    (less,) = pay(cast, entry.file, {entry.pk: 20_000})
    assert why_wrong(cast) == []
    with pytest.raises(ValidationError, match="新しい額の通知書"):
        gone(cast, notice)
    assert issue_notice(payment=less, **who(cast)).document.replaces == notice.document


def test_of_a_month_those_that_went_out(client, cast, month, notice):  # noqa: F811
    withdrawn(cast)
    assert withdraw_notices(office=cast.office, month=month, **who(cast)) == []
    mark_as_sent(documents=[notice.document.public_id], **who(cast))
    enter(client, cast.members["billing"])
    page = reverse("claim_export", args=[month])
    assert "発送済みの1通" in client.get(page).content.decode()
    answer = client.post(reverse("notices_withdraw", args=[month]), follow=True)
    assert "1通出しました" in answer.content.decode()
    assert "正しくなくなった" not in client.get(page).content.decode()
    assert withdraw_notices(office=cast.office, month=month, **who(cast)) == []


def test_it_goes_into_the_envelope_until_it_was_sent(cast, month, notice):  # noqa: F811
    mark_as_sent(documents=[notice.document.public_id], **who(cast))
    withdrawn(cast)
    told = gone(cast, notice)
    kinds = [K.GONE_NOTICE, K.NOTICE]
    (envelope,) = packed(cast, month, kinds).envelopes
    assert (envelope.documents, envelope.notes) == ([told.document.public_id], ())
    (later,) = packed(cast, month + 1, kinds).envelopes
    assert later.documents == [told.document.public_id]
    mark_as_sent(documents=later.documents, **who(cast))
    assert packed(cast, month, kinds).envelopes == ()


def test_the_page_of_the_month_offers_it_and_hands_it_out(client, cast, notice):
    row = withdrawn(cast)
    enter(client, cast.members["billing"])
    page = reverse("person_month_page", args=[row.public_id])
    assert "取り消しのお知らせを出す" in client.get(page).content.decode()
    stayed = client.post(reverse("notice_withdraw", args=[notice.public_id]), follow=True)
    assert stayed.redirect_chain == [(page, 302)]
    paper = reverse("notice_withdrawal_pdf", args=[row.notice_withdrawals.get().public_id])
    assert f'お知らせを出しました。　<a href="{paper}">開く（PDF）</a>' in stayed.content.decode()
    assert client.get(paper).content.startswith(b"%PDF")
    shown = client.get(page).content.decode()
    assert "取り消しのお知らせを出す<" not in shown
    assert "取り消しのお知らせ（PDF）" in shown
    assert "代理受領通知書の取り消しのお知らせを出した" in shown


@pytest.mark.parametrize(
    ("facts", "why"),
    [((True, True), Gone.WITHDRAWN), ((False, True), Gone.CORRECTED), ((False, False), Gone.UNPAID)],
)  # fmt: skip
def test_the_month_says_most(facts, why):
    is_withdrawn, is_corrected = facts
    assert why_gone(is_withdrawn=is_withdrawn, is_corrected=is_corrected) is why


@pytest.mark.parametrize("why", Gone)
@pytest.mark.parametrize("is_received", [True, False])
def test_what_goes_back_is_told_only_where_it_came(why, is_received):
    words = "".join(holds_now(why, 30_000, 3_000, is_received=is_received))
    expected = is_received and why is not Gone.UNPAID
    assert ("返します" in words) == expected
    plain = "".join(plain_words(why, 3_000, is_received=is_received))
    assert ("かえします" in plain) == (is_received and why is Gone.WITHDRAWN)
