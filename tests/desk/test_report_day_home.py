"""The home of who meets people says by when last month's reports go out, where somebody has set a day."""

import pytest
from django.urls import reverse

from plans.models import ReportShare
from teikyaku.periods import Month
from tests.accounts.test_coming_and_going import enter
from tests.billing.test_city_answers import due_by


@pytest.fixture
def waiting(cast):
    """Last month's report of the cast is with nobody."""
    last = (Month.of(cast.today) - 1).first_day
    ReportShare.objects.filter(report__enrolment=cast.enrolment, report__month=last).delete()


def home(client, cast):
    enter(client, cast.members["worker"])
    return client.get(reverse("home"))


def test_the_day_stands_beside_the_reports(client, cast, waiting):
    assert "までに渡す" not in home(client, cast).content.decode()
    due_by(cast, 31)
    due = Month.of(cast.today).last_day
    assert f"{due.month}月{due.day}日までに渡す" in home(client, cast).content.decode()


def test_nothing_waits_nothing_is_said(client, cast):
    due_by(cast, 31)
    page = home(client, cast)
    assert page.context["worker"].reports == []
    assert "までに渡す" not in page.content.decode()
