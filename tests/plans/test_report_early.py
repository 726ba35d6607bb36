"""A meeting that was moved after its report went out: whoever lists, mails or bills says so, and the same."""

from datetime import date

import pytest
from django.urls import reverse

from billing.queries.month import month_board
from clients.access import enrolments_for
from clients.models import Enrolment
from clients.queries.dossier import client_dossier
from plans.models import Interview, ReportShare, ReportVersion
from plans.queries.caseload import Ask, ask_q
from plans.queries.dossier import support_dossier
from plans.queries.month import months_of_support
from plans.queries.reminder_mail import digest_of
from plans.queries.report import unshared_months
from plans.queries.report_list import Stage, people_of, report_rows, stage_counts
from plans.queries.report_meetings import told_meetings
from plans.rules.month import every_reason
from plans.rules.report_handed import handed_on, is_early
from teikyaku.desk.queries.month_strip import month_lines
from teikyaku.ids import new_public_id
from teikyaku.periods import Month
from tests.accounts.test_coming_and_going import enter
from tests.cast import meet


@pytest.fixture
def month(cast):
    """Last month: one meeting, and its report went out."""
    return Month.of(cast.today) - 1


def days(cast, month, met, shared):
    """The only meeting of the month, and the day on which the person got the report."""
    Interview.objects.filter(enrolment=cast.enrolment, held_on__gte=month.first_day).update(
        held_on=month.first_day.replace(day=met)
    )
    ReportShare.objects.filter(report__month=month.first_day).update(
        shared_on=month.first_day.replace(day=shared)
    )


def everywhere(cast, month) -> dict[str, bool]:
    """Whether the report is still to be handed over, as each page, list and mail has it."""
    on, row = cast.today, Enrolment.objects.get(pk=cast.enrolment.pk)
    people = enrolments_for(cast.members["worker"], on)
    counts = stage_counts(people, Stage, month)
    assert counts[Stage.WRITTEN] + counts[Stage.SHARED] == 1
    board = month_board(cast.office, month, on)
    money = next(each for each in board.entries if each.support.enrolment_id == row.pk)
    strip = next(
        each
        for each in month_lines(support_dossier(client_dossier(row, on)), (), None)
        if each.month == month
    )
    listed = report_rows(people_of(people, month), month, on)
    return {
        "home and mail": Enrolment.objects.filter(ask_q(Ask.REPORT, on), pk=row.pk).exists(),
        "end and hand-over": month in unshared_months([row.pk], on).get(row.pk, ()),
        "stage": counts[Stage.WRITTEN] == 1,
        "row": next(each.is_early for each in listed if each.enrolment_id == row.public_id),
        "client page": strip.awaits_report and strip.early_on is not None,
        "money": "report_early" in {reason.code for reason in money.reasons},
    }


def share_again(cast, month, day):
    """The person got it once more on `day`."""
    shares = ReportShare.objects.filter(
        report__enrolment=cast.enrolment, report__month=month.first_day
    )
    again = shares.latest("pk")
    again.pk, again.public_id, again.shared_on = None, new_public_id(), day
    again._state.adding = True
    ReportShare.objects.bulk_create([again])


@pytest.mark.parametrize(
    ("met", "shared", "is_open"),
    [(10, 10, False), (10, 12, False), (11, 10, True), (28, 27, True), (1, 1, False)],
)
def test_a_report_from_before_the_meeting_is_open_everywhere(cast, month, met, shared, is_open):
    days(cast, month, met, shared)
    assert set(everywhere(cast, month).values()) == {is_open}


def test_once_more_settles_it(cast, month):
    days(cast, month, 20, 10)
    share_again(cast, month, month.first_day.replace(day=20))
    assert set(everywhere(cast, month).values()) == {False}


def test_a_later_correction_does_not_make_late_what_was_in_time(cast, month):
    days(cast, month, 10, 5)
    in_time = month.first_day.replace(day=12)
    for day in (in_time, cast.today):
        share_again(cast, month, day)
    found = months_of_support([cast.office], month, cast.today)
    facts = next(each.facts for each in found if each.enrolment_id == cast.enrolment.pk)
    assert (facts.report_shared_on, facts.is_report_early) == (in_time, False)
    # The same with a day until which it is asked for.
    due = facts._replace(report_due_on=month.last_day)
    assert "report_late" not in {reason.code for reason in every_reason(due)}
    late = due._replace(report_shared_on=cast.today)
    assert "report_late" in {reason.code for reason in every_reason(late)}


def test_of_two_meetings_the_first_counts(cast, month):
    days(cast, month, 10, 12)
    meet(cast.enrolment, cast.members["worker"], month.first_day.replace(day=25))
    assert set(everywhere(cast, month).values()) == {False}


def test_the_pages_say_what_to_do(client, cast, month):
    version = ReportVersion.objects.get(
        report__enrolment=cast.enrolment, report__month=month.first_day
    )
    (told,) = told_meetings(version)
    days(cast, month, told.on.day, told.on.day - 1)
    enter(client, cast.members["worker"])
    page = client.get(
        reverse("report_page", args=[cast.enrolment.public_id, month])
    ).content.decode()
    assert "この月の面談より前です" in page
    assert "渡し直す" in page
    page = client.get(
        reverse("client_page", args=[cast.enrolment.client.public_id])
    ).content.decode()
    assert "の支援レポートを渡し直す" in page
    listed = client.get(reverse("report_list", args=[month])).content.decode()
    assert f"面談より前（{month.first_day.month}月{told.on.day - 1}日）に渡した" in listed


def test_where_the_version_tells_of_a_meeting_that_moved_the_correction_comes_first(
    client, cast, month
):
    days(cast, month, 28, 27)
    enter(client, cast.members["worker"])
    url = reverse("report_page", args=[cast.enrolment.public_id, month])
    page = client.get(url).content.decode()
    assert "先に訂正版を書き、それを渡してください" in page
    assert ">渡し直す</a>" not in page
    page = client.get(
        reverse("client_page", args=[cast.enrolment.client.public_id])
    ).content.decode()
    assert f"{month.label}の支援レポートの訂正版を渡す" in page


def test_without_a_meeting_no_report_is_missed(client, cast):
    this = Month.of(cast.today)
    Interview.objects.filter(enrolment=cast.enrolment, held_on__gte=this.first_day).delete()
    enter(client, cast.members["worker"])
    assert "面談なし" in client.get(reverse("report_list", args=[this])).content.decode()


def test_the_rule():
    first, second = date(2026, 5, 8), date(2026, 5, 9)
    assert is_early(first, [second])
    assert not is_early(second, [second])
    assert not is_early(first, [])
    assert handed_on([first, second], [second]) == second
    assert handed_on([first], [second]) is None
    assert handed_on([], [second]) is None


@pytest.mark.parametrize(("shared", "again"), [(10, True), (None, False)])
def test_home_list_and_mail_say_which_meeting_and_that_it_is_once_more(
    client, cast, month, shared, again
):
    days(cast, month, 20, 10)
    if shared is None:
        ReportShare.objects.filter(report__month=month.first_day).delete()
    enter(client, cast.members["worker"])
    home = client.get(reverse("home"))
    (row,) = home.context["worker"].reports
    assert (row.report_met_on, row.is_report_again) == (month.first_day.replace(day=20), again)
    met = f"{month.first_day.month}月20日"
    told = home.content.decode()
    assert f"{met}の面談" in told
    listed = client.get(f"{reverse('caseload')}?ask=report&staff=all").content.decode()
    mail = digest_of(cast.members["worker"], cast.today).mail
    assert f"その月の面談 {met}" in mail.body
    assert all(("渡し直す" in words) is again for words in (told, listed, mail.body))
