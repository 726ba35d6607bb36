"""What ends with a right is told first: closed months, a change made meanwhile, a day that cannot be."""

from datetime import timedelta

import pytest
from django.urls import reverse

from plans.models import CapPeriod, Decision, Proposal
from plans.queries.revocation import what_ends
from teikyaku.era import both
from teikyaku.periods import Month
from tests.accounts.test_coming_and_going import enter
from tests.ward.conftest import ERROR, Counter
from tests.ward.test_corrections import correct
from tests.ward.test_decision_change import asks_for_change, sent


@pytest.fixture
def closed(counter):
    """A decision of the ward under which an office has closed a month."""
    month = counter.cast.person_month
    rows = Decision.objects.filter(client=month.client_id)
    rows.update(municipality=counter.cast.wards[2], is_transcribed=False)
    CapPeriod.objects.filter(client=month.client_id).update(municipality=counter.cast.wards[2])
    return rows.get()


def told_of(answer):
    return answer.context["form"]["is_known"].help_text


def test_a_revocation_names_the_closed_months_after_it(counter, closed):
    month = Month.of(counter.cast.person_month.month)
    before = {"revoked_on": (month - 1).last_day.isoformat(), "reason": "転出"}
    answer = counter.client.post(reverse("admin:decision_revoke", args=[closed.public_id]), before)
    assert answer.status_code == ERROR
    assert month.label in told_of(answer)
    closed.refresh_from_db()
    assert closed.revoked_on is None
    assert counter.post("decision_revoke", closed, {**before, "is_known": "on"}).status_code == 302


def test_after_the_closed_months_nothing_is_asked(counter, closed):
    month = Month.of(counter.cast.person_month.month)
    data = {"revoked_on": month.last_day.isoformat(), "reason": "転出"}
    assert counter.post("decision_revoke", closed, data).status_code == 302


def test_a_correction_names_the_closed_months_that_it_touches(counter, closed):
    month = Month.of(counter.cast.person_month.month)
    enter(counter.client, counter.cast.members["city"])
    answer = correct(
        counter.client, closed, ends_on=(month - 1).last_day.isoformat(), number="1234567890"
    )
    assert answer.status_code == ERROR
    assert f"もう締めた月があります：{month.label}" in told_of(answer)


@pytest.fixture
def asked(talk):
    """The office asks for an end in a month; the ward has the page open."""
    day = talk.on + timedelta(days=30)
    assert talk.new("end", ends_on=day, text="転居のため").status_code == 302
    talk.day, talk.row = day, Proposal.objects.get()
    return talk


def changed_meanwhile(talk, **data):
    """A colleague grants a change of the decision."""
    counter = Counter(talk.client, talk.cast)
    row = asks_for_change(counter, talk.cast.decision.client)
    answer = sent(counter, row, amount="月10日", is_known="on", **data)
    assert answer.status_code == 302, answer.context["form"].errors
    return Decision.objects.get(application=row)


def test_an_end_asks_about_a_change_that_came_meanwhile(asked):
    new = changed_meanwhile(asked, starts_on=(asked.day + timedelta(days=10)).isoformat())
    answer = asked.ward("accept", asked.row, {"text": "承知しました"})
    assert answer.status_code == ERROR
    assert "月10日" in told_of(answer)
    assert "承知しました" in answer.content.decode()
    new.refresh_from_db()
    assert new.revoked_on is None
    assert asked.ward("accept", asked.row, {"text": "", "is_known": "on"}).status_code == 302
    new.refresh_from_db()
    assert new.is_cancelled


def test_an_end_outside_what_was_changed_says_what_to_do(asked):
    until = asked.day - timedelta(days=5)
    new = changed_meanwhile(
        asked, starts_on=(asked.on + timedelta(days=3)).isoformat(), ends_on=until.isoformat(),
    )  # fmt: skip
    assert what_ends(new, until)
    url = reverse("admin:ward_proposal_accept", args=[asked.row.public_id])
    enter(asked.client, asked.officer)
    page = asked.client.get(url).content.decode()
    assert "このままでは受け入れられません" in page
    assert both(until) in page
    assert "この日まで使えます" not in page
    refused = asked.ward("accept", asked.row)
    assert refused.status_code == ERROR
    assert f"〜{both(until)}" in refused.content.decode()
    assert Proposal.objects.get().state == "ward"


def test_the_talk_shows_the_decision_that_ended(asked):
    new = changed_meanwhile(asked, starts_on=(asked.on + timedelta(days=3)).isoformat())
    assert asked.ward("accept", asked.row, {"is_known": "on"}).status_code == 302
    page = asked.client.get(reverse("admin:ward_proposal", args=[asked.row.public_id]))
    assert page.context["decision"] == new
    assert reverse("admin:decision_page", args=[new.public_id]) in page.content.decode()
