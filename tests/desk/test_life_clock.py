"""The clock says everything: state and why, days, changes of job, leave, support during work, windows."""

from datetime import timedelta

import pytest
from django.urls import reverse

from clients.actions.employment import employer_named
from clients.models import Employment, Leave, PriorService
from clients.queries.dossier import client_dossier
from clients.queries.window import standing_of
from teikyaku.clock import at_noon
from teikyaku.desk.queries.clock import clock_of
from teikyaku.desk.queries.person import person_page
from teikyaku.era import both
from teikyaku.periods import Month, Period
from tests.accounts.test_coming_and_going import enter
from tests.cast import job_of


@pytest.fixture
def life(cast):
    """(what stands beside the clock, the drawn clock) of the owner as of today."""

    def seen():
        on = cast.today
        page = person_page(client_dossier(cast.enrolment, on), on, cast.members["manager"])
        return page.life, page.clock

    return seen


def recorded(cast):
    return {"recorded_by": cast.members["worker"], "recorded_at": at_noon(cast.today)}


def said(lines, label):
    return [line.value for line in lines if line.label == label]


def add_job(cast, starts_on, **more):
    return Employment.objects.create(
        client=cast.enrolment.client, employer=employer_named(name="次の店"), starts_on=starts_on,
        **more, **recorded(cast),
    )  # fmt: skip


def test_days_used_and_left_make_the_window(life, cast):
    found, clock = life()
    standing = client_dossier(cast.enrolment, cast.today)
    window = person_page(standing, cast.today, cast.members["manager"]).person.standing.window
    left = window.days_left(cast.today)
    text = f"{window.total_days}日のうち、過ぎた日 {window.days_used(cast.today)}日・残り {left}日"
    assert said(found.lines, "日数") == [text]
    assert (found.state, found.tone, found.others) == ("利用可能", "success", ())
    assert clock.start_percent == 0


def test_earlier_windows_are_listed_with_why_they_ended(life, cast):
    first = job_of(cast.enrolment).starts_on
    ended = first - timedelta(days=1500)
    begun = ended - timedelta(days=400)
    add_job(cast, begun, ends_on=ended, changes_to_improve=False)
    PriorService.objects.create(
        client=cast.enrolment.client, kind="transition", starts_on=begun - timedelta(days=300),
        ends_on=begun - timedelta(days=1), **recorded(cast),
    )  # fmt: skip
    found, _clock = life()
    (line,) = found.others
    assert line.label == "前の期間"
    assert f"{both(ended)}の離職で終わりました" in line.value
    assert "つながって" in line.note or "までになります" in line.note


def test_a_pending_change_says_until_when_and_what_is_waited_for(life, cast):
    left_on = cast.today - timedelta(days=9)
    Employment.objects.filter(pk=job_of(cast.enrolment).pk).update(ends_on=left_on)
    found, clock = life()
    assert found.state == "転職の確認待ち"
    assert clock.lead == "次の就職がまだ決まっていません"
    assert said(found.lines, "離職") == [f"{both(left_on)}に離職：次の就職がまだ分かりません"]
    assert said(found.lines, "次の就職を待つ最後の日")
    # A next job has begun: what is open now is why the former was left.
    add_job(cast, cast.today - timedelta(days=2))
    found, clock = life()
    assert "確認を待っています" in clock.lead
    assert "続くかどうかを確かめています" in said(found.lines, "転職")[0]
    Employment.objects.filter(ends_on=left_on).update(changes_to_improve=True)
    found, clock = life()
    assert found.state == "利用可能"
    assert "続いているものとして" in said(found.lines, "転職")[0]


def test_a_right_that_ended_leaves_no_day_and_marks_its_last(life, cast):
    left_on = cast.today - timedelta(days=45)
    Employment.objects.filter(pk=job_of(cast.enrolment).pk).update(
        ends_on=left_on, changes_to_improve=False
    )
    found, clock = life()
    assert found.state == "離職により終了"
    assert said(found.lines, "日数")[0].endswith("残り 0日")
    assert (clock.marks[-1].on, clock.left_percent) == (left_on, 0)
    assert "ここで就労が終わりました" in said(found.lines, "離職")[0]


def test_a_leave_and_support_during_work_are_named(life, cast):
    job = job_of(cast.enrolment)
    starts_on = cast.today - timedelta(days=20)
    Leave.objects.create(employment=job, starts_on=starts_on, **recorded(cast))
    begun, ended = job.starts_on + timedelta(days=5), job.starts_on + timedelta(days=15)
    PriorService.objects.create(
        client=cast.enrolment.client, kind="transition", starts_on=begun, ends_on=ended,
        is_during_employment=True, **recorded(cast),
    )  # fmt: skip
    found, _clock = life()
    leave = next(line for line in found.lines if line.label == "休職")
    assert leave.value == f"{both(starts_on)}〜"
    assert leave.note.startswith("いま休職中。")
    assert said(found.lines, "働きながらの支援") == [f"{both(begun)}〜{both(ended)}"]


def test_a_leaving_ahead_is_told_on_the_clock(life, cast):
    ahead = cast.today + timedelta(days=20)
    Employment.objects.filter(pk=job_of(cast.enrolment).pk).update(ends_on=ahead)
    found, _clock = life()
    assert said(found.lines, "いま分かっている最後の日") == [both(ahead)]
    assert any(reason.code == "leaving_ahead.until" for reason in found.reasons)


def test_what_came_after_the_office_is_not_told(life, cast):
    ended_on = cast.today - timedelta(days=30)
    type(cast.enrolment).objects.filter(pk=cast.enrolment.pk).update(
        ends_on=ended_on, end_reason="own_wish"
    )
    cast.enrolment.refresh_from_db()
    left_on = cast.today - timedelta(days=9)
    job = job_of(cast.enrolment)
    Employment.objects.filter(pk=job.pk).update(ends_on=left_on)
    Leave.objects.create(
        employment=job, starts_on=left_on - timedelta(days=3), ends_on=left_on, **recorded(cast)
    )
    found, _clock = life()
    text = " ".join(line.value for line in (*found.lines, *found.others))
    assert both(left_on) not in text
    assert said(found.lines, "休職") == []


@pytest.mark.parametrize(
    ("reason", "word", "days", "is_over"),
    [
        ("expired", "期間満了", 0, False), ("expired", "期間満了", 1, True),
        ("own_wish", "本人希望", 1, True), ("died", "死亡", 0, True), ("died", "死亡", 1, True),
    ],
)  # fmt: skip
def test_once_the_use_is_over_nothing_says_that_it_can_be_used(cast, reason, word, days, is_over):
    """From the day after the last one, and from the day of a death itself."""
    on = cast.today
    ended_on = on - timedelta(days=days)
    row = cast.enrolment
    type(row).objects.filter(pk=row.pk).update(ends_on=ended_on, end_reason=reason)
    row.refresh_from_db()
    page = person_page(client_dossier(row, ended_on), on, cast.members["manager"])
    assert page.life.state == (f"利用終了（{word}）" if is_over else "利用可能")
    assert (page.life.tone == "success") is not is_over
    window = page.person.standing.window
    passed = window.days_used(ended_on + timedelta(days=1 if is_over else 0))
    text = f"{window.total_days}日のうち、過ぎた日 {passed}日"
    stays = not is_over or reason == "own_wish"
    text += f"・残り {window.total_days - passed}日" if stays else "（残りはありません）"
    assert said(page.life.lines, "日数") == [text]
    assert (page.clock.left_percent > 0) is stays
    assert ("に終わりました" in page.clock.lead) is is_over


def test_a_clock_is_drawn_on_an_axis_that_it_shares(cast):
    found = standing_of(cast.enrolment.client, cast.today)
    window = found.window
    axis = Period(window.employed_on - timedelta(days=1500), window.last_usable_on)
    own, shared = clock_of(found), clock_of(found, axis=axis)
    assert (own.start_percent, own.wait_percent) == (0, own.first_percent)
    assert shared.start_percent > 30
    assert shared.first_percent == shared.start_percent + shared.wait_percent > own.first_percent
    assert shared.left_start_percent + shared.left_percent == 100


def test_the_page_shows_it(client, cast):
    enter(client, cast.members["worker"])
    page = client.get(reverse("client_page", args=[cast.enrolment.client.public_id]))
    text = page.content.decode()
    assert "日のうち、過ぎた日" in text
    assert str(Month.of(cast.today).year) in text
