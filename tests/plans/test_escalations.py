"""Interviews long overdue: told once to who leads, and listed."""

from datetime import date as d
from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from clients.models import Enrolment
from plans.actions.reminder import write_reminders
from plans.models import Escalation
from teikyaku.accounts.actions.membership import end_membership
from teikyaku.accounts.roles import Role
from tests.accounts.test_coming_and_going import enter
from tests.cast import cast_of, make_member
from tests.plans.test_reminders import MONDAY, at, due, mails

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast(db):
    with time_machine.travel(at(MONDAY), tick=False):
        yield cast_of(MONDAY)


@pytest.mark.parametrize(
    ("days", "told"), [pytest.param(13, 0, id="13-days"), pytest.param(14, 2, id="14-days")]
)
def test_from_the_fourteenth_day_on_who_leads_is_told(cast, days, told):
    due(cast.foreign, MONDAY)
    due(cast.enrolment, MONDAY - timedelta(days=days))
    write_reminders(at=at(MONDAY, 0, 30))
    found = mails("escalation")
    assert found.count() == told
    if told:
        assert {row.recipient for row in found} == {cast.user("manager"), cast.user("head")}
        assert all("担当：職員 worker" in row.body for row in found)


def test_once_a_person_and_due_date(cast):
    due(cast.foreign, d(2027, 1, 1))
    for day, count in ((d(2026, 12, 13), 0), (d(2026, 12, 14), 2), (d(2026, 12, 15), 2)):
        write_reminders(at=at(day))
        assert mails("escalation").count() == count, day
    due(cast.enrolment, d(2026, 12, 31))
    write_reminders(at=at(d(2027, 1, 14)))
    assert mails("escalation").count() == 4
    assert Escalation.objects.filter(enrolment=cast.enrolment).count() == 2


def test_where_nobody_leads_it_waits_until_somebody_does(cast):
    due(cast.enrolment, d(2026, 11, 1))
    for key in ("manager", "head"):
        end_membership(membership=cast.members[key], by=cast.members["admin"], at=at(MONDAY))
    done = write_reminders(at=at(MONDAY))
    assert (done.escalations, done.unheard) == (0, 1)
    make_member("new-head", Role.OFFICE_MANAGER, office=cast.office)
    assert write_reminders(at=at(MONDAY)).escalation_mails == 1


def test_who_leads_reads_what_was_told(client, cast):
    due(cast.enrolment, d(2026, 11, 9))
    write_reminders(at=at(MONDAY))
    enter(client, cast.members["head"])
    text = client.get(reverse("escalations")).content.decode()
    assert "試験 太郎" in text
    assert "職員 head（送信待ち）" in text
    assert "まだ会えていない" in text
    enter(client, cast.members["outsider"])
    assert "試験 太郎" not in client.get(reverse("escalations")).content.decode()


def test_a_long_list_of_reports_costs_no_more_than_a_short_one(client, cast):
    enter(client, cast.members["head"])
    client.get(reverse("escalations"))  # the first page of a session writes the session

    def asked(count):
        Enrolment.objects.filter(pk=cast.enrolment.pk).update(
            interview_due_on=d(2026, 11, 9 - count)
        )
        write_reminders(at=at(MONDAY))
        with CaptureQueriesContext(connection) as queries:
            page = client.get(reverse("escalations"))
        assert len(page.context["rows"]) == count
        return len(queries)

    few = asked(1)
    asked(2)
    assert asked(3) == few
