"""取消 of a decision that was changed: the end reaches what follows on it, by both doors, and is told first."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError

from plans.actions import application as applications
from plans.actions.revocation import end_decision
from plans.documents import LetterHead, revocation_notice
from plans.models import Decision, Proposal, ServiceUsePlan
from plans.queries.month import months_of_support
from teikyaku.era import both, wareki
from teikyaku.periods import Month
from tests.access.proposals import proposed
from tests.cast import start_use
from tests.ward.conftest import ERROR, Counter
from tests.ward.test_decision_change import asks_for_change, sent, url


@pytest.fixture
def changed(counter):
    """A decision from today on, and the changed one that takes over in twenty days."""
    counter.former = counter.granted().decision
    counter.row = asks_for_change(counter, counter.former.client)
    counter.day = counter.on + timedelta(days=20)
    data = {"starts_on": counter.day.isoformat(), "amount": "月10日"}
    assert sent(counter, counter.row, **data).status_code == 302
    counter.former.refresh_from_db()
    counter.new = Decision.objects.get(application=counter.row)
    return counter


def again(*rows):
    for row in rows:
        row.refresh_from_db()


def test_by_hand_the_change_that_lies_ahead_ends_too_and_is_told_first(changed):
    former, new, last = changed.former, changed.new, changed.on + timedelta(days=4)
    granted_until = new.granted_until
    page = changed.client.get(url("decision_revoke", former)).content.decode()
    assert "次の支給決定は、そのまま残ります" not in page
    data = {"revoked_on": last.isoformat(), "reason": "転出"}
    answer = changed.post("decision_revoke", former, data)
    assert answer.status_code == ERROR
    told = answer.context["form"]["is_known"].help_text
    assert f"{both(changed.day)}〜{both(new.ends_on)}、月10日" in told
    assert "始まる前に終わります" in told
    again(former, new)
    assert (new.revoked_on, new.starts_on) == (None, changed.day)

    assert changed.post("decision_revoke", former, {**data, "is_known": "on"}).status_code == 302
    again(former, new)
    # No day of right is left after the last one, and none is missing before it.
    assert (former.ends_on, former.revoked_on) == (last - timedelta(days=1), None)
    assert (new.starts_on, new.ends_on, new.revoked_on) == (last, last, last)
    assert (new.granted_until, new.revocation_reason) == (granted_until, "転出")
    assert new.history.all()[1].starts_on == changed.day
    page = changed.client.get(url("decision_page", new)).content.decode()
    assert f"決定したときの開始日は {both(changed.day)}" in page
    notice = revocation_notice(new, LetterHead("", changed.on))
    assert notice["service"]["starts_on"] == wareki(changed.day)


def test_by_hand_a_day_of_the_changed_decision_ends_that_one(changed):
    last = changed.day + timedelta(days=3)
    data = {"revoked_on": last.isoformat(), "reason": "転出"}
    answer = changed.post("decision_revoke", changed.former, data)
    assert "変更した支給決定" in answer.context["form"]["is_known"].help_text
    data["is_known"] = "on"
    assert changed.post("decision_revoke", changed.former, data).status_code == 302
    again(changed.former, changed.new)
    assert changed.former.revoked_on is None
    assert (changed.new.starts_on, changed.new.revoked_on) == (changed.day, last)


def test_two_changes_ahead_both_end(changed):
    more = asks_for_change(changed, changed.former.client)
    later = changed.day + timedelta(days=9)
    data = {"starts_on": later.isoformat(), "amount": "月3日",
            "ends_on": changed.new.ends_on.isoformat(),
            "cap_first_month": str(Month.of(later))}  # fmt: skip
    answer = sent(changed, more, **data)
    assert answer.status_code == 302, answer.context["form"].errors
    third, last = Decision.objects.get(application=more), changed.on + timedelta(days=5)
    end_decision(decision=changed.former, on=last, reason="転出", **changed.who)
    again(changed.former, changed.new, third)
    assert Decision.objects.filter(client=third.client, ends_on__gt=last).count() == 0
    assert (changed.new.revoked_on, third.revoked_on) == (None, last)
    assert third.starts_on == changed.new.ends_on + timedelta(days=1)


def test_a_day_that_leaves_no_room_is_refused_with_the_next_step(changed):
    with pytest.raises(ValidationError, match="以後の日付"):
        end_decision(decision=changed.former, on=changed.on, reason="転出", **changed.who)
    again(changed.former, changed.new)
    assert changed.new.revoked_on is None


def test_an_accepted_end_reaches_the_change_that_lies_ahead(talk):
    counter = Counter(talk.client, talk.cast)
    former, last = talk.cast.decision, talk.on + timedelta(days=4)
    applications.receive_plan(
        application=talk.cast.application, stage=ServiceUsePlan.Stage.FINAL, author="self",
        organisation=None, received_on=talk.on - timedelta(days=10), monitoring_months=None, **talk.who(),
    )  # fmt: skip
    starts_on = talk.on + timedelta(days=1)
    start_use(talk.enrolment, talk.worker, talk.cast.members["manager"], starts_on)
    row = asks_for_change(counter, former.client)
    day = talk.on + timedelta(days=9)
    assert sent(counter, row, starts_on=day.isoformat(), amount="月10日").status_code == 302
    former.refresh_from_db()
    ending = proposed(talk.cast, kind="end", ends_on=last, text="転居")
    page = counter.client.get(url("ward_proposal_accept", ending)).content.decode()
    assert "始まる前に終わります" in page
    assert "次の支給決定は、そのまま残ります" not in page
    assert talk.ward("accept", ending).status_code == 302
    assert Proposal.objects.get(pk=ending.pk).state == "accepted"
    rows = Decision.objects.filter(client=former.client)
    assert not rows.filter(ends_on__gt=last).exists()
    assert rows.get(application=row).revoked_on == last
    # The months after it wait for no renewal: what was changed and revoked has ended.
    month = Month.of(last) + 1
    values = list(months_of_support([talk.cast.office], month, month.last_day))
    after = next(each for each in values if each.enrolment_id == talk.enrolment.pk)
    assert (after.facts.has_decision, after.facts.is_renewal_late) == (False, False)
