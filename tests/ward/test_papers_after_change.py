"""A version that was issued between two ends of its decision: it holds no more once the end moves again."""

from datetime import timedelta

import pytest
from django.urls import reverse

from plans.actions import certificate as certificates
from plans.actions.certificate import Paper
from plans.actions.correction import DecisionFacts, correct_decision
from plans.models import CapPeriod, Decision, WardPaper
from plans.queries.ward_papers import end_on_paper, reprint
from teikyaku.clock import at_noon
from teikyaku.era import both, wareki
from teikyaku.periods import day_before
from tests.accounts.test_coming_and_going import enter
from tests.ward.test_changed_ends import again, changed  # noqa: F401  (the fixture)


def who(counter, key, days):
    return {"by": counter.cast.members[key], "at": at_noon(counter.on + timedelta(days=days))}


def moved(counter, day, days):
    """The main office corrects the day on which the change begins."""
    new = counter.new
    facts = DecisionFacts("1234567899", new.decided_on, day, new.ends_on, new.amount)
    correct_decision(decision=new, facts=facts, reason="写し間違い", **who(counter, "city", days))
    again(counter.former, new)


def content_of(version):
    version.refresh_from_db()
    return reprint(WardPaper.objects.get(certificate=version))


@pytest.fixture
def between(changed):  # noqa: F811
    """The former half's paper was lost and made again after the change: it ends the day before it."""
    former = changed.former
    changed.version = certificates.issue_certificate(
        decision=former, reason="紛失", **who(changed, "officer", 1),
        paper=Paper("", changed.on, former.starts_on, kind="reissue"),
    )  # fmt: skip
    url = reverse("admin:certificate_issue", args=[changed.version.public_id])
    assert changed.client.post(url).status_code == 302
    return changed


def test_a_paper_made_again_after_the_change_holds(between):
    content = content_of(between.version)
    assert end_on_paper(between.version) == between.former.ends_on
    assert not content["notice"]
    assert content["edition"] != "旧版"


@pytest.mark.parametrize("days", [6, -6], ids=["later", "earlier"])
def test_it_is_an_old_one_once_the_change_is_moved(between, days):
    former, printed, day = between.former, between.former.ends_on, between.day
    moved(between, day + timedelta(days=days), 2)
    assert former.ends_on == day_before(day + timedelta(days=days))
    content = content_of(between.version)
    assert content["edition"] == "旧版"
    assert f"利用できるのは{wareki(former.ends_on)}までです" in content["notice"]
    # What was issued with an end keeps it; only a paper issued from now on carries the new one.
    assert end_on_paper(between.version) == printed
    page = reverse("admin:decision_page", args=[former.public_id])
    enter(between.client, between.officer)
    told = between.client.get(page).content.decode()
    assert f"支給決定の終わりが {both(former.ends_on)} に変わっています" in told
    fresh = certificates.issue_certificate(
        decision=former, reason="訂正", **who(between, "officer", 3),
        paper=Paper("", between.on + timedelta(days=3), former.starts_on, kind="reissue"),
    )  # fmt: skip
    assert end_on_paper(fresh) == former.ends_on
    assert "変わっています" not in between.client.get(page).content.decode()


def test_it_is_an_old_one_once_the_right_is_revoked(between):
    former = between.former
    last = former.ends_on - timedelta(days=2)
    certificates.revoke_decision(
        decision=former, on=last, reason="転出", **who(between, "officer", 2)
    )
    content = content_of(between.version)
    assert (content["edition"], content["is_sealed"]) == ("旧版", False)
    assert f"利用できるのは{wareki(last)}まで" in content["notice"]


def test_back_on_the_day_that_it_prints_it_holds_again(between):
    day = between.day
    moved(between, day - timedelta(days=4), 2)
    moved(between, day, 3)
    assert not content_of(between.version)["notice"]


def test_a_ward_whose_file_has_left_is_not_told_to_issue(between):
    """It cannot: what is newer than the paper is the business of the ward that keeps the file."""
    former, newer = between.former, "いまの受給者証のあとで"
    moved(between, between.day - timedelta(days=6), 2)
    late = at_noon(between.on + timedelta(days=4))
    CapPeriod.objects.filter(client=former.client).update(recorded_at=late)
    page = reverse("admin:decision_page", args=[former.public_id])
    enter(between.client, between.officer)
    assert between.client.get(page).content.decode().count(newer) == 2
    other = between.cast.members["other_officer"].municipality
    Decision.objects.filter(client=former.client).update(passed_to=other)
    assert newer not in between.client.get(page).content.decode()
