"""期限の段階の知らせ: each step of an end told once to who is in charge, a missed one as where the end stands."""

from datetime import date as d
from datetime import datetime, timedelta

import pytest
import time_machine
from django.core import mail
from django.urls import reverse

from clients.actions.enrolment import assign_staff
from clients.models import Enrolment, StaffAssignment
from plans.actions.life_change import end_use
from plans.actions.reminder import rewrite_waiting, write_reminders
from plans.models import EndNotice, Handover, SupportPlan
from plans.queries.expiry import Expiries
from plans.queries.reminder_steps import KINDS
from plans.rules.expiry import ExpiryStage as Stage
from plans.rules.expiry import Owner, stage_of
from teikyaku.accounts.actions.outbox import send_waiting
from teikyaku.accounts.models import OutboxMail
from teikyaku.clock import TOKYO, at_noon
from tests.accounts.test_coming_and_going import enter
from tests.cast import cast_of, ready_person, window_until

pytestmark = pytest.mark.django_db

MONDAY = d(2026, 11, 23)
END = d(2027, 5, 31)
DAY = timedelta(days=1)


def at(day, hour=7, minute=30):
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=TOKYO)


@pytest.fixture
def cast(db):
    """One person at the office, whose decision ends half a year ahead; nothing else ends."""
    with time_machine.travel(at(MONDAY), tick=False):
        found = cast_of(MONDAY)
        for row in Enrolment.objects.all():
            quiet(row)
        found.enrolment.client.decisions.update(ends_on=END)
        yield found


def quiet(enrolment):
    """Nothing of this person ends for years."""
    far = d(2035, 3, 31)
    enrolment.client.decisions.update(ends_on=far)
    enrolment.client.cap_periods.update(last_month=None)
    SupportPlan.objects.filter(enrolment=enrolment).update(review_by=far)
    enrolment.contracts.update(ends_on=None)
    enrolment.consents.update(ends_on=None)
    window_until(Enrolment.objects.filter(pk=enrolment.pk), d(2036, 3, 31))


def steps(member=None):
    rows = EndNotice.objects.filter(kind="decision").order_by("pk")
    if member is not None:
        rows = rows.filter(membership=member)
    return [row.stage for row in rows]


def mails():
    return OutboxMail.objects.filter(kind="end_steps").order_by("pk")


@pytest.mark.once
def test_every_step_is_told_once_on_its_first_day(cast):
    steps_on = [
        d(2026, 11, 30), d(2027, 2, 28), d(2027, 3, 31), d(2027, 4, 30), d(2027, 5, 17), END,
        END + DAY,
    ]  # fmt: skip
    # Every day around a step, else every third one: on each of them the job could tell it again.
    days = [MONDAY + n * DAY for n in range((END - MONDAY).days + 4)]
    near = {step + n * DAY for step in steps_on for n in (-1, 0, 1, 2)}
    told = []
    for day in (day for day in days if day in near or (day - MONDAY).days % 3 == 0):
        before = mails().count()
        write_reminders(at=at(day))
        if day in near:
            write_reminders(at=at(day, 23, 50))
        told += [day] * (mails().count() - before)
    assert told == steps_on
    assert steps() == ["6m", "3m", "2m", "1m", "2w", "today", "late"]
    assert {row.recipient for row in mails()} == {cast.user("worker")}


def test_days_without_a_run_are_told_once_as_where_the_end_stands(cast):
    write_reminders(at=at(d(2026, 12, 1)))
    write_reminders(at=at(END - 10 * DAY))
    write_reminders(at=at(END - 9 * DAY))
    assert steps() == ["6m", "2w"]
    assert mails().count() == 2


def test_a_new_day_of_the_end_begins_its_steps_anew(cast):
    write_reminders(at=at(END - 20 * DAY))
    cast.enrolment.client.decisions.update(ends_on=END + DAY)
    write_reminders(at=at(END - 20 * DAY, 8))
    assert steps() == ["1m", "1m"]
    assert [row.period[-2:] for row in mails()] == [":1", ":2"]


def test_a_step_is_that_of_the_board(cast):
    row = cast.enrolment
    window_until(Enrolment.objects.filter(pk=row.pk), d(2027, 5, 20))
    SupportPlan.objects.filter(enrolment=row).update(review_by=d(2026, 12, 4))
    row.client.decisions.update(ends_on=d(2027, 1, 10))
    row.client.cap_periods.update(last_month=d(2027, 1, 1))
    row.contracts.update(ends_on=MONDAY)
    row.consents.update(ends_on=d(2026, 11, 20))
    board = {
        (each.kind, each.on, each.stage.value)
        for each in Expiries(cast.office, MONDAY, 6)[:50]
        if each.kind in KINDS
    }
    write_reminders(at=at(MONDAY))
    found = set(EndNotice.objects.values_list("kind", "ends_on", "stage"))
    assert found == board
    assert len({kind for kind, _day, _stage in found}) > 6
    assert all(stage == stage_of(day, MONDAY) for _kind, day, stage in found)
    assert {stage for _kind, _day, stage in found} >= {"6m", "3m", "2m", "2w", "today", "late"}


def test_the_words_hold_initials_days_and_the_page_and_no_name(cast):
    write_reminders(at=at(END - 10 * DAY))
    (row,) = mails()
    assert "■ 2週間以内（1件）\n・S.T.　5月31日（月）　支給決定期間の終了\n" in row.body
    assert "/expiry/?stage=2w" in row.body
    assert "試験" not in row.body + row.subject
    assert "S.T." not in row.subject


def test_who_leads_is_told_where_nobody_in_charge_reads_mails(cast):
    user = cast.user("worker")
    user.wants_digest = False
    user.save(update_fields=["wants_digest"])
    write_reminders(at=at(END))
    assert {row.recipient for row in mails()} == {
        row.user for name, row in cast.members.items() if name in ("manager", "head")
    } - {user}
    assert mails().exists()


def test_who_takes_over_is_told_where_it_stands(cast):
    write_reminders(at=at(END - 20 * DAY))
    StaffAssignment.objects.filter(enrolment=cast.enrolment).update(ends_on=END - 20 * DAY)
    assign_staff(
        enrolment=cast.enrolment, staff=cast.members["manager"], starts_on=END - 19 * DAY,
        by=cast.members["manager"], at=at_noon(END - 19 * DAY),
    )  # fmt: skip
    write_reminders(at=at(END - 19 * DAY))
    assert steps(cast.members["worker"]) == steps(cast.members["manager"]) == ["1m"]


def test_after_a_death_what_waits_says_nothing_of_the_person(cast):
    other = ready_person(
        cast, cast.office, cast.members["worker"], cast.members["manager"], "1234567892",
        name="遅れ 花子", kana="おくれ はなこ",
    )  # fmt: skip
    assign_staff(
        enrolment=other, staff=cast.members["worker"], starts_on=other.starts_on,
        by=cast.members["manager"], at=at_noon(MONDAY),
    )  # fmt: skip
    quiet(other)
    other.client.decisions.update(ends_on=END)
    day = d(2026, 11, 30)
    write_reminders(at=at(day))
    assert "O.H." in mails().get().body
    end_use(
        enrolment=other, ends_on=day, reason="died", note="", by=cast.members["worker"],
        at=at(day, 12),
    )  # fmt: skip
    body = mails().get().body
    assert "S.T." in body
    assert "O.H." not in body
    rewrite_waiting(at=at(day, 13), client=cast.enrolment.client)
    end_use(
        enrolment=cast.enrolment, ends_on=day, reason="died", note="", by=cast.members["worker"],
        at=at(day, 14),
    )  # fmt: skip
    assert mails().get().withdrawn_at is not None
    send_waiting(at=at(day, 15))
    assert not [each for each in mail.outbox if "新しい段階" in each.body]


def test_a_dry_run_tells_nobody(cast):
    assert write_reminders(at=at(END), is_dry=True).steps == 1
    assert not EndNotice.objects.exists()


# --- 準備を始める日, and uses that ended without a judgement -------------------------------------


def prepare(cast, on=MONDAY, months=12):
    return list(Expiries(cast.office, on, months, "handover_prepare")[:9])


def test_preparation_has_a_row_of_its_own_until_somebody_judges(cast):
    window_until(Enrolment.objects.filter(pk=cast.enrolment.pk), d(2027, 8, 31))
    (row,) = prepare(cast)
    assert (row.on, row.step.words) == (d(2027, 3, 1), "引き継ぎが要るかを判断する")
    (late,) = prepare(cast, d(2027, 4, 1))
    assert late.stage == Stage.LAPSED
    assert prepare(cast, d(2027, 5, 31))
    # From then on the sharing, which is late, stands for it.
    assert not prepare(cast, d(2027, 6, 1))
    Handover.objects.create(
        enrolment=cast.enrolment, judged_on=MONDAY, is_needed=False, judgement="落ち着いている",
        recorded_by=cast.members["manager"], recorded_at=at(MONDAY),
    )  # fmt: skip
    assert not prepare(cast)


def unjudged(cast, on):
    return list(Expiries(cast.office, on, 12, "handover_unjudged", is_late=True)[:9])


@pytest.mark.parametrize(
    ("reason", "is_shown"),
    [("expired", True), ("own_wish", False), ("died", False), ("left_job", False)],
)
def test_a_use_that_ended_unjudged_stays_in_sight(cast, reason, is_shown):
    window_until(Enrolment.objects.filter(pk=cast.enrolment.pk), MONDAY)
    end_use(
        enrolment=cast.enrolment, ends_on=MONDAY, reason=reason, note="",
        by=cast.members["worker"], at=at(MONDAY, 12),
    )  # fmt: skip
    assert not unjudged(cast, MONDAY)
    found = unjudged(cast, MONDAY + 400 * DAY)
    assert bool(found) is is_shown
    if is_shown:
        assert found[0].on == MONDAY
        assert found[0].may_be_settled
        assert found[0].step.owner == Owner.MANAGER


def test_what_was_not_judged_before_the_end_is_judged_after_it(client, cast):
    window_until(Enrolment.objects.filter(pk=cast.enrolment.pk), MONDAY)
    end_use(
        enrolment=cast.enrolment, ends_on=MONDAY, reason="expired", note="",
        by=cast.members["worker"], at=at(MONDAY, 12),
    )  # fmt: skip
    with time_machine.travel(at(MONDAY + 9 * DAY), tick=False):
        enter(client, cast.members["manager"])
        person = reverse("client_page", args=[cast.enrolment.client.public_id])
        url = reverse("handover_judge", args=[cast.enrolment.public_id])
        page = client.get(person).content.decode()
        assert url in page
        assert 'id="handover_unjudged"' in page
        assert client.get(url).status_code == 200
        told = {"judged_on": MONDAY.isoformat(), "is_needed": "yes", "judgement": "生活のこと"}
        assert client.post(url, told).status_code == 302
        assert Handover.objects.get(enrolment=cast.enrolment).is_needed
        assert not unjudged(cast, MONDAY + 9 * DAY)
        # Judged once: the rest of the way stands on the page of the hand-over.
        assert client.get(url).status_code == 404


def test_what_waits_after_the_end_is_told_too(cast):
    """The look six months later, and a judgement that is missing: to who leads, as nobody is in charge."""
    other = ready_person(
        cast, cast.office, cast.members["worker"], cast.members["manager"], "1234567895",
        name="見る 人", kana="みる ひと",
    )  # fmt: skip
    quiet(other)
    for each in (cast.enrolment, other):
        window_until(Enrolment.objects.filter(pk=each.pk), MONDAY)
        end_use(
            enrolment=each, ends_on=MONDAY, reason="expired", note="",
            by=cast.members["worker"], at=at(MONDAY, 12),
        )  # fmt: skip
    look = MONDAY + 20 * DAY
    Handover.objects.create(
        enrolment=other, judged_on=MONDAY, is_needed=True, judgement="生活", look_due_on=look,
        recorded_by=cast.members["manager"], recorded_at=at(MONDAY),
    )  # fmt: skip
    for days in range(1, 25):
        write_reminders(at=at(MONDAY + days * DAY))
    told = EndNotice.objects.all()
    assert list(told.filter(kind="handover_unjudged").values_list("stage", flat=True)) == ["late"]
    looks = (
        told.filter(membership=cast.members["manager"])
        .filter(kind="handover_look")
        .order_by("pk")
        .values_list("stage", flat=True)
    )
    assert list(looks) == ["1m", "2w", "today", "late"]


def test_the_day_of_preparation_is_told_on_its_day(cast):
    window_until(Enrolment.objects.filter(pk=cast.enrolment.pk), d(2027, 6, 30))
    first = d(2026, 12, 31)
    for days in range((first - MONDAY).days + 3):
        write_reminders(at=at(MONDAY + days * DAY))
    told = EndNotice.objects.filter(kind="handover_prepare").order_by("pk")
    assert [row.stage for row in told] == ["today", "late"]
