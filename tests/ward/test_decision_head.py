"""A decision's page says how it stands, and leads on from one that has ended."""

from datetime import timedelta

import pytest
from django.urls import reverse

from plans.models import Decision
from teikyaku.era import both

RENEW, CHANGE = "renew", "change"


def page_of(counter, decision):
    url = reverse("admin:decision_page", args=[decision.public_id])
    return counter.client.get(url)


def received(counter, decision, how):
    answer = counter.client.get(f"{reverse('admin:application_new')}?{how}={decision.public_id}")
    return answer.content.decode()


@pytest.fixture
def over(counter):
    """A decision that ended a hundred days ago."""
    row = counter.granted().decision
    ends_on, back = counter.on - timedelta(days=100), timedelta(days=400)
    Decision.objects.filter(pk=row.pk).update(
        starts_on=row.starts_on - back, decided_on=row.decided_on - back, ends_on=ends_on,
        granted_until=ends_on,
    )  # fmt: skip
    row.refresh_from_db()
    return row


@pytest.fixture
def followed(counter, over):
    """The same, with another decision from today on."""
    row = counter.granted(known=over.client, kind="renewal")
    return over, row.decision


def test_a_running_one_says_so_and_can_be_changed(counter):
    answer = page_of(counter, counter.granted().decision)
    assert (answer.context["state"], answer.context["may_change"]) == ("有効", True)
    assert "有効</span>" in answer.content.decode()
    assert "取り消す" in {str(each["label"]) for each in answer.context["more"]}


def test_an_ended_one_is_not_changed_revoked_or_handed_over(counter, over):
    answer = page_of(counter, over)
    assert (answer.context["state"], answer.context["may_change"]) == ("終わった", False)
    rare = {str(each["label"]) for each in answer.context["more"]}
    assert not rare & {"取り消す", "ほかの区へ引き継ぐ"}
    assert "更新を受け付ける" in rare


def test_an_ended_one_leads_to_the_one_that_follows(counter, followed):
    over, later = followed
    answer = page_of(counter, over)
    page = answer.content.decode()
    assert f"{both(over.ends_on)} に終わりました" in page
    assert reverse("admin:decision_page", args=[later.public_id]) in page
    assert "更新を受け付ける" not in {str(each["label"]) for each in answer.context["more"]}


def test_a_change_asked_from_an_ended_one_names_what_it_changes(counter, followed):
    over, later = followed
    for how in (CHANGE, RENEW):
        page = received(counter, over, how)
        assert f"いまの支給決定は{both(later.ends_on)}までです。" in page
        assert both(over.ends_on) not in page
    words = f"変更するのは、この支給決定（{both(later.starts_on)}〜{both(later.ends_on)}）です。"
    assert words in received(counter, over, CHANGE)
    assert words not in received(counter, later, CHANGE)


def test_what_an_office_copied_is_not_changed_here(counter, followed):
    over, later = followed
    Decision.objects.filter(pk=later.pk).update(is_transcribed=True)
    page = received(counter, over, CHANGE)
    assert f"いまの支給決定（{both(later.starts_on)}〜{both(later.ends_on)}）は事業所が" in page
    assert "変更するのは" not in page


def test_where_nothing_follows_an_ended_one_says_that_it_ended(counter, over):
    page = received(counter, over, CHANGE)
    assert f"支給決定は{both(over.ends_on)}で終わっています。" in page
    assert "更新の申請を受け付けます" in page
