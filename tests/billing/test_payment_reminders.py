"""お支払いのお知らせ: all that is late in one letter, not again too soon, never for who died."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from billing.actions.envelope import mark_as_sent
from billing.actions.payment import record_payment
from billing.actions.payment_reminder import issue_reminder, issue_reminders
from billing.models import PaymentReminder
from billing.queries.envelope_papers import Asked
from billing.queries.envelopes import pack
from billing.queries.payment_reminders import late_people, waiting_letters
from billing.rules.envelope import PaperKind
from billing.rules.payment_reminder import DIED, GONE, NOTHING_LATE, next_on, why_none
from teikyaku.accounts.models import AuditEvent
from teikyaku.clock import at_noon
from teikyaku.frozen import digest
from teikyaku.periods import Month
from teikyaku.printing import pdf
from tests.accounts.test_coming_and_going import enter
from tests.billing.test_envelopes import around
from tests.billing.test_payments import several
from tests.printing.samples_money import PAYMENT_REMINDER
from tests.printing.test_documents import needs_pdftotext, text_of

__all__ = ["several"]
ON = date(2026, 6, 20)
FACTS = {"is_late": True, "has_died": False, "is_death_told": True, "last_on": None, "on": ON,
         "again_days": 14}  # fmt: skip


@pytest.fixture
def late(cast):
    """The day after the last day for the cast's invoice."""
    return cast.invoice.due_on + timedelta(days=1)


def issue(cast, on, by="billing"):
    return issue_reminder(
        client=cast.enrolment.client, office=cast.office, by=cast.members[by], at=at_noon(on)
    )


def pay(cast, amount, on):
    record_payment(
        invoice=cast.invoice, paid_on=on, amount_yen=amount, way="cash",
        by=cast.members["billing"], at=at_noon(on),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("facts", "why"),
    [
        ({}, ""),
        ({"is_late": False}, NOTHING_LATE),
        ({"has_died": True}, DIED),
        ({"has_died": True, "is_death_told": False}, GONE),
        ({"last_on": ON - timedelta(days=14)}, ""),
    ],
)
def test_why_somebody_gets_none(facts, why):
    assert why_none(**{**FACTS, **facts}) == why


@pytest.mark.parametrize("days", [0, 1, 13])
def test_not_again_too_soon_and_the_words_say_from_when(days):
    last = ON - timedelta(days=days)
    said = why_none(**{**FACTS, "last_on": last})
    assert f"{next_on(last, 14).day}日" in said
    assert "出せます" in said


def test_one_letter_with_all_that_is_late(cast, late, several):
    first = issue(cast, late)
    content = first.document.content
    own = [row for row in several if row.person_month.client_id == cast.enrolment.client_id]
    assert len(content["lines"]) == first.lines.count() == len(own) == 2
    assert content["total_yen"] == sum(row.open_yen for row in own)
    assert content["person"] == {"name": "試験 太郎", "kana": "しけん たろう"}
    assert content["addressee"]["name"] == "試験 太郎"
    assert first.document.digest == digest(content)
    assert AuditEvent.objects.filter(verb="payment_reminder_issued").count() == 1
    assert pdf("payment_reminder", content).startswith(b"%PDF")


def test_the_last_day_itself_is_in_time(cast, late):
    assert late_people(cast.office, late - timedelta(days=1)) == []
    with pytest.raises(ValidationError, match="支払期限を過ぎた"):
        issue(cast, late - timedelta(days=1))
    (person,) = late_people(cast.office, late)
    assert (person.late_yen, person.coming_yen) == (cast.invoice.amount_yen, 0)


def test_never_twice_within_the_days_and_again_after_them(cast, late):
    issue(cast, late)
    for days in (0, 13):
        with pytest.raises(ValidationError, match="出せます"):
            issue(cast, late + timedelta(days=days))
    issue(cast, late + timedelta(days=14))
    assert PaymentReminder.objects.count() == 2


def test_what_was_paid_in_part_asks_for_the_rest_and_all_paid_for_nothing(cast, late):
    pay(cast, 100, late)
    assert issue(cast, late).document.content["total_yen"] == cast.invoice.amount_yen - 100
    assert len(waiting_letters(cast.office)) == 1
    pay(cast, cast.invoice.amount_yen - 100, late)
    # The letter is not true any more: it does not go out.
    assert waiting_letters(cast.office) == []
    with pytest.raises(ValidationError, match="支払期限を過ぎた"):
        issue(cast, late + timedelta(days=14))


def test_never_for_who_died_and_the_office_is_told_why(client, cast, late):
    issue(cast, late)
    person = cast.enrolment.client
    person.died_on = late
    person.save()
    assert waiting_letters(cast.office) == []
    (found,) = late_people(cast.office, late + timedelta(days=20))
    assert found.why_none in (DIED, GONE)
    with pytest.raises(ValidationError, match="お知らせは出しません"):
        issue(cast, late + timedelta(days=20))


def test_it_goes_to_whoever_pays(cast, late):
    around(cast, is_payer=True)
    assert issue(cast, late).document.content["addressee"]["name"] == "試験 花子"


def test_another_office_sends_none(cast, late):
    with pytest.raises(ValidationError, match="この事業所"):
        issue(cast, late, by="outsider")
    assert not PaymentReminder.objects.exists()


def test_all_in_one_step_skips_who_has_one(cast, late, several):
    who = {"by": cast.members["billing"], "at": at_noon(several[-1].due_on + timedelta(days=1))}
    people = late_people(cast.office, several[-1].due_on + timedelta(days=1))
    clients = [each.client for each in people]
    assert len(clients) == 2
    assert len(issue_reminders(clients=clients, office=cast.office, **who)) == 2
    assert issue_reminders(clients=clients, office=cast.office, **who) == []


def test_it_lies_in_the_envelope_until_it_was_sent(cast, late):
    letter = issue(cast, late)
    asked = Asked(cast.office, Month.of(cast.person_month.month), late, (PaperKind.REMINDER,))
    (envelope,) = pack(asked).envelopes
    assert envelope.documents == [letter.document.public_id]
    mark_as_sent(documents=envelope.documents, by=cast.members["billing"], at=at_noon(late))
    assert pack(asked).envelopes == ()


def test_the_page_shows_who_gets_one_and_sends_them(client, cast):
    enter(client, cast.members["billing"])
    page = client.get(reverse("payment_reminders"))
    assert "お知らせを出す方はいません" in page.content.decode()
    nobody = client.post(reverse("payment_reminders_issue"), {"person": ["nonsense"]}, follow=True)
    assert "選んでください" in nobody.content.decode()
    chosen = {"person": [str(cast.enrolment.client.public_id)]}
    said = client.post(reverse("payment_reminders_issue"), chosen, follow=True).content.decode()
    assert "1人には出していません" in said
    one = reverse("payment_reminder_issue", args=[cast.invoice.public_id])
    assert "支払期限を過ぎた請求はありません" in client.post(one, follow=True).content.decode()
    letter = issue(cast, cast.invoice.due_on + timedelta(days=1))
    listed = client.get(reverse("payment_reminders")).content.decode()
    assert reverse("payment_reminder_pdf", args=[letter.public_id]) in listed
    answer = client.get(reverse("payment_reminders_pdf"))
    assert answer.content.startswith(b"%PDF")
    story = client.get(reverse("person_month_page", args=[cast.person_month.public_id]))
    assert "お支払いのお知らせを出した" in story.content.decode()


@needs_pdftotext
def test_the_paper_says_how_much_how_and_whom_to_call():
    text = text_of(pdf("payment_reminder", PAYMENT_REMINDER))
    for words in ("11,850円", "たかはし", "架空銀行", "行き違い", "1件（4,150円）", "電話"):
        assert words in text
