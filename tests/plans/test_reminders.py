"""Reminders: the same people and days as every page, once, and nothing of who must not be in them."""

import re
from datetime import date as d
from datetime import datetime, timedelta

import pytest
import time_machine
from django.core import mail
from django.urls import reverse

from clients.actions.enrolment import assign_staff
from clients.models import Enrolment, StaffAssignment
from plans.actions import reminder as actions
from plans.actions.life_change import end_use
from plans.actions.reminder import write_reminders
from plans.models import DigestWeek, ReportShare, SupportPlan
from plans.queries.caseload import Ask, ask_q
from plans.queries.expiry import Expiries
from plans.queries.reminder_feed import feed_days
from plans.queries.reminder_mail import digest_of
from teikyaku.accounts.actions.membership import end_membership
from teikyaku.accounts.actions.outbox import send_waiting
from teikyaku.accounts.models import OutboxMail
from teikyaku.accounts.roles import Role
from teikyaku.clock import TOKYO, at_noon
from teikyaku.desk.queries.home import worker_desk
from tests.accounts.test_coming_and_going import enter
from tests.cast import cast_of, make_member, meet, ready_person, talk, window_until

pytestmark = pytest.mark.django_db

MONDAY = d(2026, 11, 23)
SECRETS = ("試験 太郎", "しけん たろう", "太郎", "架空商店", "元気", "1234567890", "精神", "090")


def at(day, hour=7, minute=30):
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=TOKYO)


@pytest.fixture
def cast(db):
    """As of a Monday; the cast's person is due on its last day of the month, seven days ahead."""
    with time_machine.travel(at(MONDAY), tick=False):
        yield cast_of(MONDAY)


def person(cast, number, name, kana):
    row = ready_person(
        cast, cast.office, cast.members["worker"], cast.members["manager"], number,
        name=name, kana=kana,
    )  # fmt: skip
    assign_staff(
        enrolment=row, staff=cast.members["worker"], starts_on=row.starts_on,
        by=cast.members["manager"], at=at_noon(cast.today),
    )  # fmt: skip
    return row


def due(enrolment, day):
    """Due on a day, and so since that day at the latest."""
    Enrolment.objects.filter(pk=enrolment.pk).update(interview_due_on=day)
    enrolment.interview_dues.all().delete()
    enrolment.interview_dues.create(since=day, due_on=day)


def mails(kind="digest"):
    return OutboxMail.objects.filter(kind=kind).order_by("pk")


def sent(subject="今週の予定"):
    return [each for each in mail.outbox if subject in each.subject]


# --- One answer ------------------------------------------------------------------------------------


def test_mail_calendar_home_and_lists_name_the_same_people_and_days(client, cast):
    late = person(cast, "1234567892", "遅れ 花子", "おくれ はなこ")
    soon = person(cast, "1234567893", "約束 次郎", "やくそく じろう")
    far = person(cast, "1234567894", "遠い 三郎", "とおい さぶろう")
    due(late, MONDAY - timedelta(days=1))
    due(soon, MONDAY + timedelta(days=8))
    due(far, MONDAY + timedelta(days=40))
    talk(
        soon, cast.members["worker"], MONDAY,
        way="phone", outcome="others", next_on=d(2026, 11, 30),
    )  # fmt: skip
    ReportShare.objects.filter(report__enrolment=late, report__month=d(2026, 10, 1)).delete()
    SupportPlan.objects.filter(enrolment=far).update(review_by=d(2026, 12, 23))
    SupportPlan.objects.filter(enrolment=soon).update(review_by=d(2026, 12, 24))
    far.client.decisions.update(ends_on=MONDAY + timedelta(days=60))
    soon.client.decisions.update(ends_on=MONDAY + timedelta(days=61))
    window_until(Enrolment.objects.filter(pk=far.pk), d(2027, 2, 28))
    worker = cast.members["worker"]
    found = {
        part.url: {line.enrolment for line in part.lines}
        for part in digest_of(worker, MONDAY).parts
    }
    own = Enrolment.objects.filter(office=cast.office, assignments__staff=worker)
    counts = {item.url: item.count for item in worker_desk(worker, MONDAY).counts.every}
    enter(client, worker)
    asked = (Ask.OVERDUE, Ask.DUE_WEEK, Ask.APPOINTMENT, Ask.REPORT)
    for ask in asked:
        path = f"{reverse('caseload')}?ask={ask.value}&staff={worker.public_id}"
        in_mail = next(people for url, people in found.items() if url.endswith(path))
        assert in_mail == set(own.filter(ask_q(ask, MONDAY)).values_list("pk", flat=True)), ask
        assert in_mail, f"nobody answers {ask}"
        assert counts[path] == len(in_mail)
        listed = client.get(path).context["rows"]
        assert {row.enrolment_id for row in listed} == set(
            Enrolment.objects.filter(pk__in=in_mail).values_list("public_id", flat=True)
        )
    for kind, ahead in (("support_plan", 30), ("handover", 30), ("decision", 60)):
        in_mail = next(people for url, people in found.items() if url.endswith(f"kind={kind}"))
        board = Expiries(cast.office, MONDAY, 3, kind)[:50]
        until = MONDAY + timedelta(days=ahead)
        wanted = {row.client_id for row in board if row.on <= until}
        assert set(
            Enrolment.objects.filter(pk__in=in_mail).values_list("client__public_id", flat=True)
        ) == wanted == {far.client.public_id}, kind  # fmt: skip
    days = feed_days([worker], MONDAY)
    dues = {day.on for day in days if "面談の期限" in day.title}
    assert dues == set(own.values_list("interview_due_on", flat=True))
    assert [day.on for day in days if "会う約束" in day.title] == [d(2026, 11, 30)]
    assert [(day.title, day.on) for day in days if "レポート" in day.title] == [
        ("O.H. 10月分のレポートを渡す（過ぎています）", d(2026, 11, 10))
    ]


def test_the_report_that_waits_is_told_with_the_meeting_of_its_own_month(cast):
    row = person(cast, "1234567892", "遅れ 花子", "おくれ はなこ")
    meet(row, cast.members["worker"], d(2026, 11, 20))
    ReportShare.objects.filter(report__enrolment=row, report__month=d(2026, 10, 1)).delete()
    (line,) = [
        line
        for part in digest_of(cast.members["worker"], MONDAY).parts
        if "レポート" in part.title
        for line in part.lines
    ]
    assert line.words == "その月の面談 10月10日（土）"


def test_only_ones_own_people(cast):
    assert digest_of(cast.members["manager"], MONDAY).mail is None
    assert feed_days([cast.members["manager"]], MONDAY) == []
    assert len(feed_days([cast.members["worker"]], MONDAY)) >= 1


def test_of_another_office_one_hears_nothing_there(cast):
    """Somebody at two offices: each mail is of its own office, the calendar of both."""
    second = make_member("two", Role.SUPPORT_WORKER, office=cast.office)
    there = second.user.memberships.create(
        office=cast.other_office, roles=[Role.SUPPORT_WORKER.value], starts_on=second.starts_on
    )
    StaffAssignment.objects.create(
        enrolment=cast.foreign, staff=there, starts_on=d(2026, 9, 1),
        recorded_by=cast.members["outsider"], recorded_at=at(MONDAY),
    )  # fmt: skip
    assert digest_of(second, MONDAY).mail is None
    assert digest_of(there, MONDAY).mentioned == {cast.foreign.pk}
    assert len(feed_days([second, there], MONDAY)) == len(feed_days([there], MONDAY)) >= 1


# --- Once ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("moments", "periods"),
    [
        pytest.param([at(MONDAY)] * 2, 1, id="twice"),
        pytest.param([at(d(2026, 11, 24))], 1, id="late-on-tuesday"),
        pytest.param([at(MONDAY, 0, 30), at(d(2026, 11, 29), 23, 59)], 1, id="ends-of-one-week"),
        pytest.param(
            [at(d(2026, 11, 29), 23, 59), at(d(2026, 11, 30), 0, 30)], 2, id="over-midnight"
        ),
    ],
)
def test_a_week_has_one_mail(cast, moments, periods):
    for moment in moments:
        write_reminders(at=moment)
        send_waiting(at=moment)
    assert mails().count() == len(sent()) == periods
    assert {row.recipient for row in mails()} == {cast.user("worker")}


def test_who_had_nothing_on_monday_gets_nothing_in_the_week(cast):
    due(cast.enrolment, MONDAY + timedelta(days=9))
    assert write_reminders(at=at(MONDAY)).digests == 0
    assert write_reminders(at=at(d(2026, 11, 26))).digests == 0
    assert write_reminders(at=at(d(2026, 11, 30))).digests == 1


def test_a_run_that_is_killed_leaves_nothing_half_done(cast, monkeypatch):
    with monkeypatch.context() as broken:
        broken.setattr(DigestWeek.objects, "bulk_create", lambda rows: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            write_reminders(at=at(MONDAY))
    assert not mails().exists()
    assert write_reminders(at=at(MONDAY)).digests == 1
    assert mails().count() == 1


def test_killed_between_two_groups_of_offices_it_goes_on_from_there(cast, monkeypatch):
    monkeypatch.setattr(actions, "CHUNK", 1)
    due(cast.foreign, d(2026, 11, 1))
    due(cast.enrolment, d(2026, 11, 1))
    with monkeypatch.context() as broken:
        calls = iter([True, False])
        whole = actions._digests

        def once(*args):
            return whole(*args) if next(calls) else 1 / 0

        broken.setattr(actions, "_digests", once)
        with pytest.raises(ZeroDivisionError):
            write_reminders(at=at(MONDAY))
    first = mails("escalation").count()
    write_reminders(at=at(MONDAY))
    assert (first, mails("escalation").count()) == (2, 3)
    assert mails().count() == 1


# --- Nothing about, and nothing to ----------------------------------------------------------------


def die(cast, enrolment, on):
    end_use(
        enrolment=enrolment,
        ends_on=on,
        reason="died",
        note="",
        by=cast.members["worker"],
        at=at(on),
    )


def test_after_a_death_nothing_is_said_from_that_day_on(cast):
    other = person(cast, "1234567892", "別の 人", "べつの ひと")
    die(cast, cast.enrolment, MONDAY)
    write_reminders(at=at(MONDAY, 9))
    assert [row.body.count("T.") for row in mails()] == [0]
    assert digest_of(cast.members["worker"], MONDAY).mentioned == {other.pk}
    assert not any("S.T." in day.title for day in feed_days([cast.members["worker"]], MONDAY))
    assert write_reminders(at=at(d(2027, 1, 4))).escalations == 2  # the other, and the foreign one


def test_what_waits_is_written_again_without_who_has_died(cast):
    person(cast, "1234567892", "別の 人", "べつの ひと")
    write_reminders(at=at(MONDAY))
    assert "S.T." in mails().get().body
    die(cast, cast.enrolment, MONDAY)
    send_waiting(at=at(MONDAY, 9))
    assert not [each for each in mail.outbox if "S.T." in each.body]
    (digest,) = sent()
    assert "B.H." in digest.body


@pytest.mark.parametrize(
    ("kind", "subject"), [("digest", "今週の予定"), ("escalation", "面談の期限")]
)
def test_what_waits_about_nobody_else_is_withdrawn(cast, kind, subject):
    due(cast.enrolment, d(2026, 11, 9))
    due(cast.foreign, MONDAY)
    write_reminders(at=at(MONDAY))
    assert mails(kind).exists()
    die(cast, cast.enrolment, MONDAY)
    send_waiting(at=at(MONDAY, 9))
    assert sent(subject) == []
    assert all(row.withdrawn_at and row.body == "" for row in mails(kind))


def test_a_support_that_ended_is_not_mentioned_the_day_after(cast):
    end_use(
        enrolment=cast.enrolment, ends_on=MONDAY, reason="moved", note="",
        by=cast.members["worker"], at=at(MONDAY),
    )  # fmt: skip
    assert digest_of(cast.members["worker"], MONDAY + timedelta(days=1)).mail is None


def test_a_former_member_gets_nothing_not_even_what_waits(cast):
    write_reminders(at=at(MONDAY))
    end_membership(membership=cast.members["worker"], by=cast.members["admin"], at=at(MONDAY, 8))
    send_waiting(at=at(MONDAY, 9))
    assert not [each for each in mail.outbox if cast.user("worker").email in each.to]
    assert mails().get().withdrawn_at is not None
    write_reminders(at=at(d(2026, 11, 30)))
    assert mails().count() == 1


def no_sign_in(user):
    user.set_unusable_password()


def barred(user):
    user.is_active = False


def not_wanted(user):
    user.wants_digest = False


@pytest.mark.parametrize("change", [no_sign_in, barred, not_wanted])
def test_nothing_to_who_cannot_or_will_not_read_it(cast, change):
    user = cast.user("worker")
    change(user)
    user.save()
    assert write_reminders(at=at(MONDAY)).digests == 0


def test_last_weeks_mail_does_not_come_late(cast):
    write_reminders(at=at(MONDAY))
    send_waiting(at=at(d(2026, 11, 30), 0, 30))
    assert sent() == []
    assert mails().get().withdrawn_at is not None


def test_what_could_leak_does_not(cast):
    due(cast.enrolment, d(2026, 11, 9))
    write_reminders(at=at(MONDAY))
    # An address of a page ends in random letters and digits.
    said = [
        (row.subject, re.sub(r"https?://\S+", "", row.body)) for row in OutboxMail.objects.all()
    ]
    assert {row.kind for row in OutboxMail.objects.all()} == {"digest", "escalation", "end_steps"}
    titles = [f"{day.title}{day.text}" for day in feed_days([cast.members["worker"]], MONDAY)]
    for secret in SECRETS:
        assert not any(secret in subject or secret in body for subject, body in said), secret
        assert not any(secret in title for title in titles), secret
    assert not any("S.T." in subject for subject, _body in said)
    assert sum("S.T." in body for _subject, body in said) == 4  # digest, two escalations, steps
