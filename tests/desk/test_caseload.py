"""The questions of the caseload: each answers by its facts, and its count agrees with its list."""

from datetime import timedelta
from itertools import product

import pytest
from django.urls import reverse

from clients.models import Enrolment, StaffAssignment
from plans.models import Interview, ReportShare
from plans.queries.caseload import Ask, ask_counts, ask_q, by_urgency, case_rows
from plans.rules.kinds import Rating
from plans.rules.worry import FLAGS, is_worrying
from teikyaku.periods import Month
from tests.accounts.test_coming_and_going import enter
from tests.cast import meet, talk


def asked(cast, ask, on=None):
    return Enrolment.objects.filter(office=cast.office).filter(ask_q(ask, on or cast.today))


def has(cast, ask, on=None):
    return cast.enrolment in asked(cast, ask, on)


def contact(cast, on, **facts):
    return talk(cast.enrolment, cast.members["worker"], on, **facts)


def test_overdue_and_due_within_a_week(cast):
    due = cast.enrolment.interview_due_on or Month.of(cast.today).last_day
    Enrolment.objects.filter(pk=cast.enrolment.pk).update(interview_due_on=due)
    assert has(cast, Ask.OVERDUE, due + timedelta(days=1))
    assert not has(cast, Ask.OVERDUE, due)
    assert has(cast, Ask.DUE_WEEK, due - timedelta(days=7))
    assert not has(cast, Ask.DUE_WEEK, due - timedelta(days=8))


def test_an_appointment_within_seven_days(cast):
    assert not has(cast, Ask.APPOINTMENT)
    contact(
        cast, cast.today - timedelta(days=1), way="phone", outcome="others",
        next_on=cast.today + timedelta(days=7),
    )  # fmt: skip
    assert has(cast, Ask.APPOINTMENT)
    assert not has(cast, Ask.APPOINTMENT, cast.today - timedelta(days=1))
    row = case_rows(by_urgency(asked(cast, Ask.APPOINTMENT)), cast.today)[0]
    assert row.next_on == cast.today + timedelta(days=7)


def test_an_attempt_stands_beside_the_last_talk_and_not_in_its_place(cast):
    contact(cast, cast.today - timedelta(days=2), way="phone", outcome="others", notes="母と話した")
    contact(cast, cast.today, way="phone", outcome="attempt")
    row = case_rows(Enrolment.objects.filter(pk=cast.enrolment.pk), cast.today)[0]
    assert (row.last_note, row.last_on) == ("母と話した", cast.today - timedelta(days=2))
    assert row.tried_on == cast.today
    contact(cast, cast.today, way="phone", outcome="others", notes="折り返しがあった")
    row = case_rows(Enrolment.objects.filter(pk=cast.enrolment.pk), cast.today)[0]
    assert (row.last_note, row.tried_on) == ("折り返しがあった", None)


def test_not_met_yet_and_attempts_only(cast):
    first = Month.of(cast.today).first_day
    assert has(cast, Ask.NOT_MET)
    assert not has(cast, Ask.ATTEMPTS)
    contact(cast, first, way="phone", outcome="attempt")
    assert has(cast, Ask.ATTEMPTS)
    meet(cast.enrolment, cast.members["worker"], cast.today)
    assert not has(cast, Ask.NOT_MET)
    assert not has(cast, Ask.ATTEMPTS)


def test_reports_that_nobody_has(cast):
    assert not has(cast, Ask.REPORT)
    ReportShare.objects.filter(report__month=(Month.of(cast.today) - 1).first_day).delete()
    assert has(cast, Ask.REPORT)
    assert not has(cast, Ask.REPORT_NOW)
    meet(cast.enrolment, cast.members["worker"], cast.today)
    assert has(cast, Ask.REPORT_NOW)


@pytest.mark.parametrize(
    "facts",
    [{"has_worries": True}, {"wants_more": True}, {"work_rating": "unstable"},
     {"life_rating": "unstable"}, {"has_employer_concern": True}],
)  # fmt: skip
def test_the_last_meeting_worries(cast, facts):
    assert not has(cast, Ask.WORRYING)
    meet(cast.enrolment, cast.members["worker"], cast.today - timedelta(days=1), **facts)
    assert has(cast, Ask.WORRYING)
    meet(cast.enrolment, cast.members["worker"], cast.today, notes="落ち着いた")
    assert not has(cast, Ask.WORRYING)


def test_the_list_asks_what_the_rule_says(cast):
    kinds = ("settled", "watch", "unstable")
    told = Interview.objects.filter(pk=cast.interview.pk)
    for work, life, *flags in product(kinds, kinds, *[(False, True)] * len(FLAGS)):
        told.update(work_rating=work, life_rating=life, **dict(zip(FLAGS, flags, strict=True)))
        expected = is_worrying(Rating(work), Rating(life), *flags)
        assert has(cast, Ask.WORRYING) is expected, (work, life, flags)


def test_a_suggestion_waits_until_the_date_has_passed(cast):
    due = cast.enrolment.interview_due_on or Month.of(cast.today).last_day
    Enrolment.objects.filter(pk=cast.enrolment.pk).update(suggested_months=2, interview_due_on=due)
    assert has(cast, Ask.SUGGESTION, due)
    assert not has(cast, Ask.SUGGESTION, due + timedelta(days=1))


def test_counts_agree_with_the_lists(cast):
    meet(cast.enrolment, cast.members["worker"], cast.today, has_worries=True)
    people = Enrolment.objects.filter(office=cast.office)
    counts = ask_counts(people, Ask, cast.today)
    assert counts == {ask: asked(cast, ask).count() for ask in Ask}
    assert counts[Ask.WORRYING] == counts[Ask.IN_USE] == 1


def test_people_before_and_after_use_answer_no_question(cast):
    before = Enrolment.objects.get(client=cast.application.client)
    for ask in Ask:
        assert before not in asked(cast, ask), ask


def test_rows_tell_what_was_said_and_whom_not_to_call(client, cast):
    meet(cast.enrolment, cast.members["worker"], cast.today, agreed="来週、上司と三人で話す")
    row = case_rows(by_urgency(asked(cast, Ask.IN_USE)), cast.today)[0]
    assert row.name == "試験 太郎"
    assert row.last_on == cast.today
    assert row.last_note == "来週、上司と三人で話す"
    assert row.staff_name == cast.members["worker"].user.name


def test_the_page_filters_by_staff_and_keeps_it_in_the_links(client, cast):
    enter(client, cast.members["worker"])
    worker, manager = (str(cast.members[k].public_id) for k in ("worker", "manager"))
    url = reverse("caseload")
    mine = client.get(f"{url}?ask=in_use&staff={worker}")
    assert len(mine.context["rows"]) == 1
    assert len(client.get(f"{url}?ask=in_use&staff={manager}").context["rows"]) == 0
    chips = [*mine.context["asks"]["some"], *mine.context["asks"]["none"]]
    assert len(chips) == len(Ask)
    assert all(f"staff={worker}" in item["url"] for item in chips)
    assert client.get(f"{url}?ask=nonsense&staff=nonsense").status_code == 200
    StaffAssignment.objects.all().delete()
    assert (
        "当てはまる人はいません" in client.get(f"{url}?ask=in_use&staff={worker}").content.decode()
    )


def test_the_page_opens_with_ones_own_people_where_there_are_some(client, cast):
    url = reverse("caseload")
    enter(client, cast.members["worker"])
    mine = client.get(url)
    assert mine.context["whose"] == cast.members["worker"].user.name
    assert "<h1>今月の担当</h1>" in mine.content.decode()
    assert client.get(f"{url}?staff=all").context["whose"] == "全員"
    # Who carries nobody sees everybody's.
    enter(client, cast.members["manager"])
    assert client.get(url).context["whose"] == "全員"
    StaffAssignment.objects.all().delete()
    enter(client, cast.members["worker"])
    assert client.get(url).context["whose"] == "全員"


def test_questions_that_nobody_answers_are_folded(client, cast):
    enter(client, cast.members["worker"])
    page = client.get(reverse("caseload") + "?ask=in_use")
    folded = page.content.decode().split("<details", 2)[-1].split("</details>")[0]
    chips = page.context["asks"]
    assert all(item["count"] or item["current"] for item in chips["some"])
    assert all(item["count"] == 0 for item in chips["none"])
    assert Ask.NO_STAFF.label in [item["label"] for item in chips["none"]]
    assert "利用中の全員" in [item["label"] for item in chips["some"]]
    assert folded


def test_to_meet_is_overdue_due_soon_or_agreed(cast):
    on = cast.today
    Enrolment.objects.filter(pk=cast.enrolment.pk).update(interview_due_on=on + timedelta(days=30))
    assert not has(cast, Ask.TO_MEET)
    contact(cast, on - timedelta(days=1), way="phone", outcome="others", next_on=on)
    assert has(cast, Ask.TO_MEET)
    assert not has(cast, Ask.TO_MEET, on + timedelta(days=1))
    assert has(cast, Ask.TO_MEET, on + timedelta(days=23))
    assert has(cast, Ask.TO_MEET, on + timedelta(days=60))
