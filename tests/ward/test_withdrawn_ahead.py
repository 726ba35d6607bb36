"""取消 of a decision that has not begun: withdrawn before it begins, with nothing of it in force."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError

from plans.actions.ward_papers import issue_grant_notice
from plans.documents import LetterHead, revocation_notice
from plans.models import Decision
from plans.queries.ward_lists import DecisionState, decision_state_q
from tests.ward.conftest import ERROR
from tests.ward.test_decision_change import url


@pytest.fixture
def ahead(counter):
    """A decision of today that begins in twenty days."""
    row, counter.starts_on = counter.heard(), counter.on + timedelta(days=20)
    data = counter.grant_data(
        starts_on=counter.starts_on.isoformat(), cap_first_month=str(counter.starts_on)[:7],
        cap_last_month="", is_known="on",
    )  # fmt: skip
    assert counter.post("decision_grant", row, data).status_code == 302
    counter.decision = Decision.objects.get(application=row)
    return counter


def revoked(counter, day, **more):
    data = {"revoked_on": day.isoformat(), "reason": "利用しない", **more}
    return counter.post("decision_revoke", counter.decision, data)


def test_the_day_that_is_proposed_withdraws_it(ahead):
    decision = ahead.decision
    form = ahead.client.get(url("decision_revoke", decision)).context["form"]
    assert form["revoked_on"].initial == ahead.on
    assert "始まる前に取り消します" in str(form["revoked_on"].help_text)
    answer = revoked(ahead, ahead.on)
    assert answer.status_code == ERROR
    assert "使える日はありません" in answer.context["form"]["is_known"].help_text
    ends_on = decision.ends_on
    assert revoked(ahead, ahead.on, is_known="on").status_code == 302
    decision.refresh_from_db()
    assert (decision.is_cancelled, decision.revoked_on) == (True, ahead.on)
    assert (decision.starts_on, decision.ends_on) == (ahead.starts_on, ends_on)
    own = Decision.objects.filter(client=decision.client)
    assert not own.in_force(ahead.starts_on).exists()
    states = [each for each in DecisionState if own.filter(decision_state_q(each, ahead.on))]
    assert states == [DecisionState.REVOKED]


def test_its_page_and_its_letter_say_that_there_is_no_day_of_use(ahead):
    assert revoked(ahead, ahead.on, is_known="on").status_code == 302
    decision = ahead.decision
    decision.refresh_from_db()
    page = ahead.client.get(url("decision_page", decision))
    assert "始まる前に取り消しました" in page.content.decode()
    assert "利用できるのは" not in page.content.decode()
    # It stands for itself: no other decision's letter tells the person.
    assert "取消通知書" in page.context["letter_next"]["label"]
    assert revocation_notice(decision, LetterHead("", ahead.on))["is_withdrawn"]
    letter = {"issued_on": ahead.on.isoformat()}
    assert ahead.post("decision_revocation_notice", decision, letter).status_code == 302


def test_its_page_holds_no_cap_as_its_own(ahead):
    before = ahead.client.get(url("decision_page", ahead.decision))
    assert any(fact["label"] == "負担上限月額" for fact in before.context["facts"])
    assert revoked(ahead, ahead.on, is_known="on").status_code == 302
    page = ahead.client.get(url("decision_page", ahead.decision))
    labels = {fact["label"] for fact in page.context["facts"]}
    assert not labels & {"負担上限月額", "上限額管理"}
    assert "この支給決定では使いません" in page.content.decode()


def test_nothing_is_granted_by_letter_after_it_was_withdrawn(ahead):
    page = ahead.client.get(url("decision_page", ahead.decision)).content.decode()
    assert url("decision_grant_notice", ahead.decision) in page
    assert revoked(ahead, ahead.on, is_known="on").status_code == 302
    page = ahead.client.get(url("decision_page", ahead.decision)).content.decode()
    assert url("decision_grant_notice", ahead.decision) not in page
    letter = {"issued_on": ahead.on.isoformat()}
    ahead.post("decision_grant_notice", ahead.decision, letter)
    told = ahead.client.get(url("decision_grant_notice", ahead.decision), follow=True)
    assert "始まる前に取り消した支給決定です" in told.content.decode()
    decision = Decision.objects.get(pk=ahead.decision.pk)
    assert not decision.papers.exists()
    with pytest.raises(ValidationError):
        issue_grant_notice(decision=decision, head=LetterHead("", ahead.on), **ahead.who)


@pytest.mark.parametrize(
    "days", [-1, 1, 19], ids=["before it was decided", "ahead", "last day before"]
)
def test_other_days_before_it_begins_are_refused_at_the_field(ahead, days):
    answer = revoked(ahead, ahead.on + timedelta(days=days), is_known="on")
    assert answer.status_code == ERROR
    assert "決定日" in str(answer.context["form"].errors["revoked_on"])
    ahead.decision.refresh_from_db()
    assert ahead.decision.revoked_on is None


def test_it_can_still_be_ended_on_a_day_of_its_own(ahead):
    day = ahead.starts_on + timedelta(days=30)
    assert revoked(ahead, day, is_known="on").status_code == 302
    ahead.decision.refresh_from_db()
    assert (ahead.decision.is_cancelled, ahead.decision.ends_on) == (False, day)
