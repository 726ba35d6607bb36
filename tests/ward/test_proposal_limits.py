"""区への提案 that could not be done, or not be answered now: told before anything is written."""

from datetime import timedelta

import pytest
from django.urls import reverse

from plans.actions import proposal as actions
from plans.models import Proposal
from plans.queries.proposal import limits_of
from teikyaku.era import both
from tests.access.proposals import proposed
from tests.accounts.test_coming_and_going import enter
from tests.ward.conftest import ERROR


@pytest.mark.parametrize(
    ("kind", "starts", "ends", "field"),
    [
        pytest.param("renewal", 1, 366 * 8, "ends_on", id="renewed for eight years"),
        pytest.param("renewal", 366 * 5, None, "starts_on", id="renewed after the window"),
        pytest.param("change", -1, 366 * 2, "ends_on", id="longer than a decision may be"),
        pytest.param("change", -5000, 1, "starts_on", id="changed before the window"),
    ],
)
def test_a_period_that_could_not_be_granted_is_not_sent(talk, kind, starts, ends, field):
    last = talk.cast.decision.ends_on
    data = {"starts_on": (last + timedelta(days=starts)).isoformat(), "text": "続けたい"}
    if ends is not None:
        data["ends_on"] = (last + timedelta(days=ends)).isoformat()
    else:
        data["ends_on"] = ""
    if kind == "change":
        data["value"] = "月10日"
    answer = talk.new(kind, **data)
    assert answer.status_code == ERROR
    assert list(answer.context["form"].errors) == [field]
    assert "続けたい" in answer.content.decode()
    assert not Proposal.objects.exists()


def test_the_ward_reads_how_far_a_renewal_could_go(talk):
    first = talk.cast.decision.ends_on + timedelta(days=1)
    assert talk.new("renewal", starts_on=first).status_code == 302
    row = Proposal.objects.get()
    limits = limits_of(row, talk.on)
    words = [both(limits.standing.window.last_usable_on), both(limits.longest.ends_on)]
    office = talk.client.get(reverse("proposal_page", args=[row.public_id])).content.decode()
    assert "決められる期間" not in office
    enter(talk.client, talk.officer)
    for name in ("ward_proposal", "ward_proposal_accept"):
        page = talk.client.get(reverse(f"admin:{name}", args=[row.public_id])).content.decode()
        assert "決められる期間" in page
        assert all(word in page for word in words)


def test_other_kinds_have_no_limits(talk):
    assert talk.new("end", ends_on=talk.on, text="終了").status_code == 302
    assert limits_of(Proposal.objects.get(), talk.on) is None


@pytest.mark.parametrize("name", ["accept", "refuse", "ask"])
def test_what_cannot_be_said_now_is_told_before_it_is_written(talk, name):
    row = proposed(talk.cast)
    enter(talk.client, talk.officer)
    url = reverse(f"admin:ward_proposal_{name}", args=[row.public_id])
    assert talk.client.get(url).status_code == 200
    actions.ask_back(proposal=row, text="いつですか", **talk.who())
    answer = talk.client.get(url, follow=True)
    assert answer.redirect_chain[-1][0] == reverse("admin:ward_proposal", args=[row.public_id])
    assert "もう「事業所の番」" in answer.content.decode()
    actions.withdraw(proposal=row, text="やめます", **talk.who("worker"))
    assert "もう「取り下げた」" in talk.client.get(url, follow=True).content.decode()


def test_the_office_is_told_too(talk):
    row = proposed(talk.cast)
    enter(talk.client, talk.worker)
    answer, withdraw = (
        reverse(f"proposal_{name}", args=[row.public_id]) for name in ("answer", "withdraw")
    )
    assert "もう「区の番」" in talk.client.get(answer, follow=True).content.decode()
    assert talk.client.get(withdraw).status_code == 200
    actions.withdraw(proposal=row, text="やめます", **talk.who("worker"))
    assert "もう「取り下げた」" in talk.client.get(withdraw, follow=True).content.decode()
