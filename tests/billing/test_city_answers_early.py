"""市町村の回答 before the report is handed over, and a no that nobody asked for."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from billing.models import CityAnswer
from billing.queries.month import month_board
from plans.actions.report import share_report
from plans.models import ReportShare, SupportReport
from plans.rules.city_answer import asked_about
from plans.rules.month import MonthFacts, MonthState, verdict
from teikyaku.clock import at_noon
from teikyaku.periods import Month
from tests.accounts.test_coming_and_going import enter
from tests.billing.test_city_answers import OK, due_by
from tests.billing.test_split_month import codes


@pytest.fixture
def overdue(cast):
    """A month whose report is not handed over; its day, the 5th of the next month, is past on any day."""
    found = Month.of(cast.today) - 3
    due_by(cast, 5)
    ReportShare.objects.filter(
        report__enrolment=cast.enrolment, report__month=found.first_day
    ).delete()
    return found


def held_on(cast, of, on):
    (found,) = [
        each
        for each in month_board(cast.office, of, on).entries
        if each.support.enrolment_id == cast.enrolment.pk
    ]
    return found


def test_the_day_has_passed_only_from_the_day_after(cast, overdue):
    due = (overdue + 1).first_day.replace(day=5)
    assert codes(held_on(cast, overdue, due).reasons) == ["report_not_shared"]
    after = held_on(cast, overdue, due + timedelta(days=1))
    assert codes(after.reasons) == ["report_not_shared", "report_late"]
    assert "いま渡すと" in after.reasons[1].text
    assert codes(asked_about(after.reasons)) == ["report_late"]


def test_a_yes_before_the_report_is_handed_holds_once_it_is(client, cast, overdue):
    enter(client, cast.members["billing"])
    url = reverse("city_answer", args=[cast.enrolment.public_id, overdue])
    page = client.get(url)
    assert "が過ぎました" in page.content.decode()
    answer = client.post(
        url,
        {
            "said": "yes", "answered_on": str(cast.today), "way": "phone", "respondent": "給付係",
            "seen": page.context["form"].initial["seen"],
        },
    )  # fmt: skip
    assert answer.status_code == OK
    # The report is still to go out, and nothing else is asked any more.
    found = held_on(cast, overdue, cast.today)
    assert (found.state, codes(found.reasons)) == (MonthState.HELD, ["report_not_shared"])
    share_report(
        report=SupportReport.objects.get(enrolment=cast.enrolment, month=overdue.first_day),
        recipient="person", shared_on=cast.today, way="handed", by=cast.members["worker"],
        at=at_noon(cast.today),
    )  # fmt: skip
    assert held_on(cast, overdue, cast.today).is_ready


def test_who_died_is_asked_about_by_their_own_reason():
    facts = MonthFacts(
        month=Month(2026, 5), qualifying_meetings=(date(2026, 5, 1),), has_died=True,
        report_due_on=date(2026, 6, 5), is_report_day_past=True,
    )  # fmt: skip
    assert codes(verdict(facts).reasons) == ["report_died"]


def test_a_no_that_nobody_asked_for_is_recorded_and_stands_in_the_story(client, cast):
    """Of a closed month, in which nothing is asked: as the page says that one can."""
    enter(client, cast.members["billing"])
    closed = Month.of(cast.person_month.month)
    url = reverse("city_answer", args=[cast.enrolment.public_id, closed])
    own = reverse("person_month_page", args=[cast.person_month.public_id])
    assert url in client.get(own).content.decode()
    page = client.get(url)
    assert current(page) == reverse("month_latest")
    body = {
        "said": "no", "answered_on": str(cast.today), "way": "phone", "respondent": "給付係",
        "reason": "期限のあと", "seen": page.context["form"].initial["seen"],
    }  # fmt: skip
    assert client.post(url, body).status_code == OK
    told = client.get(own).content.decode()
    assert "市町村が答えた：請求できない" in told
    row = CityAnswer.objects.get()
    undo = reverse("city_answer_withdraw", args=[cast.enrolment.public_id, row.public_id])
    assert client.post(undo, {"reason": "別の方のことだった"}).status_code == OK
    told = client.get(own).content.decode()
    assert "市町村の回答を取り消した" in told
    assert "別の方のことだった" in told


def current(page):
    (url,) = [item.url for item in page.context["nav"] if item.current]
    return url
