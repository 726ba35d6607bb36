"""What is asked about a contact beside the words: topics, the person's own view, kind of a meeting."""

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from plans.models import Interview
from tests.accounts.test_coming_and_going import enter

ERROR = 422


@pytest.fixture
def page(client, cast):
    enter(client, cast.members["worker"])
    return reverse("interview_new", args=[cast.enrolment.public_id])


def answers(cast, **changes):
    return {
        "outcome": "met", "way": "face", "held_on": cast.today.isoformat(),
        "met_by": str(cast.members["worker"].public_id), "work_rating": "settled",
        "life_rating": "watch", "notes": "今日の話", **changes,
    }  # fmt: skip


def test_topics_and_the_persons_own_view_are_kept_beside_the_staffs(client, cast, page):
    data = answers(cast, topics=["money", "tasks"], own_work_rating="unstable", own_life_rating="")
    assert client.post(page, data).status_code == 302
    row = Interview.objects.get(notes="今日の話")
    assert (row.work_rating, row.own_work_rating, row.own_life_rating) == (
        "settled",
        "unstable",
        "",
    )
    assert row.topic_labels == ["仕事の内容", "お金"]
    shown = client.get(reverse("interview_page", args=[row.public_id])).content.decode()
    assert "仕事の内容・お金" in shown
    assert "本人の感じ方" in shown
    history = client.get(reverse("client_page", args=[cast.enrolment.client.public_id]))
    assert "仕事の内容・お金" in history.content.decode()
    # A correction begins with them, and keeps them.
    correct = reverse("interview_correct", args=[row.public_id])
    form = client.get(correct).context["form"]
    assert form["topics"].value() == ["money", "tasks"]
    again = answers(cast, topics=["family"], correction_reason="話題の押しまちがい")
    assert client.post(correct, again).status_code == 302
    assert Interview.objects.get(replaces=row).topic_labels == ["家族"]


def test_a_view_of_the_persons_own_does_not_move_the_pace(client, cast, page):
    dues = set()
    for own in ("settled", "unstable"):
        with transaction.atomic():
            assert client.post(page, answers(cast, own_work_rating=own)).status_code == 302
            cast.enrolment.refresh_from_db()
            dues.add(cast.enrolment.interview_due_on)
            transaction.set_rollback(True)
    assert len(dues) == 1


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"topics": ["weather"]}, "topics"),
        ({"own_work_rating": "happy"}, "own_work_rating"),
        ({"meeting_kind": "community_1"}, "meeting_kind"),
        ({"meeting_kind": "community_3", "way": "conference"}, "meeting_kind"),
    ],
)
def test_wrong_answers_are_told_at_their_field(client, cast, page, changes, field):
    answer = client.post(page, answers(cast, **changes))
    assert answer.status_code == ERROR
    assert field in answer.context["form"].errors
    assert "今日の話" in answer.content.decode()
    assert not Interview.objects.filter(notes="今日の話").exists()


def test_a_meeting_with_others_has_its_kind(client, cast, page):
    data = answers(
        cast, outcome="others", way="conference", work_rating="", life_rating="",
        meeting_kind="community_2", participants="職場の上司、相談支援専門員",
    )  # fmt: skip
    assert client.post(page, data).status_code == 302
    row = Interview.objects.get(notes="今日の話")
    shown = client.get(reverse("interview_page", args=[row.public_id])).content.decode()
    assert "地域連携会議（Ⅱ）" in shown
    with pytest.raises(IntegrityError), transaction.atomic():
        Interview.objects.filter(pk=row.pk).update(way="phone")


def test_of_a_talk_with_others_one_says_with_whom(client, cast, page):
    data = answers(cast, outcome="others", way="phone", work_rating="", life_rating="")
    answer = client.post(page, data)
    assert answer.status_code == ERROR
    assert list(answer.context["form"].errors) == ["spoke_with"]
    assert "今日の話" in answer.content.decode()
    assert client.post(page, {**data, "spoke_with": ["workplace", "other"]}).status_code == 302
    assert Interview.objects.get(notes="今日の話").spoke_with == ["workplace", "other"]
    person = reverse("client_page", args=[cast.enrolment.client.public_id])
    assert "職場の人・そのほかと" in client.get(person).content.decode()


def test_a_visit_to_the_workplace_says_with_whom(client, cast, page):
    data = answers(cast, outcome="others", way="employer_visit", work_rating="", life_rating="")
    assert client.post(page, data).status_code == 302


def test_the_last_time_is_copied_on_request(client, cast, page):
    data = answers(cast, topics=["money"], place="喫茶店", participants="母", agreed="家計簿をつける",
                   way="video")  # fmt: skip
    client.post(page, data)
    fresh = client.get(page)
    assert "?copy=1" in fresh.content.decode()
    assert fresh.context["form"]["place"].value() is None
    copied = client.get(f"{page}?copy=1").context["form"]
    values = {name: copied[name].value() for name in ("way", "place", "participants", "agreed")}
    assert values == {
        "way": "video",
        "place": "喫茶店",
        "participants": "母",
        "agreed": "家計簿をつける",
    }
    assert copied["topics"].value() == ["money"]
    assert copied["notes"].value() is None
    assert copied["held_on"].value() == cast.today.isoformat()


def test_a_draft_keeps_every_topic(client, cast, page):
    save = reverse("draft_save", args=[cast.enrolment.public_id])
    draft = client.post(save, answers(cast, topics=["money", "home"])).json()["draft"]
    form = client.get(f"{page}?draft={draft}").context["form"]
    assert form["topics"].value() == ["money", "home"]
