"""One opening of the form is one draft and one record, whatever arrives late, twice or not at all."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse

from plans.models import Interview, InterviewDraft
from tests.accounts.test_coming_and_going import enter

ERROR = 422


class Desk:
    """The cast's worker, and the requests that one opened form sends."""

    def __init__(self, client, cast):
        self.client, self.cast = client, cast
        self.form = reverse("interview_new", args=[cast.enrolment.public_id])
        self.save_url = reverse("draft_save", args=[cast.enrolment.public_id])
        self.page, self.turn = str(uuid4()), 1000
        enter(client, cast.members["worker"])

    def answers(self, **changes):
        return {
            "outcome": "met", "way": "face", "held_on": self.cast.today.isoformat(),
            "met_by": str(self.cast.members["worker"].public_id), "work_rating": "settled",
            "life_rating": "watch", "notes": "朝の電車がつらい", "topics": ["commute", "health"],
            "written_page": self.page, "kept": "0abc12345678xy", **changes,
        }  # fmt: skip

    def save(self, **changes):
        self.turn += 1
        return self.client.post(
            self.save_url, self.answers(**{"written_turn": self.turn, **changes})
        )

    def record(self, **changes):
        return self.client.post(self.form, self.answers(**changes))

    def records(self):
        return Interview.objects.filter(
            enrolment=self.cast.enrolment, held_on=self.cast.today
        ).count()


@pytest.fixture
def desk(client, cast):
    found = Desk(client, cast)
    found.before = found.records()
    return found


def test_a_save_that_arrives_after_the_record_is_no_draft(desk):
    assert desk.record().status_code == 302
    late = desk.save()
    assert late.status_code == 410
    assert "もう記録して" in late.json()["error"]
    assert not InterviewDraft.objects.exists()
    assert desk.records() == desk.before + 1


def test_the_record_takes_the_draft_along_of_which_the_page_does_not_know(desk):
    assert desk.save(notes="朝の電車").status_code == 200  # its answer is still on the way
    assert desk.record().status_code == 302
    assert not InterviewDraft.objects.exists()
    home = desk.client.get(reverse("home")).content.decode()
    assert "書きかけの記録" not in home


def test_ones_own_save_on_the_way_is_no_conflict(desk):
    first = desk.save().json()
    assert desk.save(notes="朝の電車がつらい。時差", **first).json()["version"] == 2
    # The page knows version 1, and wrote version 2 itself.
    done = desk.record(notes="朝の電車がつらい。時差出勤", **first)
    assert done.status_code == 302
    assert not InterviewDraft.objects.exists()


def test_a_refused_page_shows_no_own_words_as_anothers(desk):
    first = desk.save().json()
    desk.save(notes="自分の文", **first)
    wrong = desk.record(work_rating="", **first)
    assert wrong.status_code == ERROR
    assert "ほかの画面で" not in wrong.content.decode()
    assert f'name="written_page" value="{desk.page}"' in wrong.content.decode()


def test_another_screen_is_still_told(desk):
    first = desk.save().json()
    assert desk.save(notes="もう一つの画面", written_page=str(uuid4()), **first).status_code == 200
    assert desk.save(notes="この画面", **first).status_code == 409
    told = desk.record(notes="この画面", **first)
    assert told.status_code == ERROR
    assert "もう一つの画面" in told.content.decode()
    assert desk.records() == desk.before


def test_a_lost_answer_makes_no_second_draft_and_no_conflict(desk):
    first = desk.save().json()
    second = desk.save(notes="続けて書いた")  # the first answer was lost: it names no draft
    assert second.json() == {"draft": first["draft"], "version": 2}
    assert desk.save(notes="もっと書いた", **first).json()["version"] == 3
    assert InterviewDraft.objects.get().answers["notes"] == "もっと書いた"


def test_a_save_that_was_overtaken_writes_over_nothing(desk):
    first = desk.save().json()
    desk.save(notes="あとの文", **first)
    late = desk.save(notes="まえの文", written_turn=1, **first)
    assert late.status_code == 409
    assert desk.save(notes="まえの文", written_turn=1).status_code == 409
    assert InterviewDraft.objects.get().answers["notes"] == "あとの文"


def test_sent_again_after_a_lost_answer_it_is_told_to_be_stored(desk):
    draft = desk.save().json()
    for _time in (1, 2, 3):
        answer = desk.record(**draft)
        assert answer.status_code == 302
        assert answer.url.endswith("#stored=0abc12345678xy")
    told = desk.client.get(answer.url).content.decode()
    assert "もう記録してあります" in told
    assert reverse("interview_page", args=[Interview.objects.latest("pk").public_id]) in told
    assert desk.records() == desk.before + 1
    assert not InterviewDraft.objects.exists()


def test_back_in_the_browser_other_words_are_told_once_and_kept(desk):
    desk.record()
    told = desk.record(notes="午後にもう一度会った")
    text = told.content.decode()
    assert told.status_code == ERROR
    assert "もう記録しています" in text
    assert "午後にもう一度会った" in text
    assert "data-keep-back" not in text  # it goes on as another text
    page = re.search(r'name="written_page" value="([^"]+)"', text)[1]
    assert page != desk.page
    assert desk.records() == desk.before + 1
    told_day = re.search(r'name="told_day" value="([^"]*)"', text)[1]
    again = desk.record(notes="午後にもう一度会った", written_page=page, told_day=told_day)
    assert again.status_code == 302
    assert desk.records() == desk.before + 2


def test_a_text_that_waited_on_the_device_is_known_by_its_page(desk):
    desk.record()
    fresh = {"written_page": str(uuid4()), "written_from": desk.page}
    assert desk.save(**fresh).status_code == 410
    assert "もう記録してあります" in desk.client.get(desk.record(**fresh).url).content.decode()
    assert desk.records() == desk.before + 1
    assert not InterviewDraft.objects.exists()


def test_an_attempt_sent_again_is_one(desk):
    url = reverse("attempt_new", args=[desk.cast.enrolment.public_id])
    page = re.search(r'name="written_page" value="([^"]+)"', desk.client.get(url).content.decode())[
        1
    ]
    sent = {"held_on": desk.cast.today.isoformat(), "way": "phone", "written_page": page}
    assert desk.client.post(url, sent).status_code == 302
    # Long after: it is still the same press of the button.
    Interview.objects.filter(page=page).update(
        recorded_at=Interview.objects.get(page=page).recorded_at - timedelta(hours=1)
    )
    again = desk.client.post(url, sent, follow=True)
    assert "もう記録してあります" in again.content.decode()
    assert desk.records() == desk.before + 1
    other = desk.client.post(url, {**sent, "notes": "夕方にも"})
    assert other.status_code == ERROR
    assert desk.records() == desk.before + 1


def test_what_stands_on_the_day_is_said_with_a_link(desk):
    empty = desk.client.get(desk.form).content.decode()
    assert "の記録がもうあります" not in empty
    desk.record()
    link = reverse("interview_page", args=[Interview.objects.latest("pk").public_id])
    attempt = reverse("attempt_new", args=[desk.cast.enrolment.public_id])
    for url in (desk.form, attempt):
        text = desk.client.get(url).content.decode()
        assert "の記録がもうあります" in text
        assert link in text
    told_day = re.search(
        r'name="told_day" value="([^"]+)"', desk.client.get(desk.form).content.decode()
    )[1]
    another = desk.record(written_page=str(uuid4()), notes="別の話", told_day=told_day)
    assert another.status_code == 302  # it was said: nothing is asked


def test_a_typed_day_that_has_the_same_is_asked_once(desk):
    desk.record()
    sent = {"written_page": str(uuid4()), "notes": "別の話"}
    assert (
        desk.record(
            **sent, way="phone", outcome="others", spoke_with=["family"], told_day=""
        ).status_code
        == 302
    )
    sent["written_page"] = str(uuid4())
    asked = desk.record(**sent, told_day="")
    text = asked.content.decode()
    assert asked.status_code == ERROR
    assert "同じ方法と結果の記録がもうあります" in text
    assert "別の話" in text
    told_day = re.search(r'name="told_day" value="([^"]+)"', text)[1]
    assert desk.record(**sent, told_day=told_day).status_code == 302


def test_nonsense_of_a_page_breaks_nothing(desk):
    for key in ("written_page", "written_turn", "written_from", "told_day"):
        assert desk.save(**{key: "うそ"}).status_code in (200, 410)
        assert desk.record(**{key: "うそ"}, notes=f"{key}の話").status_code in (302, ERROR)


def test_a_meeting_by_somebody_else_says_that_it_counts_for_no_month(client, cast):
    enter(client, cast.members["manager"])
    url = reverse("interview_new", args=[cast.enrolment.public_id])
    in_charge = str(cast.members["worker"].public_id)
    assert client.get(url).context["form"]["met_by"].value() == in_charge
    sent = {
        "held_on": cast.today.isoformat(), "way": "face", "outcome": "met",
        "met_by": str(cast.members["manager"].public_id), "work_rating": "settled",
        "life_rating": "settled", "notes": "元気",
    }  # fmt: skip
    page = client.post(url, sent, follow=True).content.decode()
    assert "就労定着支援員ではないので、この面談は月の面談に数えません" in page
