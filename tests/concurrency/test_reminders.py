"""Two runs of the reminders at once, and a death while they run: each mail once, nothing after it."""

from datetime import date as d

import pytest

from clients.models import Enrolment
from plans.actions import reminder as actions
from plans.actions.life_change import end_use
from plans.actions.reminder import write_reminders
from plans.models import Escalation
from teikyaku.accounts.actions.calendar_feed import make_feed
from teikyaku.accounts.models import CalendarFeed, OutboxMail
from teikyaku.clock import now, today
from tests.cast import cast_of
from tests.concurrency.test_races import at_once

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(300)]


def late_cast():
    cast = cast_of(today())
    Enrolment.objects.filter(pk=cast.enrolment.pk).update(interview_due_on=d(2026, 1, 1))
    Enrolment.objects.filter(pk=cast.foreign.pk).update(interview_due_on=d(2099, 1, 1))
    return cast


def test_two_runs_at_once_write_each_mail_once():
    late_cast()
    results = at_once(*[lambda: write_reminders(at=now())] * 2)
    assert not [each for each in results if isinstance(each, Exception)], results
    assert sum(each.digests for each in results) == 1
    assert sum(each.escalations for each in results) == 1
    assert OutboxMail.objects.filter(kind="digest").count() == 1
    assert OutboxMail.objects.filter(kind="escalation").count() == 2
    assert Escalation.objects.count() == 1


def test_a_death_between_reading_and_writing_is_not_in_the_mail(monkeypatch):
    cast = late_cast()
    locked = actions._lock

    def die_first(offices):
        if not cast.enrolment.ends_on:
            at = now()
            actions._lock.died = end_use(
                enrolment=cast.enrolment, ends_on=today(), reason="died", note="",
                by=cast.members["worker"], at=at,
            )  # fmt: skip
        locked(offices)

    monkeypatch.setattr(actions, "_lock", die_first)
    write_reminders(at=now())
    waiting = OutboxMail.objects.waiting()
    assert not [row.body for row in waiting if "S.T." in row.body]


def test_two_new_addresses_at_once_leave_one():
    cast = cast_of(today())
    member = cast.members["worker"]
    results = at_once(*[lambda: make_feed(replaces="", by=member, at=now())] * 2)
    assert len([each for each in results if isinstance(each, str)]) == 1
    assert CalendarFeed.objects.filter(revoked_at=None).count() == 1
