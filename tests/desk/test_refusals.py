"""辞退 on the pages: the wish and what was offered instead of a reproach; the date stays."""

from datetime import timedelta

import pytest
from django.urls import reverse

from clients.models import Enrolment
from clients.models.enrolment import EnrolmentQuerySet
from clients.queries.client_list import Show, show_q
from clients.queries.dossier import client_dossier
from plans.actions import life_change
from plans.models import Interview
from plans.queries.caseload import ASK_NOTES, Ask, ask_q, case_rows, todays_first
from plans.queries.reminder import long_overdue
from plans.queries.reminder_mail import digest_of
from teikyaku.accounts.models import Membership
from teikyaku.clock import at_noon
from teikyaku.desk.queries.home import worker_desk
from teikyaku.desk.queries.person import person_page
from teikyaku.periods import Month
from tests.accounts.test_coming_and_going import enter
from tests.cast import meet, talk

DAY = timedelta(days=1)


@pytest.fixture
def late(cast):
    """The day after the date: they are late."""
    return cast.enrolment.interview_due_on + DAY


def log(cast, on, outcome, **facts):
    row = life_change.log_interview(
        enrolment=cast.enrolment, held_on=on, way="phone", outcome=outcome,
        met_by=cast.members["worker"], by=cast.members["worker"], at=at_noon(on), **facts,
    )  # fmt: skip
    cast.enrolment.refresh_from_db()
    return row


def refuse(cast, on):
    return log(cast, on, "refused", offered_instead="テレビ電話")


def page_of(cast, on):
    return person_page(client_dossier(cast.enrolment, on), on, cast.members["worker"])


def due_thing(cast, on):
    return next(thing for thing in page_of(cast, on).next if thing.anchor == "due")


def asked(cast, ask, on):
    return Enrolment.objects.filter(ask_q(ask, on), pk=cast.enrolment.pk).exists()


def test_the_next_thing_tells_the_wish_and_keeps_the_date(cast, late):
    due_on = cast.enrolment.interview_due_on
    assert "期限が過ぎて" in due_thing(cast, late).text
    refuse(cast, late)
    thing = due_thing(cast, late)
    assert thing.text == "本人が希望しませんでした（代わりに：テレビ電話）"
    assert thing.note == f"面談がなければ、{late.month}月は請求できません。"
    assert (thing.tone, thing.by) == ("info", due_on)
    # The next month asks anew, and so does a call in which they spoke.
    assert due_thing(cast, (Month.of(late) + 1).first_day).tone == "danger"
    log(cast, late, "met", work_rating="settled", life_rating="settled")
    assert due_thing(cast, late).tone == "danger"


def test_the_row_tells_it_and_does_not_call_it_late(client, cast, late):
    refuse(cast, late)
    (row,) = case_rows(Enrolment.objects.filter(pk=cast.enrolment.pk), late)
    assert row.refusal.words == "本人が希望しませんでした（代わりに：テレビ電話）"
    assert row.last_words == "電話・本人が希望しなかった（代わりに：テレビ電話）"
    assert (row.tried_on, row.is_late) == (None, False)


def test_it_is_a_question_of_its_own(cast, late):
    first = Month.of(late).first_day
    log(cast, first, "attempt")
    assert asked(cast, Ask.ATTEMPTS, late)
    assert asked(cast, Ask.NOT_MET, late)
    assert not asked(cast, Ask.REFUSED, late)
    refuse(cast, late)
    assert asked(cast, Ask.REFUSED, late)
    assert not asked(cast, Ask.ATTEMPTS, late)
    assert not asked(cast, Ask.NOT_MET, late)
    assert not asked(cast, Ask.REFUSED, (Month.of(late) + 1).first_day)
    # Who did not want to meet is not late; the next month asks anew.
    assert not asked(cast, Ask.OVERDUE, late)
    assert asked(cast, Ask.OVERDUE, (Month.of(late) + 1).first_day)
    log(cast, late, "met", work_rating="settled", life_rating="settled")
    assert not asked(cast, Ask.REFUSED, late)
    assert asked(cast, Ask.NOT_MET, late)
    assert asked(cast, Ask.OVERDUE, late)


def test_home_and_mail_count_it_as_the_wish_and_not_as_late(cast, late):
    worker = Membership.objects.with_places().get(pk=cast.members["worker"].pk)

    def told():
        counts = {each.label: each.count for each in worker_desk(worker, late).counts.every}
        titles = {part.title for part in digest_of(worker, late).parts if part.lines}
        return counts[Ask.OVERDUE.label], counts[Ask.REFUSED.label], titles

    over, wished, titles = told()
    assert (over, wished) == (1, 0)
    assert "面談の期限が過ぎた方" in titles
    refuse(cast, late)
    over, wished, titles = told()
    assert (over, wished) == (0, 1)
    assert "面談の期限が過ぎた方" not in titles
    assert "今月は本人が希望しなかった方" in titles
    mail = digest_of(worker, late).mail
    assert f"面談がなければ、{late.month}月は請求できません" in mail.body


def told_late(cast, on):
    return list(long_overdue([cast.office.pk], on))


def test_who_leads_is_told_of_no_lateness_that_is_a_wish(cast, late):
    on = (Month.of(late) + 1).last_day
    assert [row.pk for row in told_late(cast, on)] == [cast.enrolment.pk]
    refuse(cast, on)
    assert told_late(cast, on) == []


def test_the_message_tells_the_wish(client, cast):
    on = cast.today
    Interview.objects.filter(enrolment=cast.enrolment, held_on__gte=Month.of(on).first_day).delete()
    Enrolment.objects.filter(pk=cast.enrolment.pk).update(
        last_met_on=None, interview_due_on=on - DAY
    )
    enter(client, cast.members["worker"])
    answers = {
        "outcome": "refused", "way": "phone", "held_on": on.isoformat(),
        "offered_instead": "テレビ電話", "met_by": str(cast.members["worker"].public_id),
    }  # fmt: skip
    url = reverse("interview_new", args=[cast.enrolment.public_id])
    page = client.post(url, answers, follow=True)
    (said, *_) = [str(each) for each in page.context["messages"]]
    wish = "本人が希望しませんでした（代わりに：テレビ電話）。"
    assert f"記録しました。{wish}面談がなければ、{on.month}月は請求できません。" in said
    assert "期限が過ぎた" not in said


SINCE = ["attempt", "others", "refused", "met", "meeting"]


@pytest.mark.parametrize("since", SINCE)
def test_list_and_row_agree(cast, late, since):
    refuse(cast, late)
    if since == "meeting":
        meet(cast.enrolment, cast.members["worker"], late)
    else:
        ratings = {"work_rating": "settled", "life_rating": "settled"} if since == "met" else {}
        log(cast, late, since, notes=since, **ratings)
    (row,) = case_rows(Enrolment.objects.filter(pk=cast.enrolment.pk), late)
    assert asked(cast, Ask.REFUSED, late) is (row.refusal is not None)
    assert (row.refusal is None) is (since in {"met", "meeting"})


def test_a_refusal_after_a_meeting_of_the_month_costs_nothing(cast, late):
    meet(cast.enrolment, cast.members["worker"], late)
    cast.enrolment.refresh_from_db()
    refuse(cast, late)
    assert not asked(cast, Ask.REFUSED, late)
    assert "希望しません" not in due_thing(cast, late).text
    assert page_of(cast, late).months[0].refusal is None


def test_who_did_not_want_to_meet_comes_last(cast, late):
    other = Enrolment.objects.get(pk=cast.foreign.pk)
    Enrolment.objects.filter(pk=other.pk).update(interview_due_on=late + 3 * DAY)
    people = Enrolment.objects.filter(pk__in=[cast.enrolment.pk, other.pk])
    assert [row.pk for row in todays_first(people, late)] == [cast.enrolment.pk, other.pk]
    refuse(cast, late)
    assert [row.pk for row in todays_first(people, late)] == [other.pk, cast.enrolment.pk]


def test_months_and_history_name_it_with_what_was_offered(cast, late):
    refuse(cast, late)
    page = page_of(cast, late)
    line = page.months[0]
    assert (line.refusal.words, line.attempts) == (
        "本人が希望しませんでした（代わりに：テレビ電話）",
        0,
    )
    assert line.refusal.cost == f"面談がなければ、{late.month}月は請求できません。"
    over = page_of(cast, (Month.of(late) + 1).first_day).months[1]
    assert over.refusal.cost == "請求できない月です。"
    assert any("（代わりに：テレビ電話）" in entry.detail for entry in page.recent)


def test_the_pages_say_it(client, cast):
    on = cast.today
    Enrolment.objects.filter(pk=cast.enrolment.pk).update(interview_due_on=on - DAY)
    Interview.objects.filter(enrolment=cast.enrolment, held_on__gte=Month.of(on).first_day).delete()
    refuse(cast, on)
    enter(client, cast.members["worker"])
    page = client.get(reverse("client_page", args=[cast.enrolment.client.public_id]))
    text = page.content.decode()
    assert text.count("（代わりに：テレビ電話）") >= 4
    assert "早めに会う日を決めましょう" not in text
    assert "日過ぎ" not in text
    home = client.get(reverse("home")).content.decode()
    assert "（代わりに：テレビ電話）" in home
    assert f"面談がなければ、{on.month}月は請求できません。" in home
    assert "日過ぎ" not in home
    listed = client.get(reverse("caseload"), {"ask": "refused", "staff": "all"}).content.decode()
    assert str(ASK_NOTES[Ask.REFUSED]) in listed
    assert "試験 太郎" in listed
    assert 'class="text-danger text-strong"' not in listed
    worrying = client.get(reverse("caseload"), {"ask": "worrying"}).content.decode()
    assert "「気になる」だけの人は入りません" in worrying


def test_the_wish_is_the_same_in_every_list(client, cast):
    """Stored by one writer: list of people, whom-to-record, home, calendar; undone by a later talk."""
    enrolment, worker, on = cast.enrolment, cast.members["worker"], cast.today
    Enrolment.objects.filter(pk=enrolment.pk).update(interview_due_on=on - timedelta(days=3))
    own = Enrolment.objects.filter(pk=enrolment.pk)
    assert own.filter(show_q(Show.OVERDUE, on)).exists()
    talk(enrolment, worker, on, way="phone", outcome="refused")
    own.update(last_met_on=None)
    row = own.get()
    assert row.refused_on == on
    assert row.has_refused(on)
    assert not row.is_late(on)
    for show in (Show.OVERDUE, Show.DUE_THIS_WEEK):
        assert not own.filter(show_q(show, on)).exists()
    assert own.filter(ask_q(Ask.REFUSED, on)).exists()
    enter(client, worker)
    for name in ("client_list", "interview_choose"):
        page = client.get(reverse(name)).content.decode()
        assert "本人の希望" in page
        assert "3日過ぎ" not in page
    rated = {"work_rating": "settled", "life_rating": "settled"}
    talk(enrolment, worker, on, way="phone", outcome="met", **rated)
    row = own.get()
    assert row.refused_on is None
    assert row.is_late(on)
    assert own.filter(show_q(Show.OVERDUE, on)).exists()


def test_a_wish_of_last_month_is_over(cast):
    enrolment, on = cast.enrolment, cast.today
    before = Month.of(on).first_day - timedelta(days=1)
    talk(enrolment, cast.members["worker"], before, way="phone", outcome="refused")
    Enrolment.objects.filter(pk=enrolment.pk).update(last_met_on=None, interview_due_on=before)
    row = Enrolment.objects.get(pk=enrolment.pk)
    assert row.refused_on == before
    assert (row.has_refused(before), row.has_refused(on), row.is_late(on)) == (True, False, True)
    assert Enrolment.objects.filter(EnrolmentQuerySet.late_q(on), pk=row.pk).exists()
