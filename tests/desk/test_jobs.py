"""Recurring work leaves a mark for the administrator: when, how it went, and that it is missing."""

from datetime import timedelta
from io import StringIO

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.urls import reverse

from teikyaku.accounts.actions.outbox import queue_mail
from teikyaku.accounts.models import JobRun, OutboxMail
from teikyaku.clock import now
from teikyaku.desk.management.commands import verify_months
from teikyaku.desk.queries.system_desk import system_desk
from tests.accounts.test_coming_and_going import enter

pytestmark = pytest.mark.django_db


def line_of(name, at=None):
    """Its own line, or the one that tells at once what has never run."""
    lines = system_desk(at or now()).running
    own = [line for line in lines if line.label == name.label]
    return own[0] if own else next(line for line in lines if name.label in line.text)


# A backup cannot be made inside a test's transaction: tests/backup runs it.
INSIDE = [name for name in JobRun.Name if name != JobRun.Name.BACKUP and not name.is_by_hand]


@pytest.mark.parametrize("name", INSIDE)
def test_each_job_is_a_command_whose_run_is_told(cast, name):
    assert line_of(name).label == "まだ一度も動いていないもの"
    said = StringIO()
    call_command(name.value, stdout=said)
    assert said.getvalue().strip() in line_of(name).text
    assert line_of(name).tone == "success"
    assert line_of(name, now() + name.late_after + timedelta(minutes=1)).tone == "warning"


def test_in_production_a_job_that_never_ran_warns(cast, settings):
    settings.IS_PRODUCTION = True
    assert {line_of(name).tone for name in JobRun.Name} == {"warning"}


def test_a_backup_that_never_ran_warns_everywhere_the_rest_in_production(cast):
    assert line_of(JobRun.Name.BACKUP).tone == "warning"
    JobRun.objects.create(name=JobRun.Name.BACKUP, started_at=now(), finished_at=now(), said="済み")
    assert line_of(JobRun.Name.SEND_MAIL).tone == "neutral"


def test_what_never_ran_is_told_in_one_line_with_a_pill(client, cast):
    enter(client, cast.members["admin"])
    page = client.get(reverse("system_home")).content.decode()
    running = page[page.index('id="running"') :]
    assert running.count(JobRun.Name.BACKUP.label) == 1
    line = running[running.index(JobRun.Name.BACKUP.label) :].partition("</div>")[0]
    assert "tone-warning" in line
    assert "まだ</span>" in line


def test_mail_that_went_out_without_the_job_does_not_gainsay_that_it_never_ran(cast):
    def told():
        return next(line.text for line in system_desk(now()).running if line.label == "メール")

    queue_mail(recipient=cast.members["worker"].user, kind="due", period="2026-04", subject="x",
               body="x", at=now())  # fmt: skip
    OutboxMail.objects.update(sent_at=now())
    assert told().endswith("（定期の送信ではありません）")
    JobRun.objects.create(name=JobRun.Name.SEND_MAIL, started_at=now(), finished_at=now(), said="")
    assert "最後の送信" in told()
    assert "定期の送信ではありません" not in told()


def test_a_failure_is_told_until_it_runs_well_again(cast, monkeypatch):
    name, broken = JobRun.Name.VERIFY_MONTHS, iter([[cast.person_month.closing], []])
    monkeypatch.setattr(verify_months, "broken_closings", lambda: next(broken))
    with pytest.raises(CommandError, match="1件の締め"):
        call_command(name.value, stderr=StringIO())
    assert (line_of(name).tone, "1件の締め" in line_of(name).text) == ("danger", True)
    call_command(name.value, stdout=StringIO())
    assert line_of(name).tone == "success"


def test_a_crash_tells_its_kind_and_nothing_of_a_person(cast, monkeypatch):
    def crash():
        raise ValueError("試験 太郎")

    monkeypatch.setattr(verify_months, "broken_closings", crash)
    with pytest.raises(ValueError, match="試験"):
        call_command("verify_months")
    run = JobRun.objects.get(name="verify_months")
    assert (run.has_failed, run.said) == (True, "ValueError")


def test_a_killed_run_is_told_after_a_while(client, cast):
    with time_machine.travel(now() - timedelta(days=3)):
        JobRun.objects.create(name=JobRun.Name.CHECK_DERIVED, started_at=now())
    line = line_of(JobRun.Name.CHECK_DERIVED)
    assert (line.tone, "終わりの記録がありません" in line.text) == ("danger", True)
    enter(client, cast.members["admin"])
    assert "終わりの記録がありません" in client.get(reverse("system_home")).content.decode()
