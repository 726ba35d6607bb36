"""Correcting, taking back and carrying over: another day, somebody quicker, another person, after the end."""

from datetime import timedelta

import pytest
from django.urls import reverse

from clients.actions.enrolment import assign_staff
from plans.models import Interview
from teikyaku.accounts.roles import Role
from teikyaku.clock import at_noon
from tests.accounts.test_coming_and_going import enter
from tests.cast import make_member, meet, take_in

ERROR, FOUND = 422, 302
DAY = timedelta(days=1)


@pytest.fixture
def desk(client, cast):
    enter(client, cast.members["worker"])
    return Desk(client, cast)


class Desk:
    def __init__(self, client, cast):
        self.client, self.cast, self.on = client, cast, cast.today
        self.worker = cast.members["worker"]
        self.new = reverse("interview_new", args=[cast.enrolment.public_id])

    def answers(self, **changes):
        return {
            "outcome": "met", "way": "face", "held_on": self.on.isoformat(), "notes": "今日の話",
            "met_by": str(self.worker.public_id), "work_rating": "settled",
            "life_rating": "settled", **changes,
        }  # fmt: skip

    def logged(self, back=5, **facts):
        return meet(self.cast.enrolment, self.worker, self.on - back * DAY, **facts)

    def correct(self, row, **changes):
        url = reverse("interview_correct", args=[row.public_id])
        changes = {"correction_reason": "書き間違い", **changes}
        return self.client.post(url, self.answers(**changes))


def test_a_day_is_corrected_to_a_later_one_and_not_ahead(desk):
    row = desk.logged(back=7)
    ahead = desk.correct(row, held_on=(desk.on + DAY).isoformat())
    assert ahead.status_code == ERROR
    assert "まだ来ていない" in ahead.content.decode()
    assert desk.correct(row, held_on=(desk.on - 5 * DAY).isoformat()).status_code == FOUND
    assert Interview.objects.get(replaces=row).held_on == desk.on - 5 * DAY


def test_who_worked_there_on_the_corrected_day_can_be_chosen(desk):
    fresh = make_member("fresh", Role.SUPPORT_WORKER, office=desk.cast.office,
                        starts_on=desk.on - 4 * DAY)  # fmt: skip
    row = desk.logged(back=7)
    moved = {"met_by": str(fresh.public_id), "held_on": (desk.on - 3 * DAY).isoformat()}
    assert desk.correct(row, **moved).status_code == FOUND
    assert Interview.objects.get(replaces=row).met_by == fresh


def test_a_day_without_its_year_is_near_the_record(desk):
    row = desk.logged(back=7)
    Interview.objects.filter(pk=row.pk).update(held_on=desk.on.replace(year=desk.on.year - 1))
    page = desk.client.get(reverse("interview_correct", args=[row.public_id]))
    assert page.context["form"].fields["held_on"].near.year == desk.on.year - 1


def test_the_second_of_two_corrections_sees_the_first_and_loses_nothing(desk):
    row = desk.logged()
    assert (
        desk.correct(row, notes="先の人の文", held_on=row.held_on.isoformat()).status_code == FOUND
    )
    newer = Interview.objects.get(replaces=row)
    late = desk.correct(row, notes="あとの人の文", held_on=row.held_on.isoformat())
    page = late.content.decode()
    assert late.status_code == ERROR
    assert "先の人の文" in page
    assert "あとの人の文" in page
    aim = reverse("interview_correct", args=[newer.public_id])
    assert f'action="{aim}"' in page
    again = desk.answers(
        notes="あとの人の文", held_on=row.held_on.isoformat(), correction_reason="追記"
    )
    assert desk.client.post(aim, again).status_code == FOUND
    assert Interview.objects.get(replaces=newer).notes == "あとの人の文"
    # Opened anew, an address of a corrected row leads to the one that holds.
    opened = desk.client.get(reverse("interview_correct", args=[row.public_id]))
    newest = Interview.objects.get(replaces=newer)
    assert opened.url == reverse("interview_correct", args=[newest.public_id])


def test_after_the_end_contacts_of_the_days_before_are_written_and_corrected(desk):
    cast = desk.cast
    row = desk.logged(back=9)
    cast.enrolment.ends_on, cast.enrolment.end_reason = desk.on - 2 * DAY, "moved"
    cast.enrolment.save()
    last = desk.client.get(desk.new).context["form"]["held_on"].value()
    assert last == (desk.on - 2 * DAY).isoformat()
    assert desk.client.post(desk.new, desk.answers()).status_code == ERROR  # today is after the end
    late = desk.answers(held_on=(desk.on - 3 * DAY).isoformat(), notes="あとで書いた")
    assert desk.client.post(desk.new, late).status_code == FOUND
    assert desk.correct(row, held_on=(desk.on - 8 * DAY).isoformat()).status_code == FOUND
    undo = reverse(
        "interview_withdraw", args=[Interview.objects.get(notes="あとで書いた").public_id]
    )
    assert desk.client.post(undo, {"withdrawal_reason": "別の方"}).status_code == FOUND
    person = reverse("client_page", args=[cast.enrolment.client.public_id])
    page = desk.client.get(person).content.decode()
    assert desk.new in page
    assert "終わる前の面談・連絡を書き足す" in page


def test_the_words_of_a_record_taken_back_go_to_the_right_person(desk):
    right = take_in(desk.cast.office, desk.worker, desk.on - timedelta(days=300),
                    "別人 花子", "べつじん はなこ")  # fmt: skip
    row = desk.logged(back=1, notes="大事な話", agreed="次は店で", topics=["money"])
    page = reverse("interview_page", args=[row.public_id])
    carried = f"{reverse('interview_choose')}?from={row.public_id}"
    assert carried not in desk.client.get(page).content.decode()
    url = f"{reverse('interview_new', args=[right.public_id])}?from={row.public_id}"
    assert not desk.client.get(url).context["form"]["notes"].value()  # it still stands
    undo = reverse("interview_withdraw", args=[row.public_id])
    answer = desk.client.post(undo, {"withdrawal_reason": "別の方の記録だった"}, follow=True)
    assert carried in answer.content.decode()
    choose = desk.client.get(carried).content.decode()
    assert url in choose
    form = desk.client.get(url).context["form"]
    values = {name: form[name].value() for name in ("notes", "agreed", "topics", "held_on")}
    assert values == {"notes": "大事な話", "agreed": "次は店で", "topics": ["money"],
                      "held_on": row.held_on.isoformat()}  # fmt: skip
    enter(desk.client, desk.cast.members["outsider"])
    foreign = reverse("interview_new", args=[desk.cast.foreign.public_id])
    assert desk.client.get(f"{foreign}?from={row.public_id}").status_code == 404


def test_a_refusal_is_asked_what_was_offered_instead(desk):
    refused = desk.answers(outcome="refused", work_rating="", life_rating="")
    answer = desk.client.post(desk.new, refused)
    assert answer.status_code == ERROR
    assert "offered_instead" in answer.context["form"].errors
    assert (
        desk.client.post(desk.new, {**refused, "offered_instead": "電話で話す"}).status_code
        == FOUND
    )


def test_last_times_view_stands_under_each_question(desk):
    desk.logged(back=2, work_rating="watch", own_work_rating="unstable", life_rating="settled")
    form = desk.client.get(desk.new).context["form"]
    assert form.fields["work_rating"].help_text == "最後の面談：気になる（本人 不安定）"
    assert form.fields["life_rating"].help_text == "最後の面談：安定"


def test_a_second_try_is_another_attempt_and_a_second_press_is_none(desk):
    url = reverse("attempt_new", args=[desk.cast.enrolment.public_id])
    data = {"held_on": desk.on.isoformat(), "way": "phone", "notes": ""}
    assert desk.client.post(url, data).status_code == FOUND
    assert desk.client.post(url, data).status_code == ERROR
    first = Interview.objects.get(outcome="attempt")
    Interview.objects.filter(pk=first.pk).update(
        recorded_at=first.recorded_at - timedelta(minutes=3)
    )
    assert desk.client.post(url, data).status_code == FOUND
    assert Interview.objects.filter(outcome="attempt").count() == 2


def test_a_colleagues_record_of_the_same_meeting_is_shown_before_a_second_is_made(desk):
    colleague = make_member("colleague", Role.SUPPORT_WORKER, office=desk.cast.office)
    row = meet(desk.cast.enrolment, colleague, desk.on, notes="同僚が書いた話")
    told = desk.client.post(desk.new, desk.answers())
    page = told.content.decode()
    assert told.status_code == ERROR
    assert "同僚が書いた話" in page
    assert "今日の話" in page
    assert f'name="beside" value="{row.public_id}"' in page
    assert not Interview.objects.filter(notes="今日の話").exists()
    again = desk.answers(beside=str(row.public_id))
    assert desk.client.post(desk.new, again).status_code == FOUND


def test_the_choice_begins_with_todays_appointment(desk):
    worker, on = desk.worker, desk.on
    others = [
        take_in(desk.cast.office, worker, on - timedelta(days=300), f"別人 {n}", f"あ{n}")
        for n in "いう"
    ]
    for person in others:
        assign_staff(
            enrolment=person, staff=worker, starts_on=on, by=desk.cast.members["manager"],
            at=at_noon(on),
        )  # fmt: skip
    meet(others[1], worker, on - 3 * DAY, next_on=on)
    first = desk.client.get(reverse("interview_choose")).context["rows"][0]
    assert first.pk == others[1].pk
