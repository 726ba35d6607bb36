"""`manage.py send_reminders`: what it says, what it leaves, how much it asks."""

from datetime import date as d
from io import StringIO

import pytest
import time_machine
from django.core import mail
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from clients.models import Enrolment, StaffAssignment
from plans.actions.reminder import write_reminders
from plans.models import DigestWeek, Escalation
from teikyaku.accounts.models import JobRun, OutboxMail
from teikyaku.accounts.roles import Role
from tests.cast import cast_of, make_member, make_office
from tests.plans.test_reminders import MONDAY, at, due

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast(db):
    with time_machine.travel(at(MONDAY), tick=False):
        yield cast_of(MONDAY)


def run(*args):
    said = StringIO()
    call_command("send_reminders", *args, stdout=said)
    return said.getvalue()


def test_the_command_sends_and_says_how_many(cast):
    assert "月曜の知らせ1通" in run()
    sent = len(mail.outbox)
    assert sent == OutboxMail.objects.exclude(sent_at=None).count() > 0
    assert "期限の段階の知らせ0通、月曜の知らせ0通" in run()
    assert len(mail.outbox) == sent
    assert JobRun.objects.get(name="send_reminders").has_failed is False


def test_a_dry_run_counts_and_leaves_no_trace(cast):
    due(cast.enrolment, d(2026, 11, 9))
    due(cast.foreign, MONDAY)
    assert "月曜の知らせ1通、期限を大きく過ぎた1人の報告2通（書きません）" in run("--dry-run")
    assert not OutboxMail.objects.exists()
    assert not JobRun.objects.exists()
    assert mail.outbox == []


def test_another_day_only_where_nothing_is_real(cast, settings):
    assert "月曜の知らせ1通" in run("--on", "2026-11-24")
    with pytest.raises(CommandError, match="2026-04-06"):
        run("--on", "nonsense")
    settings.IS_PRODUCTION = True
    with pytest.raises(CommandError, match="本番"):
        run("--on", "2026-11-24")


def test_as_many_queries_for_many_offices_as_for_one(cast):
    due(cast.enrolment, d(2026, 11, 9))
    due(cast.foreign, d(2026, 11, 9))

    def asked():
        with CaptureQueriesContext(
            connection,
        ) as queries:
            write_reminders(at=at(MONDAY))
        OutboxMail.objects.all().delete()
        Escalation.objects.all().delete()
        DigestWeek.objects.all().delete()
        return len(queries)

    few = asked()
    for index in range(3):
        office = make_office(f"150000001{index}", f"新しい{index}")
        member = make_member(f"w{index}", Role.SUPPORT_WORKER, Role.OFFICE_MANAGER, office=office)
        row = Enrolment.objects.get(pk=cast.enrolment.pk)
        row.pk = row.id = None
        row._state.adding, row.office = True, office
        row.public_id = member.public_id
        row.save()
        StaffAssignment.objects.create(
            enrolment=row, staff=member, starts_on=row.starts_on, recorded_by=member,
            recorded_at=at(MONDAY),
        )  # fmt: skip
        due(row, d(2026, 11, 9))
    assert asked() == few < 97
