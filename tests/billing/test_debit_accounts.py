"""口座振替の口座: what a file and the papers say of it, and how it is put right."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from billing.actions.direct_debit import end_account, withdraw_debit_file
from billing.actions.payment_reminder import issue_reminder
from billing.documents_plain import plain_invoice
from billing.models import DebitAccount
from billing.queries.debit_days import debit_day
from billing.queries.payment_reminders import late_people
from billing.rules.direct_debit import next_debit_day
from billing.rules.payment_reminder import PENDING as LETTER_WAITS
from teikyaku.accounts.models import AuditEvent
from teikyaku.clock import at_noon
from teikyaku.era import wareki
from tests.accounts.test_coming_and_going import enter
from tests.billing.corrections import corrected, other_tier
from tests.billing.test_direct_debits import BANK, account, made, read, ready, who

__all__ = ["ready"]


def test_an_account_is_put_right_at_its_fields(client, cast, ready):
    enter(client, cast.members["billing"])
    url = reverse("debit_account", args=[cast.enrolment.public_id])
    form = client.get(url).context["form"]
    assert form["holder_kana"].value() == "シケン タロウ"
    assert form["starts_on"].value() == cast.today.isoformat()
    body = {**BANK, "holder_kana": "シケン", "consented_on": cast.today.isoformat(),
            "starts_on": (cast.today - timedelta(days=1)).isoformat()}  # fmt: skip
    assert "依頼書の日付より前" in str(client.post(url, body).context["form"].errors["starts_on"])
    body |= {"starts_on": cast.today.isoformat(), "bank_name": "髙"}
    assert "bank_name" in client.post(url, body).context["form"].errors
    ready.refresh_from_db()
    assert ready.starts_on == cast.today


def test_an_end_by_mistake_is_emptied_again(client, cast, ready):
    enter(client, cast.members["billing"])
    url = reverse("debit_account_end", args=[ready.public_id])
    client.post(url, {"ends_on": cast.today.isoformat()})
    ready.refresh_from_db()
    assert ready.ends_on == cast.today
    assert client.post(url, {"ends_on": ""}).status_code == 302
    ready.refresh_from_db()
    assert ready.ends_on is None


def test_a_new_account_ends_the_one_before_and_keeps_its_history(cast, ready):
    later = cast.today + timedelta(days=10)
    account(cast, number="7654321", starts_on=later)
    first, second = DebitAccount.objects.all()
    assert (first.ends_on, second.ends_on) == (later - timedelta(days=1), None)
    put_right = account(cast, number="7777777", starts_on=later)
    assert put_right.pk == second.pk
    assert DebitAccount.objects.count() == 2
    event = AuditEvent.objects.filter(verb="debit_account_recorded").last()
    assert event.person_id == cast.enrolment.client.public_id


def test_a_name_that_cannot_be_written_is_refused_before_the_file(cast, ready):
    with pytest.raises(ValidationError, match="書けない文字があります：髙"):
        account(cast, holder_kana="髙ハシ")


def test_what_a_file_tells_of_an_account(cast, ready):
    first = made(cast)
    assert novelty(first) == "1"
    withdraw_debit_file(file=first, reason="送らなかった", **who(cast))
    second = made(cast)
    assert novelty(second) == "1"
    read(cast, second, "1")
    third = made(cast, debit_on=cast.today + timedelta(days=9))
    assert novelty(third) == "0"
    withdraw_debit_file(file=third, reason="送らなかった", **who(cast))
    account(cast, number="7654321")
    assert novelty(made(cast, debit_on=cast.today + timedelta(days=9))) == "2"


def test_an_account_that_other_software_debited_is_known(cast, ready):
    account(cast, was_debited_before=True)
    assert novelty(made(cast)) == "0"


def test_papers_say_when_the_account_is_debited(cast, ready):
    cast.office.bank_account = "架空銀行 普通 0000000"
    cast.office.save()
    day = next_debit_day(cast.today, 27, 0)
    assert debit_day(cast.office, cast.enrolment.client, cast.today) == day
    new = corrected_paper(cast)
    payment = new.document.content["payment"]
    assert (payment["way"], payment["debit_on"]) == ("口座振替", wareki(day))
    assert "架空銀行" not in str(payment)
    plain = str(plain_invoice(new.document.content, "しけん たろう"))
    assert "ひきおとします" in plain
    assert "ふりこんで" not in plain
    end_account(account=ready, ends_on=cast.today, **who(cast))
    if day > cast.today:
        assert debit_day(cast.office, cast.enrolment.client, cast.today) is None


def test_no_letter_while_a_debit_waits_and_then_about_the_next_one(cast, ready):
    late = cast.invoice.due_on + timedelta(days=1)
    file = made(cast)
    told = {"client": cast.enrolment.client, "office": cast.office,
            "by": cast.members["billing"], "at": at_noon(late)}  # fmt: skip
    (person,) = late_people(cast.office, late)
    assert person.why_none == LETTER_WAITS
    with pytest.raises(ValidationError, match="口座振替の結果を待って"):
        issue_reminder(**told)
    read(cast, file, "1")
    letter = issue_reminder(**told).document.content
    assert letter["debit_on"] == wareki(next_debit_day(late, 27, 0))


def corrected_paper(cast):
    other_tier(cast)
    return corrected(cast, **who(cast)).invoices.get()


def novelty(file):
    return file.entries.get().record[90]
