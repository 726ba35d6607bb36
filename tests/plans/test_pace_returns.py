"""A longer pace that comes back: by a missed date, by hand, by a change of job; and when it is told."""

from datetime import date as d
from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse

from clients.models import Employer, Employment, Enrolment, StaffAssignment
from plans.actions import life_change
from plans.actions.pace import refresh
from plans.actions.reminder import write_reminders
from plans.models import Escalation, Interview, PaceDecision
from plans.queries.caseload import case_rows
from plans.queries.pace import due_if_monthly, next_due_of
from teikyaku.clock import at_noon
from teikyaku.desk.inconsistencies.derived import differing
from teikyaku.desk.queries.escalations import escalation_rows
from teikyaku.era import both
from tests.accounts.test_coming_and_going import enter
from tests.cast import cast_of, meet
from tests.plans.pace_cast import at_two_months, attempts, settings_from
from tests.plans.test_reminders import MONDAY, at, mails

ERROR = 422


@pytest.fixture
def loose(cast):
    settings_from(cast)
    at_two_months(cast)
    cast.enrolment.refresh_from_db()
    return cast.enrolment


# --- By hand -------------------------------------------------------------------------------------


def test_a_manager_sets_monthly_by_hand_with_a_reason(client, cast, loose):
    before = loose.interview_due_on
    enter(client, cast.members["manager"])
    person = reverse("client_page", args=[loose.client.public_id])
    url = reverse("pace_monthly", args=[loose.public_id])
    assert url in client.get(person).content.decode()
    told = client.get(url)
    assert told.status_code == 200
    assert "reason" in client.post(url, {"reason": " "}).context["form"].errors
    assert client.post(url, {"reason": "まちがえて承認した"}).status_code == 302
    loose.refresh_from_db()
    assert (loose.pace_months, loose.interview_due_on < before) == (1, True)
    # The day that follows was told before it was saved.
    assert f"数え直して{both(loose.interview_due_on)}になります" in told.content.decode()
    # Both decisions stay, in the order in which they were made.
    rows = PaceDecision.objects.filter(enrolment=loose).order_by("pk")
    assert [(row.from_months, row.to_months) for row in rows] == [(1, 2), (2, 1)]
    html = client.get(person).content.decode()
    assert "毎月に戻すと決めました" in html
    assert "まちがえて承認した" in html
    assert url not in html
    assert "いまの間隔は毎月です" in client.post(url, {"reason": "もう一度"}).content.decode()


def test_a_worker_does_not(client, cast, loose):
    enter(client, cast.members["worker"])
    assert client.post(reverse("pace_monthly", args=[loose.public_id])).status_code == 403


# --- A missed date -------------------------------------------------------------------------------


def test_page_line_and_lists_say_monthly_from_the_day_after(client, cast, loose):
    due_on = loose.interview_due_on
    for day, months in ((due_on, 2), (due_on + timedelta(days=1), 1)):
        (row,) = case_rows(type(loose).objects.filter(pk=loose.pk), day)
        assert row.pace_months == months
        with time_machine.travel(at_noon(day), tick=False):
            enter(client, cast.members["worker"])
            page = client.get(reverse("client_page", args=[loose.client.public_id]))
            people = client.get(reverse("client_list"), {"show": "all"}).content.decode()
        is_back = months == 1
        html = page.content.decode()
        assert ("いまは毎月" in html) is is_back
        assert ("そのため毎月に戻っています" in html) is is_back
        assert ("いまの間隔は2か月ごとです" in html) is not is_back
        assert ("2か月" in people) is not is_back
        words = page.context["page"].pace.changes
        assert (words[-1][0] == due_on + timedelta(days=1)) is is_back
        assert ("毎月に戻す" in html) is False


# --- When it is told to who leads ------------------------------------------------------------------


def two_attempts(cast):
    attempts(cast, d(2026, 11, 5), d(2026, 11, 9))


def correct(interview, cast, on, **changed):
    facts = {
        "held_on": interview.held_on, "way": "face", "outcome": "met", "life_rating": "settled",
        "work_rating": "settled", "met_by": cast.members["worker"], "notes": "元気", **changed,
    }  # fmt: skip
    return life_change.correct_interview(
        interview=interview,
        reason="書きまちがい",
        by=cast.members["worker"],
        at=at_noon(on),
        **facts,
    )


def an_old_rating_corrected(cast):
    """Of the two settled meetings the first was none; a word of the new record is changed later."""
    rows = Interview.objects.standing().filter(held_on__lt=d(2026, 9, 10), outcome="met")
    row = correct(rows.latest("held_on"), cast, d(2026, 11, 9), work_rating="watch")
    correct(row, cast, d(2026, 11, 20), work_rating="watch", notes="元気そう")


@pytest.mark.parametrize("falls_back", [two_attempts, an_old_rating_corrected])
@pytest.mark.parametrize(
    ("on", "told"), [(d(2026, 11, 22), 0), (d(2026, 11, 23), 2)], ids=["13-days", "14-days"]
)
def test_the_days_count_from_the_tightening_that_moved_the_date(db, on, told, falls_back):
    with time_machine.travel(at(MONDAY), tick=False):
        cast = cast_of(MONDAY)
        settings_from(cast, settled_meetings=2)
        life_change.withdraw_interview(
            interview=cast.interview, reason="別の方だった", by=cast.members["worker"],
            at=at_noon(cast.interview.held_on),
        )  # fmt: skip
        at_two_months(cast, d(2026, 9, 12))  # last met 2026-09-10, due 11-30
        falls_back(cast)
    row = cast.enrolment.interview_dues.latest("since")
    assert next_due_of(cast.enrolment).due_on == row.due_on == d(2026, 10, 31)
    assert row.since == d(2026, 11, 9)
    meet(cast.foreign, cast.members["outsider"], d(2026, 11, 1))
    write_reminders(at=at(on))
    assert mails("escalation").count() == told


# --- A job beside a job ----------------------------------------------------------------------------


def job(cast, starts_on, ends_on=None):
    return Employment.objects.create(
        client=cast.enrolment.client, employer=Employer.objects.create(name="別の店"),
        starts_on=starts_on, ends_on=ends_on, kind="ordinary",
        recorded_by=cast.members["worker"], recorded_at=at_noon(starts_on),
    )  # fmt: skip


def codes(cast):
    return [reason.code for reason in next_due_of(cast.enrolment).tightened_because]


def test_a_second_job_beside_the_first_is_no_change_of_job(cast, loose):
    job(cast, cast.today)
    assert (codes(cast), next_due_of(loose).agreed_months) == ([], 2)


def test_a_leaving_followed_by_a_new_job_is(cast, loose):
    left_on = cast.today - timedelta(days=2)
    Employment.objects.filter(client=loose.client).update(ends_on=left_on)
    job(cast, cast.today)
    assert codes(cast) == ["employment_end", "job_change"]


# --- The order of typing -----------------------------------------------------------------------------


@pytest.mark.parametrize("is_typed_first", [True, False])
def test_an_attempt_of_the_day_they_met_counts_as_none_in_whatever_order(
    cast, loose, is_typed_first
):
    attempts(cast, cast.today - timedelta(days=2))
    acts = [
        lambda: attempts(cast, cast.today),
        lambda: meet(loose, cast.members["worker"], cast.today),
    ]
    for act in acts if is_typed_first else reversed(acts):
        act()
    assert next_due_of(loose).agreed_months == 2


def test_a_suggestion_withdrawn_from_under_an_acceptance(cast, loose):
    life_change.withdraw_interview(
        interview=cast.interview, reason="別の方だった", by=cast.members["worker"],
        at=at_noon(cast.today),
    )  # fmt: skip
    loose.refresh_from_db()
    due = next_due_of(loose)
    assert (loose.pace_months, due.agreed_months) == (1, 1)
    assert loose.interview_dues.latest("since").since == cast.today
    assert "決定のあとで記録に加わったこと" in "".join(reason.text for reason in due.reasons)


def test_monthly_by_hand_says_that_its_day_has_passed(client, cast, loose):
    monthly = due_if_monthly(loose, loose.interview_due_on)
    assert monthly < loose.interview_due_on
    url = reverse("pace_monthly", args=[loose.public_id])
    for day, is_past in ((monthly, False), (monthly + timedelta(days=1), True)):
        with time_machine.travel(at_noon(day), tick=False):
            enter(client, cast.members["manager"])
            page = client.get(url).content.decode()
        assert ("もう過ぎている日なので" in page) == is_past


# --- Which date stood when --------------------------------------------------------------------------


def test_an_older_file_gets_the_dates_that_its_facts_lead_to_once(cast, loose):
    dues = loose.interview_dues
    rows = list(dues.order_by("since").values_list("since", "due_on"))
    dues.all().delete()
    dues.create(since=cast.today, due_on=loose.interview_due_on, is_carried=True)
    assert [names for row, names in differing() if row.pk == loose.pk] == [["interview_dues"]]
    refresh([loose], on=cast.today)
    assert not list(differing())
    assert not dues.filter(is_carried=True).exists()
    assert list(dues.order_by("since").values_list("since", "due_on"))[-1] == rows[-1]
    assert dues.count() > 1


def test_the_same_day_by_another_interval_is_told_with_it(cast, loose):
    loose.interview_dues.update(pace_months=1)
    Enrolment.objects.filter(pk=loose.pk).update(pace_months=1)
    refresh([loose], on=cast.today)
    assert loose.interview_dues.latest("since").pace_months == loose.pace_months == 2


def test_a_report_to_who_leads_stays_open_while_nobody_has_met_them(db):
    with time_machine.travel(at(MONDAY), tick=False):
        cast = cast_of(MONDAY)
    late_on = cast.enrolment.interview_due_on + timedelta(days=14)
    write_reminders(at=at(late_on))
    told = Escalation.objects.get(enrolment=cast.enrolment)
    assert not escalation_rows([told], late_on)[0].is_settled
    # Another date, earlier still, is no meeting.
    Employment.objects.filter(client=cast.enrolment.client).update(
        ends_on=cast.interview.held_on + timedelta(days=1)
    )
    refresh([cast.enrolment], on=late_on + timedelta(days=1))
    seen_on = late_on + timedelta(days=2)
    assert not escalation_rows([told], seen_on)[0].is_settled
    meet(cast.enrolment, cast.members["worker"], seen_on)
    assert escalation_rows([told], seen_on)[0].is_settled


def test_who_decides_about_their_own_person_is_marked(client, cast):
    settings_from(cast)
    manager = cast.members["manager"]
    enter(client, manager)
    words = "本人兼務"
    url = reverse("pace_decide", args=[cast.enrolment.public_id])
    person = reverse("client_page", args=[cast.enrolment.client.public_id])
    assert words not in client.get(url).content.decode()
    StaffAssignment.objects.in_charge(cast.today).filter(enrolment=cast.enrolment).update(
        staff=manager
    )
    assert words in client.get(url).content.decode()
    client.post(url, {"answer": "yes", "reason": ""})
    assert PaceDecision.objects.get(enrolment=cast.enrolment).is_same_person
    assert f"2か月ごとにする（{words}）" in client.get(person).content.decode()
