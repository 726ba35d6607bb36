"""The nightly look: each question sees its own kind of fault; told once, gone when mended, one's own only."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.urls import reverse

from clients.models import Attachment, Enrolment
from plans.models import SupportPlan
from teikyaku.accounts.models import Inconsistency, JobRun, Membership, OutboxMail
from teikyaku.accounts.roles import Role
from teikyaku.clock import TOKYO, now
from teikyaku.constraints.overlap_sql import trigger_names
from teikyaku.desk.actions.look_over import look_over
from teikyaku.desk.inconsistencies import QUESTIONS
from teikyaku.desk.inconsistencies.overlaps import guarded, overlapping
from teikyaku.scans import store
from tests.accounts.test_coming_and_going import enter
from tests.cast import make_member

pytestmark = pytest.mark.django_db
Kind = Inconsistency.Kind


@pytest.fixture(autouse=True)
def _own_files(settings, tmp_path):
    """No files of other tests: a day later they would be left over."""
    settings.MEDIA_ROOT = tmp_path


def behind(sql, *values):
    """A write that goes past models and their freezing, as a hand in the database would."""
    with connection.cursor() as cursor:
        cursor.execute(sql, values)


def asked(kind, at=None):
    return list(QUESTIONS[kind](at or now()))


def wrong_due_date(cast):
    Enrolment.objects.filter(pk=cast.enrolment.pk).update(interview_due_on=cast.today)
    return cast.enrolment.public_id


def wrong_invoice(cast):
    behind("UPDATE billing_invoice SET amount_yen = amount_yen + 1 WHERE id = %s", cast.invoice.pk)
    return cast.invoice.public_id


def wrong_units(cast):
    behind("UPDATE billing_personmonth SET units = units + 1 WHERE id = %s", cast.person_month.pk)
    return cast.person_month.public_id


def wrong_month(cast):
    wrong_units(cast)
    return cast.person_month.closing.public_id


def early_plan(cast):
    plan = SupportPlan.objects.filter(enrolment=cast.enrolment).get()
    day = cast.enrolment.starts_on - timedelta(days=1)
    SupportPlan.objects.filter(pk=plan.pk).update(starts_on=day)
    return plan.public_id


FAULTS = {
    Kind.DERIVED: wrong_due_date, Kind.INVOICE: wrong_invoice, Kind.SUM: wrong_units,
    Kind.MONTH: wrong_month, Kind.PLAN: early_plan,
}  # fmt: skip


@pytest.mark.parametrize("kind", FAULTS)
def test_a_fault_is_found_with_its_office_and_a_page_that_its_manager_may_open(client, cast, kind):
    assert asked(kind) == []
    subject = FAULTS[kind](cast)
    (found,) = asked(kind)
    assert (found.subject, found.office_id) == (str(subject), cast.office.pk)
    enter(client, cast.members["head"])
    assert client.get(reverse(found.page, args=found.arguments)).status_code == 200


def test_a_paper_without_its_file_and_a_file_without_its_row(cast, tmp_path, settings):
    settings.MEDIA_ROOT = tmp_path
    paper = Attachment.objects.create(
        enrolment=cast.enrolment, kind="other", file="ab/none.pdf", content_type="application/pdf",
        size=3, sha256="0" * 64, width=1, height=1, recorded_by=cast.members["worker"], recorded_at=now(),
    )  # fmt: skip
    (found,) = asked(Kind.PAPER)
    assert (found.subject, found.office_id) == (str(paper.public_id), cast.office.pk)
    (tmp_path / store.FOLDER / "ab").mkdir(parents=True)
    (tmp_path / store.FOLDER / "ab" / "left.pdf").write_bytes(b"x")
    assert asked(Kind.ORPHAN) == [], "it may be on its way"
    (left,) = asked(Kind.ORPHAN, now() + timedelta(hours=2))
    assert left.subject == f"{store.FOLDER}/ab/left.pdf"


def without(constraint):
    """The guard is taken away, as a table made anew by hand would."""
    if connection.vendor == "sqlite":
        for name in trigger_names(constraint):
            behind(f"DROP TRIGGER {name}")
        return
    behind("SET CONSTRAINTS ALL IMMEDIATE")
    behind(f"ALTER TABLE accounts_membership DROP CONSTRAINT {constraint.name}")


def test_overlaps_and_their_missing_guard_are_found(cast):
    """The test's transaction brings the guard back."""
    constraint = next(each for _m, each in guarded() if each.name == "membership_no_overlap_office")
    assert asked(Kind.OVERLAP) == []
    assert asked(Kind.GUARD) == []
    worker = cast.members["worker"]
    without(constraint)
    twin = Membership.objects.create(
        user=worker.user, office=cast.office, roles=worker.roles, starts_on=cast.today
    )
    assert [found.subject for found in asked(Kind.GUARD)] == [constraint.name]
    (found,) = asked(Kind.OVERLAP)
    assert found.subject == f"{constraint.name}:{twin.public_id}"
    assert found.office_id == cast.office.pk
    Membership.objects.filter(pk=worker.pk).update(ends_on=cast.today - timedelta(days=1))
    assert asked(Kind.OVERLAP) == [], "the day before is no day of both"


def test_every_constraint_can_be_asked(cast):
    asked_for = [(model, each) for model, each in guarded()]
    assert len(asked_for) > 15
    for model, constraint in asked_for:
        assert not overlapping(model, constraint).exists(), constraint.name


def run_of(name, *, hours=0, **more):
    at = now() - timedelta(hours=hours)
    JobRun.objects.create(name=name, started_at=at, **{"finished_at": at, **more})


def test_work_that_failed_was_killed_is_late_or_never_ran(cast, settings):
    assert asked(Kind.JOB) == []
    run_of(JobRun.Name.VERIFY_MONTHS, has_failed=True)
    run_of(JobRun.Name.CHECK_DERIVED, hours=49)
    run_of(JobRun.Name.SEND_MAIL, hours=2, finished_at=None)
    run_of(JobRun.Name.SEND_REMINDERS, hours=47)
    assert {each.subject for each in asked(Kind.JOB)} == {
        "verify_months", "check_derived", "send_mail",
    }  # fmt: skip
    settings.IS_PRODUCTION = True
    never = {each.subject for each in asked(Kind.JOB)} - {
        "verify_months",
        "check_derived",
        "send_mail",
    }
    assert never == {"check_attachments", "backup"}


def test_backups_too_old_or_never_brought_back(cast, settings, tmp_path):
    assert asked(Kind.BACKUP) == asked(Kind.PROOF) == [], "a demo makes none"
    settings.IS_PRODUCTION = True
    assert [each.subject for each in asked(Kind.BACKUP)] == ["folder"]
    settings.BACKUP_FOLDER = str(tmp_path)
    assert [each.subject for each in asked(Kind.BACKUP)] == ["none"]
    at = now().astimezone(TOKYO)
    name = f"teikyaku-{at - timedelta(hours=1):%Y%m%dT%H%M%S}.tar.age"
    (tmp_path / name).write_bytes(b"x")
    assert asked(Kind.BACKUP) == []
    assert [each.subject for each in asked(Kind.BACKUP, at + timedelta(days=3))] == ["old"]
    assert [each.subject for each in asked(Kind.PROOF)] == ["never"]
    said = StringIO()
    call_command("restore_proved", name, stdout=said)
    assert (name in said.getvalue(), asked(Kind.PROOF)) == (True, [])
    assert [each.subject for each in asked(Kind.PROOF, at + timedelta(days=41))] == ["late"]
    future = f"teikyaku-{at + timedelta(days=2):%Y%m%dT%H%M%S}.tar.age"
    for wrong in ("notes.txt", future):
        with pytest.raises(CommandError):
            call_command("restore_proved", wrong)
    assert name in JobRun.objects.get(name="restore_proved").said


def test_told_once_kept_since_and_gone_when_mended(cast):
    wrong_invoice(cast)
    first = now()
    assert look_over(at=first).new == 1
    again = look_over(at=first + timedelta(days=1))
    assert (again.new, again.standing) == (0, 1)
    row = Inconsistency.objects.get()
    assert (row.found_at, row.seen_at) == (first, first + timedelta(days=1))
    mails = OutboxMail.objects.filter(kind="inconsistencies")
    assert {mail.recipient_id for mail in mails} == {
        cast.user(key).pk for key in ("head", "admin", "admin2")
    }
    assert cast.office.name not in mails[0].subject + mails[0].body
    behind("UPDATE billing_invoice SET amount_yen = amount_yen - 1 WHERE id = %s", cast.invoice.pk)
    done = look_over(at=first + timedelta(days=2))
    assert (done.gone, done.standing) == (1, 0)
    assert Inconsistency.objects.get().gone_at == first + timedelta(days=2)
    wrong_invoice(cast)
    assert look_over(at=first + timedelta(days=3)).new == 1, "it came back: a new row"
    assert mails.all().count() == 6


def test_a_question_that_fails_stops_no_other_and_mends_nothing(cast):
    def crash(at):
        raise ValueError("試験 太郎")

    wrong_invoice(cast)
    wrong_due_date(cast)
    look_over(at=now())
    done = look_over(at=now(), questions={**QUESTIONS, Kind.INVOICE: crash})
    assert (done.gone, done.new) == (0, 1)
    row = Inconsistency.objects.get(kind=Kind.UNASKED)
    assert "ValueError" in row.detail
    assert "太郎" not in row.detail
    assert look_over(at=now()).gone == 1


def test_an_office_reads_its_own_the_administrator_all_and_the_command_says_the_same(client, cast):
    wrong_invoice(cast)
    due = Enrolment.objects.filter(pk=cast.foreign.pk)
    due.update(interview_due_on=cast.today)
    said = StringIO()
    with pytest.raises(CommandError, match="2件"):
        call_command("look_over", stdout=said)
    assert JobRun.objects.get(name="look_over").has_failed
    for text in (
        Kind.INVOICE.label,
        Kind.DERIVED.label,
        cast.other_office.name,
        str(cast.invoice.public_id),
    ):
        assert text in said.getvalue()
    assert "試験" not in said.getvalue()
    url = reverse("inconsistencies")
    pages = {}
    for key in ("head", "outsider", "admin"):
        enter(client, cast.members[key])
        pages[key] = client.get(url).content.decode()
    person_month = reverse("person_month_page", args=[cast.person_month.public_id])
    assert person_month in pages["head"]
    assert Kind.DERIVED.label not in pages["head"]
    assert reverse("client_page", args=[cast.foreign.client.public_id]) in pages["outsider"]
    assert Kind.INVOICE.label not in pages["outsider"]
    assert cast.office.name in pages["admin"]
    assert cast.other_office.name in pages["admin"]
    assert "check_derived --fix" in pages["admin"]
    for page in (person_month, reverse("client_page", args=[cast.foreign.client.public_id])):
        assert page not in pages["admin"]
    assert "2件あります" in client.get(reverse("system_home")).content.decode()


def test_the_page_before_the_first_look_when_nothing_is_wrong_and_after_mending(client, cast):
    enter(client, cast.members["head"])
    url = reverse("inconsistencies")
    assert "まだ一度も調べていません" in client.get(url).content.decode()
    assert "夜の点検で" not in client.get(reverse("home")).content.decode()
    call_command("look_over", stdout=StringIO())
    assert "食い違いはありません" in client.get(url).content.decode()
    wrong_invoice(cast)
    look_over(at=now())
    assert "夜の点検で" in client.get(reverse("home")).content.decode()
    behind("UPDATE billing_invoice SET amount_yen = amount_yen - 1 WHERE id = %s", cast.invoice.pk)
    look_over(at=now())
    page = client.get(url).content.decode()
    assert "直ったもの" in page
    assert "直った</span>" in page


def test_who_left_or_may_not_read_the_record_gets_no_mail(cast):
    make_member("both", Role.SUPPORT_WORKER, Role.BILLING, office=cast.office)
    wrong_invoice(cast)
    look_over(at=now())
    told = {mail.recipient.name for mail in OutboxMail.objects.filter(kind="inconsistencies")}
    assert told == {"職員 head", "職員 admin", "職員 admin2"}
