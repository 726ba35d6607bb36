"""The judge finds what is broken on purpose: a reminder that comes twice or never, a kind that is hidden."""

from datetime import date as d
from datetime import timedelta

import pytest
import time_machine

from clients.models import Enrolment
from plans.actions import reminder, reminder_steps
from plans.actions.reminder import write_reminders
from plans.models import Decision
from plans.queries import expiry
from plans.queries import reminder_steps as steps_read
from plans.rules.expiry import EndKind
from teikyaku.accounts.actions.outbox import send_waiting
from teikyaku.accounts.models import OutboxMail
from teikyaku.clock import at_noon
from teikyaku.desk.simulation.mailbox import Mailbox
from teikyaku.desk.simulation.watch import Fault, Watch
from tests.cast import cast_of

pytestmark = pytest.mark.django_db

MONDAY = d(2026, 11, 23)
END = d(2027, 5, 24)
DAY = timedelta(days=1)


@pytest.fixture
def office(db):
    with time_machine.travel(at_noon(MONDAY), tick=False):
        found = cast_of(MONDAY)
        found.enrolment.client.decisions.update(ends_on=END)
        yield found.enrolment.office


def watched(office, days):
    watch, mailbox = Watch(office), Mailbox(office)
    for number in range(days):
        on = MONDAY + number * DAY
        write_reminders(at=at_noon(on))
        send_waiting(at=at_noon(on))
        watch.morning(on, mailbox.new(on))
    return watch


def faults(office):
    return {(each.fault, each.kind) for each in watched(office, 3).findings}


def test_as_it_is_nothing_is_found(office):
    assert Enrolment.objects.filter(office=office, use_starts_on__isnull=False).exists()
    assert faults(office) == set()


def test_a_step_told_twice(office, monkeypatch):
    written = reminder_steps._tell

    def twice(member, due, at):
        count = written(member, due, at)
        mail = OutboxMail.objects.filter(kind="end_steps", recipient=member.user).last()
        mail.pk, mail.period = None, f"{mail.period}:again"
        mail.save(force_insert=True)
        return count

    monkeypatch.setattr(reminder_steps, "_tell", twice)
    assert (Fault.TWICE, EndKind.DECISION) in faults(office)


def test_a_monday_mail_written_on_every_day(office, monkeypatch):
    monkeypatch.setattr(reminder, "week_key", lambda on: f"{on}")
    monkeypatch.setattr(reminder, "_unwritten", lambda offices, on: offices)
    monkeypatch.setattr(reminder.DigestWeek.objects, "bulk_create", lambda rows: rows)
    assert (Fault.TWICE, "digest") in faults(office)


def test_a_step_that_nobody_is_told(office, monkeypatch):
    later = steps_read.step_reached
    monkeypatch.setattr(
        steps_read, "step_reached",
        lambda day, on: None if day == END else later(day, on),
    )  # fmt: skip
    found = faults(office)
    assert (Fault.NEVER, EndKind.DECISION) in found
    assert (Fault.UNSEEN, EndKind.DECISION) not in found


def test_a_kind_hidden_from_the_board(office, monkeypatch):
    shown = expiry.office_sources

    def without(*args, **options):
        return {
            kind: each for kind, each in shown(*args, **options).items() if kind != EndKind.DECISION
        }

    monkeypatch.setattr(expiry, "office_sources", without)
    assert (Fault.UNSEEN, EndKind.DECISION) in faults(office)


def test_a_kind_that_goes_from_the_board(office, monkeypatch):
    shown = expiry.office_sources

    def until_monday(office, on, span, **options):
        found = shown(office, on, span, **options)
        return {k: each for k, each in found.items() if k != EndKind.DECISION or on <= MONDAY + DAY}

    monkeypatch.setattr(expiry, "office_sources", until_monday)
    # Nothing else happens: it is missed on the next Monday at the latest.
    found = {(each.fault, each.kind) for each in watched(office, 8).findings}
    assert (Fault.GONE, EndKind.DECISION) in found


def test_what_lapsed_although_everybody_was_told_is_counted_and_no_fault(office):
    Decision.objects.filter(client__enrolments__office=office).update(ends_on=MONDAY)
    watch = watched(office, 3)
    assert watch.findings == []
    assert watch.lapsed[EndKind.DECISION] > 0
