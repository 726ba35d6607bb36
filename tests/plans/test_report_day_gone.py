"""The day that an issued report names for the next meeting: told where it does not hold any more."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.urls import reverse

from plans.actions import life_change
from plans.actions.appointment import change_appointment
from plans.actions.report import Handing, issue_version
from plans.queries.report_meetings import appointment_gone, told_next
from teikyaku.era import both
from teikyaku.periods import Month
from tests.accounts.test_coming_and_going import enter
from tests.cast import meet
from tests.plans.report_desk import Desk

TITLE = "発行のあとに、次に会う日が変わりました"
ROW = "書いてある次の面談"
LATER = timedelta(minutes=5)


@pytest.fixture
def desk(cast, client):
    enter(client, cast.members["worker"])
    return Desk(cast)


@pytest.fixture
def agreed(desk):
    """Agreed today for a day of next month, and told by a report that the person has."""
    day = (Month.of(desk.cast.today) + 1).first_day + timedelta(days=9)
    meet(desk.cast.enrolment, desk.cast.members["worker"], desk.cast.today, next_on=day)
    report = desk.write()
    issue_version(report=report, **desk.who)
    desk.share(report, handing=Handing(with_plain=True))
    return day


def change(desk, day):
    who = {**desk.who, "at": desk.who["at"] + LATER}
    return change_appointment(enrolment=desk.cast.enrolment, next_on=day, **who)


def pages(desk, client):
    person = reverse("client_page", args=[desk.cast.enrolment.client.public_id])
    urls = (desk.url("report_page"), desk.url("report_share"), person)
    return [client.get(url).content.decode() for url in urls]


def test_called_off_it_is_told_at_the_report_and_in_its_row(desk, client, agreed):
    report, share, person = pages(desk, client)
    assert TITLE not in report + share
    assert ROW not in person
    change(desk, None)
    report, share, person = pages(desk, client)
    for page in (report, share):
        assert TITLE in page
        assert f"レポートに書いてある次の面談（{both(agreed)}）は、なくなりました。" in page
        assert desk.url("report_write") in page
    assert f"{ROW}（{agreed.month}月{agreed.day}日）はなくなりました" in person


def test_moved_it_is_told_with_the_new_day_until_the_correction(desk, client, agreed):
    day = agreed + timedelta(days=3)
    change(desk, day)
    report, _share, person = pages(desk, client)
    assert f"は、{both(day)}に変わりました。" in report
    assert f"{ROW}（{agreed.month}月{agreed.day}日）は変わりました" in person
    row = desk.write(goals="訂正した文。", correction_reason="次の面談の日が変わった。")
    assert TITLE not in pages(desk, client)[0]
    issue_version(report=row, **desk.who)
    desk.share(row)
    report, share, person = pages(desk, client)
    assert TITLE not in report + share
    assert ROW not in person


def test_a_day_that_is_over_or_that_nobody_waits_for_is_not_told(desk, agreed):
    change(desk, None)
    version = desk.cast.enrolment.reports.get(month=desk.month.first_day).versions.get()
    assert appointment_gone(version, agreed - timedelta(days=1)) is not None
    assert appointment_gone(version, agreed) is None
    life_change.end_use(
        enrolment=desk.cast.enrolment,
        ends_on=desk.cast.today,
        reason="own_wish",
        note="",
        **desk.who,
    )
    version.report.enrolment.refresh_from_db()
    assert appointment_gone(version, desk.cast.today + timedelta(days=1)) is None


@pytest.mark.parametrize(
    ("month", "words", "day"),
    [
        (Month(2026, 11), "12月7日", date(2026, 12, 7)),
        (Month(2026, 12), "1月7日", date(2027, 1, 7)),
        (Month(2027, 12), "2月29日", date(2028, 2, 29)),
        (Month(2026, 11), "", None),
        (Month(2026, 11), "13月1日", None),
    ],
)
def test_the_year_of_the_day_is_that_after_the_month(month, words, day):
    assert told_next(month, words) == day


def test_nobody_has_the_page_that_prints_the_day(desk, client):
    """The plain version alone names it: without one there is nothing to put right."""
    day = (Month.of(desk.cast.today) + 1).first_day + timedelta(days=9)
    meet(desk.cast.enrolment, desk.cast.members["worker"], desk.cast.today, next_on=day)
    report = desk.write()
    issue_version(report=report, **desk.who)
    desk.share(report)
    change(desk, None)
    report, share, person = pages(desk, client)
    assert TITLE not in report
    assert ROW not in person
    # Who is about to hand it out is told.
    assert TITLE in share
