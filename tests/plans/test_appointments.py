"""会う約束: the newest talk says the day, met is kept, moved or called off is told everywhere."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from clients.models import Enrolment
from plans.actions import life_change
from plans.actions.appointment import change_appointment
from plans.actions.pace import derive
from plans.models import AppointmentChange, Interview
from plans.queries.appointment import appointment_q, said_last
from plans.queries.caseload import Ask, ask_q, case_rows
from plans.queries.reminder import cases_of
from teikyaku.accounts.models import AuditEvent
from teikyaku.clock import at_noon
from tests.accounts.test_coming_and_going import enter
from tests.cast import meet

DAY = timedelta(days=1)


@pytest.fixture
def diary(cast):
    return Diary(cast)


class Diary:
    """The cast's person and what is agreed with them."""

    def __init__(self, cast):
        self.cast, self.enrolment, self.on = cast, cast.enrolment, cast.today
        self.worker = cast.members["worker"]

    def talk(self, back, ahead=None, **facts):
        facts = {"way": "phone", "outcome": "others", **facts}
        return life_change.log_interview(
            enrolment=self.enrolment, held_on=self.on - back * DAY, met_by=self.worker,
            next_on=None if ahead is None else self.on + ahead * DAY, by=self.worker,
            at=at_noon(self.on), **facts,
        )  # fmt: skip

    def meets(self, back=0, ahead=None):
        return meet(
            self.enrolment, self.worker, self.on - back * DAY,
            **({} if ahead is None else {"next_on": self.on + ahead * DAY}),
        )  # fmt: skip

    def change(self, ahead, at=None, note=""):
        return change_appointment(
            enrolment=self.enrolment, next_on=None if ahead is None else self.on + ahead * DAY,
            note=note, by=self.worker, at=at or at_noon(self.on) + timedelta(minutes=5),
        )  # fmt: skip

    def agreed(self):
        """Days from today; every place that tells it gives the same answer."""
        self.enrolment.refresh_from_db()
        agreed = self.enrolment.next_appointment(self.on)
        (derived,) = derive([Enrolment.objects.get(pk=self.enrolment.pk)])
        assert derived.appointment_on == self.enrolment.appointment_on
        people = Enrolment.objects.filter(pk=self.enrolment.pk)
        assert case_rows(people, self.on)[0].next_on == agreed
        assert cases_of([self.worker], self.on)[self.worker.pk][0].next_on == agreed
        is_soon = agreed is not None and agreed <= self.on + 7 * DAY
        assert people.filter(ask_q(Ask.APPOINTMENT, self.on)).exists() is is_soon
        assert people.filter(appointment_q(self.on)).exists() is (agreed == self.on)
        return None if agreed is None else (agreed - self.on).days


def test_a_later_agreement_takes_the_place_of_the_earlier(diary):
    assert diary.agreed() is None
    diary.talk(9, ahead=5)
    assert diary.agreed() == 5
    diary.talk(0, ahead=14)
    assert diary.agreed() == 14


def test_an_earlier_day_agreed_later_holds_and_does_not_bring_the_other_back(diary):
    diary.talk(9, ahead=20)
    diary.talk(3, ahead=0)
    assert diary.agreed() == 0
    diary.meets()
    assert diary.agreed() is None


def test_a_contact_without_a_day_and_an_attempt_change_nothing(diary):
    diary.talk(3, ahead=6)
    diary.talk(1)
    diary.talk(0, outcome="attempt")
    diary.talk(0, ahead=2, outcome="attempt", notes="また来ると書いた紙を残した")
    assert diary.agreed() == 6


def test_kept_is_done(diary):
    diary.talk(9, ahead=0)
    assert diary.agreed() == 0
    diary.talk(0, outcome="met", work_rating="settled", life_rating="settled")
    assert diary.agreed() == 0  # a call before one meets does not keep it
    diary.meets()
    assert diary.agreed() is None


def test_the_meeting_of_the_day_says_the_next(diary):
    diary.talk(9, ahead=0)
    diary.meets(ahead=14)
    assert diary.agreed() == 14


def test_what_is_taken_back_agreed_nothing(diary):
    diary.talk(9, ahead=5)
    row = diary.talk(1, ahead=14)
    who = {"by": diary.worker, "at": at_noon(diary.on)}
    life_change.withdraw_interview(interview=row, reason="別の方だった", **who)
    assert diary.agreed() == 5


def test_moved_and_called_off_without_a_contact(diary):
    diary.talk(9, ahead=5)
    diary.change(12)
    assert diary.agreed() == 12
    diary.change(None, at=at_noon(diary.on) + timedelta(minutes=9))
    assert diary.agreed() is None
    diary.talk(0, ahead=20, notes="つぎの話")  # recorded at noon, before the changes
    assert diary.agreed() is None
    row = AppointmentChange.objects.first()
    assert (row.former_on, row.next_on) == (diary.on + 12 * DAY, None)
    assert set(AuditEvent.objects.filter(verb__startswith="appointment_").values_list("verb", flat=True)) == {
        "appointment_moved", "appointment_called_off",
    }  # fmt: skip


def test_an_older_change_does_not_come_back_after_a_later_talk(diary):
    diary.talk(9, ahead=5)
    diary.change(12, at=at_noon(diary.on - 3 * DAY))
    assert diary.agreed() == 12
    diary.talk(1, ahead=0)
    assert diary.agreed() == 0
    diary.meets()
    assert diary.agreed() is None


def test_putting_other_words_right_says_no_day_anew(diary):
    row = diary.talk(0, ahead=5)
    diary.change(12)
    facts = {"held_on": row.held_on, "way": row.way, "outcome": row.outcome, "met_by": row.met_by}
    late = {
        "by": diary.worker,
        "at": at_noon(diary.on) + timedelta(hours=1),
        "reason": "書き間違い",
    }
    again = row
    for words in ("直した", "また直した", "もう一度直した"):
        again = life_change.correct_interview(
            interview=again, next_on=row.next_on, notes=words, **facts, **late
        )
        assert diary.agreed() == 12
    life_change.correct_interview(
        interview=again, next_on=diary.on + 3 * DAY, notes="日も直した", **facts, **late
    )
    assert diary.agreed() == 3


def test_of_two_talks_of_a_day_a_slip_mended_in_the_first_leaves_the_second(diary):
    at = at_noon(diary.on)
    first = life_change.log_interview(
        enrolment=diary.enrolment, held_on=diary.on, way="phone", outcome="others",
        met_by=diary.worker, next_on=diary.on + 5 * DAY, by=diary.worker, at=at,
    )  # fmt: skip
    life_change.log_interview(
        enrolment=diary.enrolment, held_on=diary.on, way="phone", outcome="others", notes="二度目",
        met_by=diary.worker, next_on=diary.on + 8 * DAY, by=diary.worker,
        at=at + timedelta(hours=1),
    )  # fmt: skip
    assert diary.agreed() == 8
    again = life_change.correct_interview(
        interview=first, held_on=first.held_on, way="phone", outcome="others", notes="直した",
        met_by=first.met_by, next_on=first.next_on, reason="書き間違い", by=diary.worker,
        at=at + timedelta(hours=2),
    )  # fmt: skip
    assert diary.agreed() == 8
    contacts = list(Interview.objects.standing().order_by("held_on", "pk"))
    assert contacts[-1] == again
    assert said_last(contacts).notes == "二度目"


def test_no_day_after_the_last_usable_one(diary):
    Enrolment.objects.filter(pk=diary.enrolment.pk).update(window_ends_on=diary.on + 30 * DAY)
    diary.enrolment.refresh_from_db()
    diary.change(30)
    with pytest.raises(ValidationError, match="最後の日"):
        diary.change(31)


@pytest.mark.parametrize(("ahead", "words"), [(-1, "これからの日"), (5, "同じ日"), (None, "")])
def test_what_cannot_be(diary, ahead, words):
    if ahead is None:
        with pytest.raises(ValidationError, match="約束がありません"):
            diary.change(None)
        return
    diary.talk(9, ahead=5)
    with pytest.raises(ValidationError, match=words):
        diary.change(ahead)


def test_the_page_moves_and_calls_off(client, cast, diary):
    diary.talk(9, ahead=5)
    enter(client, cast.members["worker"])
    page = reverse("client_page", args=[cast.enrolment.client.public_id])
    url = reverse("appointment_change", args=[cast.enrolment.public_id])
    assert "次に会う約束：" in client.get(page).content.decode()
    assert url in client.get(page).content.decode()
    answer = client.post(url, {"next_on": "いつか", "note": "電話で"})
    assert answer.status_code == 422
    assert "いつか" in answer.content.decode()
    assert client.post(url, {"next_on": ""}).status_code == 422
    day = diary.on + 12 * DAY
    answer = client.post(url, {"next_on": f"{day.month}/{day.day}", "note": "電話で"}, follow=True)
    assert f"{day.month}月{day.day}日" in answer.content.decode()
    assert diary.agreed() == 12
    assert "電話で" in client.get(url).content.decode()
    answer = client.post(url, {"next_on": "いつか", "call_off": "1"})
    assert "この欄を空に" in answer.content.decode()
    assert client.post(url, {"next_on": "", "call_off": "1"}).status_code == 302
    assert diary.agreed() is None
    assert "次に会う約束はありません" in client.get(page).content.decode()
