"""同意 as answers: a withdrawn one is a no with its day, and is not told as never asked."""

from datetime import timedelta

import pytest
from django.urls import reverse

from clients.models import Consent
from clients.queries.consent import consent_answers, withdrawn_on
from clients.queries.dossier import client_dossier
from plans.actions.report import give_consent, withdraw_consent
from plans.queries.support_plan import consultation_withdrawn_on
from teikyaku.clock import at_noon
from teikyaku.era import both
from tests.accounts.test_coming_and_going import enter
from tests.cast import job_of, meet

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
PAIRS = [
    (recipient, scope)
    for recipient in Consent.Recipient.values
    for scope in Consent.ConsentScope.values
]


def give(cast, recipient, scope, back=20, **details):
    day = cast.today - back * DAY
    return give_consent(
        enrolment=cast.enrolment, recipient=recipient, scope=scope, starts_on=day,
        by=cast.members["worker"], at=at_noon(day), **details,
    )  # fmt: skip


def withdraw(cast, row, back=5):
    day = cast.today - back * DAY
    return withdraw_consent(consent=row, on=day, by=cast.members["worker"], at=at_noon(cast.today))


def answers(cast, on=None):
    found = consent_answers(client_dossier(cast.enrolment, on or cast.today))
    assert len(found) == len({each.question for each in found})
    return {each.question: each for each in found}


def answer_to(cast, row, on=None):
    asked = {
        "contact": "{}に連絡してよい？", "report": "支援レポートを{}に渡してよい？",
        "handover": "引き継ぎの情報を{}に渡してよい？", "support_plan": "個別支援計画を{}に渡してよい？",
    }  # fmt: skip
    whom = row.recipient_name or row.get_recipient_display()
    return answers(cast, on).get(asked[row.scope].format(whom))


@pytest.mark.parametrize(("recipient", "scope"), PAIRS)
def test_a_withdrawal_is_a_no_with_its_day(cast, recipient, scope):
    Consent.objects.all().delete()
    row = give(cast, recipient, scope)
    gone_on = withdraw(cast, row).withdrawn_on
    told = answer_to(cast, row)
    assert (told.answer, told.tone, told.withdrawn_on) == ("いいえ", "danger", gone_on)
    assert told.consent_id is None
    # As of the day before it was a yes; and a new one is a yes again.
    assert answer_to(cast, row, gone_on - DAY).answer == "はい"
    again = give(cast, recipient, scope, back=2)
    told = answer_to(cast, row)
    assert (told.answer, told.consent_id, told.withdrawn_on) == ("はい", again.public_id, None)
    assert answer_to(cast, row, cast.today - 3 * DAY).withdrawn_on == gone_on


def test_who_is_covered_by_another_consent_is_not_told_as_a_no(cast):
    mother = give(cast, "family", "contact", recipient_name="母")
    withdraw(cast, mother)
    assert answer_to(cast, mother).answer == "いいえ"
    # A consent for the family covers the mother as well; one for the father does not.
    father = give(cast, "family", "contact", recipient_name="父")
    assert answer_to(cast, mother).answer == "いいえ"
    assert answer_to(cast, father).answer == "はい"
    give(cast, "family", "contact")
    assert answer_to(cast, mother) is None


def test_a_time_that_is_over_is_no_no(cast):
    row = give(cast, "employer", "contact")
    Consent.objects.filter(pk=row.pk).update(ends_on=cast.today - DAY)
    assert answer_to(cast, row).answer == "まだ"
    # Given again after a withdrawal, and then over: the last word was no withdrawal.
    first = withdraw(cast, give(cast, "employer", "report", back=30), back=25)
    later = give(cast, "employer", "report")
    Consent.objects.filter(pk=later.pk).update(ends_on=cast.today - DAY)
    assert answer_to(cast, first).answer == "まだ"
    assert withdrawn_on([first], cast.today) == first.withdrawn_on
    assert withdrawn_on([first], first.withdrawn_on - DAY) is None


def test_the_page_says_the_day_and_keeps_the_number_from_a_tap(client, cast):
    job = job_of(cast.enrolment)
    job.contact_phone = "025-999-0000"
    job.save()
    row = withdraw(cast, give(cast, "employer", "contact"))
    enter(client, cast.members["worker"])
    page = client.get(reverse("client_page", args=[cast.enrolment.client.public_id]))
    text = page.content.decode()
    assert f"{both(row.withdrawn_on)}に撤回</small>" in text
    assert f"連絡への同意を、本人が{both(row.withdrawn_on)}に撤回しています。" in text
    assert "まだ本人に確かめていません" not in text
    assert 'href="tel:025-999-0000"' not in text


def test_a_visit_after_a_withdrawal_is_told_so(client, cast):
    row = withdraw(cast, give(cast, "employer", "contact"))
    enter(client, cast.members["worker"])
    url = reverse("interview_new", args=[cast.enrolment.public_id])
    answer = client.post(
        url,
        {"way": "employer_visit", "outcome": "others", "held_on": str(cast.today),
         "met_by": str(cast.members["worker"].public_id), "notes": "現場を見た"},
        follow=True,
    ).content.decode()  # fmt: skip
    assert f"本人が{both(row.withdrawn_on)}に撤回しています" in answer
    assert "本人の同意の記録がまだありません" not in answer


def test_the_step_to_the_consultation_office_asks_the_same(cast):
    assert consultation_withdrawn_on(cast.enrolment, cast.today) is None
    row = withdraw(cast, give(cast, "consultation", "support_plan"))
    assert consultation_withdrawn_on(cast.enrolment, cast.today) == row.withdrawn_on
    give(cast, "consultation", "support_plan", back=1)
    assert consultation_withdrawn_on(cast.enrolment, cast.today) is None


@pytest.mark.parametrize(("who", "heading"), [
    ("worker", "月ごとの面談・レポート<"), ("manager", "月ごとの面談・レポート"),
    ("billing", "月ごとの面談・レポート・請求<"),
])  # fmt: skip
def test_the_heading_of_the_months_names_what_the_reader_sees(client, cast, who, heading):
    meet(cast.enrolment, cast.members["worker"], cast.today)
    enter(client, cast.members[who])
    text = client.get(
        reverse("client_page", args=[cast.enrolment.client.public_id])
    ).content.decode()
    assert heading in text
    assert ("月ごとの面談・レポート・請求" in text) is (">総費用<" in text)
