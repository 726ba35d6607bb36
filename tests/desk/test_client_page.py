"""The client page: what is next and why, within its budget of queries; the history; an attempt."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from clients.models import Consent, Enrolment
from clients.queries.dossier import client_dossier
from plans.actions import life_change
from plans.actions.revocation import end_decision
from plans.models import Decision, Interview
from plans.queries.dossier import support_dossier
from plans.queries.expiry import expiry_labels
from plans.rules.support_plan import PlanStep
from teikyaku.clock import at_noon, now
from teikyaku.desk.queries.person import RECENT, entries_of, person_page
from teikyaku.desk.queries.plan_things import who_acts
from teikyaku.desk.queries.waiting import waiting_people, waiting_rows
from teikyaku.periods import Month
from tests.access.table import TABLE
from tests.accounts.test_coming_and_going import enter
from tests.cast import job_of, meet, take_in

# Beside the session, who is signed in, and the line that says who looked.
QUERIES = 22
ROOT = Path(__file__).resolve().parents[2]


def page_of(cast, who="manager", on=None):
    on = on or cast.today
    return person_page(client_dossier(cast.enrolment, on), on, cast.members[who])


def texts(page):
    return [thing.text for thing in page.next]


@pytest.mark.parametrize("who", ["worker", "manager", "head", "billing"])
def test_queries_stay_in_budget_whatever_the_history(client, cast, who):
    enter(client, cast.members[who])
    url = reverse("client_page", args=[cast.enrolment.client.public_id])
    client.get(url)
    for days in range(1, 20):
        meet(cast.enrolment, cast.members["worker"], cast.today - timedelta(days=days))
    with CaptureQueriesContext(connection) as queries:
        assert client.get(url).status_code == 200
    around = (
        "django_session",
        'accounts_membership" INNER JOIN "accounts_user',
        "accounts_auditevent",
    )
    own = [row["sql"] for row in queries if not any(name in row["sql"] for name in around)]
    assert len(queries) - len(own) == len(around)
    assert len(own) <= QUERIES


def test_the_overdue_interview_comes_first_with_its_reasons(cast):
    late = cast.enrolment.interview_due_on or Month.of(cast.today).last_day
    later = late + timedelta(days=3)
    first = page_of(cast, on=later).next[0]
    assert first.tone == "danger"
    assert first.by == late
    assert first.url == reverse("interview_new", args=[cast.enrolment.public_id])
    assert first.reasons
    assert first.steps
    assert "期限が過ぎて" in first.text


def test_a_reader_who_may_not_write_gets_no_link(cast):
    urls = {thing.url for thing in page_of(cast, who="billing").next}
    assert urls == {""}
    assert any(thing.url for thing in page_of(cast, who="worker").next)


def test_a_month_with_a_meeting_and_no_shared_report_waits(cast):
    meet(cast.enrolment, cast.members["worker"], cast.today)
    month = Month.of(cast.today)
    page = page_of(cast)
    assert f"{month.label}の支援レポートを渡す" in texts(page)
    line = page.months[0]
    assert (line.month, line.met_on, line.shared_on) == (month, (cast.today,), None)
    assert line.awaits_report
    # Last month was met and shared by the cast.
    assert not page.months[1].awaits_report
    assert page.months[1].shared_on is not None


def test_a_decision_that_runs_out_is_told_ahead_and_after(cast):
    decision = page_of(cast).support.decision
    ahead = page_of(cast, on=decision.ends_on - timedelta(days=30))
    assert ("支給決定の更新", decision.ends_on) in [(t.text, t.by) for t in ahead.next]
    over = page_of(cast, on=decision.ends_on + timedelta(days=1))
    assert "支給決定が切れています" in texts(over)
    early = page_of(cast, on=decision.ends_on - timedelta(days=61))
    assert "支給決定の更新" not in texts(early)


def test_the_end_of_the_window_is_told(cast):
    last = page_of(cast).person.standing.window.last_usable_on
    assert "利用できる期間が終わります" in texts(page_of(cast, on=last - timedelta(days=60)))
    assert "利用できる期間が終わります" not in texts(page_of(cast, on=last - timedelta(days=61)))
    assert "利用できる期間が終わっています" in texts(page_of(cast, on=last + timedelta(days=1)))


def test_after_a_leaving_the_day_of_the_next_job_comes_first(cast):
    left_on = cast.today - timedelta(days=9)
    life_change.end_employment(
        employment=job_of(cast.enrolment), ends_on=left_on, reason="通勤", changes_to_improve=True,
        by=cast.members["worker"], at=at_noon(cast.today),
    )  # fmt: skip
    page = page_of(cast)
    until = page.person.standing.pending_until
    assert until is not None
    assert until > cast.today
    first = page.next[0]
    assert (first.text, first.by) == ("次の就職は、この日までに始まることが必要です", until)
    assert f"あと{(until - cast.today).days}日" in first.note
    assert first.reasons


def test_nothing_is_next_once_the_use_has_ended(client, cast):
    life_change.end_use(
        enrolment=cast.enrolment, ends_on=cast.today - timedelta(days=1), reason="own_wish", note="",
        by=cast.members["head"], at=at_noon(cast.today),
    )  # fmt: skip
    cast.enrolment.refresh_from_db()
    assert page_of(cast).next == ()
    enter(client, cast.members["worker"])
    page = client.get(reverse("client_page", args=[cast.enrolment.client.public_id]))
    text = page.content.decode()
    assert "利用を終了しました" in text
    # What was before the end may still be written up; nothing new is asked for.
    assert "終わる前の面談・連絡を書き足す" in text
    assert reverse("attempt_new", args=[cast.enrolment.public_id]) not in text
    assert reverse("enrolment_reopen", args=[cast.enrolment.public_id]) in text


def test_consents_are_answers(cast):
    questions = {a.question: a for a in page_of(cast).consents}
    assert questions["職場に連絡してよい？"].answer == "まだ"
    family = questions["支援レポートを家族に渡してよい？"]
    assert (family.answer, family.consent_id) == ("はい", Consent.objects.get().public_id)
    job = job_of(cast.enrolment)
    job.must_not_contact = True
    job.save()
    answers = page_of(cast).consents
    assert [(a.question, a.answer) for a in answers if "職場" in a.question] == [
        ("職場に連絡してよい？", "いいえ")
    ]


def test_the_workplace_number_is_never_shown_where_it_must_not_be_called(client, cast):
    job = job_of(cast.enrolment)
    job.must_not_contact, job.contact_phone = True, "025-999-0000"
    job.save()
    enter(client, cast.members["worker"])
    page = client.get(reverse("client_page", args=[cast.enrolment.client.public_id]))
    assert "025-999-0000" not in page.content.decode()
    assert "職場連絡禁止" in page.content.decode()


def test_the_history_is_filtered_by_kind(client, cast):
    enter(client, cast.members["worker"])
    url = reverse("client_history", args=[cast.enrolment.client.public_id])
    everything = client.get(url).context["page"].object_list
    reports = client.get(f"{url}?kind=report").context["page"].object_list
    assert {entry.kind for entry in reports} == {"report"}
    assert 0 < len(reports) < len(everything)
    assert len(client.get(f"{url}?kind=nonsense").context["page"].object_list) == len(everything)
    days = [entry.on for entry in everything]
    assert days == sorted(days, reverse=True)


def test_an_attempt_takes_the_day_and_a_button(client, cast):
    enter(client, cast.members["worker"])
    url = reverse("attempt_new", args=[cast.enrolment.public_id])
    due = cast.enrolment.interview_due_on
    answer = client.post(url, {"held_on": cast.today.isoformat(), "notes": "", "way": "phone"})
    assert answer.status_code == 302
    row = Interview.objects.latest("pk")
    assert (row.outcome, row.way, row.held_on) == ("attempt", "phone", cast.today)
    assert row.met_by == cast.members["worker"]
    cast.enrolment.refresh_from_db()
    assert cast.enrolment.interview_due_on == due
    # Sent once more by the way back: told, not stored; with a word of its own it is another one.
    again = client.post(url, {"held_on": cast.today.isoformat(), "notes": "", "way": "phone"})
    assert again.status_code == 422
    assert "同じ内容の記録" in again.content.decode()
    other = {"held_on": cast.today.isoformat(), "notes": "夕方にもう一度", "way": "phone"}
    assert client.post(url, other).status_code == 302
    assert Interview.objects.filter(outcome="attempt").count() == 2


def test_an_attempt_without_a_way_keeps_what_was_typed(client, cast):
    enter(client, cast.members["worker"])
    url = reverse("attempt_new", args=[cast.enrolment.public_id])
    answer = client.post(url, {"held_on": "2026-99-99", "notes": "書いたこと"})
    text = answer.content.decode()
    assert answer.status_code == 422
    assert "書いたこと" in text
    assert "2026-99-99" in text
    assert "ボタンから方法" in text


def test_what_stands_on_the_page_is_the_head_of_the_whole_history(cast):
    worker = cast.members["worker"]
    for days in range(1, 25):
        meet(cast.enrolment, worker, cast.today - timedelta(days=days))
    file = support_dossier(client_dossier(cast.enrolment, cast.today))
    whole = entries_of(file)
    assert len(whole) > 24
    assert entries_of(file, newest=RECENT)[:RECENT] == whole[:RECENT]


def test_whatever_ends_is_found_on_the_page_by_its_kind(client, cast):
    enter(client, cast.members["worker"])
    page = client.get(reverse("client_page", args=[cast.enrolment.client.public_id]))
    text = page.content.decode()
    for kind in expiry_labels():
        # Hand-over: its panel comes with the last months; a qualification is no client's.
        if not kind.startswith("handover") and kind != "qualification":
            assert f'id="{kind}"' in text, kind
    panel = (ROOT / "templates/desk/client/handover.html").read_text()
    assert 'anchor="handover"' in panel
    assert 'id="handover_look"' in panel


def test_a_right_that_a_leaving_ended_leaves_nothing(client, cast):
    """Clock, what is next and the list of people say the same day."""
    left_on = cast.today - timedelta(days=60)
    worker = cast.members["worker"]
    life_change.end_employment(
        employment=job_of(cast.enrolment),
        ends_on=left_on,
        reason="",
        changes_to_improve=False,
        by=worker,
        at=at_noon(cast.today),
    )
    cast.enrolment.refresh_from_db()
    page = page_of(cast)
    assert "まででした" in page.clock.lead
    assert page.clock.left_percent == 0
    assert page.clock.marks[-1].on == left_on
    assert "利用できる期間が終わっています" in texts(page)
    assert "支給決定の更新" not in texts(page)
    assert cast.enrolment.window_ends_on == left_on
    enter(client, worker)
    listed = client.get(reverse("client_list")).content.decode()
    assert f"{left_on.year}年{left_on.month}月{left_on.day}日" in listed


def test_the_history_filters_in_place(client, cast):
    """The newest of a kind as a part of the page, and the way to the others."""
    for days in range(1, RECENT + 4):
        meet(cast.enrolment, cast.members["worker"], cast.today - timedelta(days=days))
    enter(client, cast.members["worker"])
    url = reverse("client_history", args=[cast.enrolment.client.public_id])
    part = client.get(url, {"kind": "contact"}, headers={"X-Part": "1"})
    text = part.content.decode()
    assert "<html" not in text
    assert len(part.context["entries"]) == RECENT
    assert {entry.kind for entry in part.context["entries"]} == {"contact"}
    assert f"{url}?kind=contact" in text
    none = client.get(url, {"kind": "pace"}, headers={"X-Part": "1"}).content.decode()
    assert "まだありません" in none
    enter(client, cast.members["outsider"])
    assert client.get(url, headers={"X-Part": "1"}).status_code == 404


@pytest.mark.parametrize(
    ("months_ago", "tone", "is_lost"), [(3, "info", False), (9, "danger", True)]
)
def test_before_the_use_the_page_says_by_when_to_apply(cast, months_ago, tone, is_lost):
    """The same day as the list of those who wait, with what a delay costs and why."""
    employed_on = (Month.of(cast.today) - months_ago).first_day
    row = take_in(cast.office, cast.members["worker"], employed_on, name="待つ 人")
    page = person_page(client_dossier(row, cast.today), cast.today, cast.members["worker"])
    thing = next(thing for thing in page.next if thing.text == "区役所に申請する")
    listed = next(
        each
        for each in waiting_rows(waiting_people(cast.members["worker"], cast.today), cast.today)
        if each.enrolment_id == row.public_id
    )
    assert thing.by == listed.waiting.apply_by
    assert thing.tone == tone
    assert ("短くなる" in thing.note) is is_lost
    assert thing.reasons


def test_what_came_to_nothing_before_the_use_is_told_to_the_office(client, cast):
    """A decision that was revoked leads to no use: the page and the list say so, not that it waits or is done."""
    end_decision(
        decision=cast.decision, on=cast.today, reason="利用しない", by=cast.members["officer"],
        at=now(),
    )  # fmt: skip
    row, worker = Enrolment.objects.get(client=cast.decision.client), cast.members["worker"]
    page = person_page(client_dossier(row, cast.today), cast.today, worker)
    told = page.support.ended
    assert "取り消されました" in told
    texts = [thing.text for thing in page.next]
    assert told in texts
    assert "区役所に申請する" not in texts
    (listed,) = [
        each
        for each in waiting_rows(waiting_people(worker, cast.today), cast.today)
        if each.enrolment_id == row.public_id
    ]
    assert (listed.ended, listed.application, listed.tone) == (told, None, "warning")
    enter(client, worker)
    seen = client.get(reverse("client_page", args=[row.client.public_id])).content.decode()
    assert "すべて済んでいます" not in seen
    seen = client.get(reverse("waiting")).content.decode()
    assert told in seen
    assert "申請：支給決定" not in seen


@pytest.mark.parametrize(("days", "tone"), [(0, "warning"), (1, "danger")])
def test_a_right_that_was_taken_away_is_told_and_not_renewed(cast, days, tone):
    Decision.objects.filter(client=cast.enrolment.client).update(
        ends_on=cast.today, revoked_on=cast.today, revocation_reason="転出"
    )
    page = page_of(cast, on=cast.today + timedelta(days=days))
    assert not [text for text in texts(page) if "更新" in text or "切れて" in text]
    thing = next(thing for thing in page.next if thing.text == "支給決定が取り消されました")
    assert (thing.tone, thing.by) == (tone, cast.today)


def test_after_the_end_the_page_stands_still(client, cast):
    ended_on = cast.today - timedelta(days=40)
    type(cast.enrolment).objects.filter(pk=cast.enrolment.pk).update(
        ends_on=ended_on, end_reason="own_wish"
    )
    enter(client, cast.members["worker"])
    url = reverse("client_page", args=[cast.enrolment.client.public_id])
    answer = client.get(url)
    clock = answer.context["page"].clock
    assert clock.lead.endswith("に終わりました")
    assert clock.now_label == "終了"
    assert ">今月</small>" not in answer.content.decode()


def test_a_plan_whose_review_has_passed_says_why_and_who_acts(cast):
    plan = cast.enrolment.support_plans.complete().get()
    later = plan.review_by + timedelta(days=3)
    thing = next(each for each in page_of(cast, on=later).next if "見直しが過ぎ" in each.text)
    assert (thing.tone, thing.by) == ("danger", plan.review_by)
    assert "次の計画がまだありません" in thing.note
    assert f"担当の{cast.user('worker').name}、またはサービス管理責任者" in thing.note


def test_who_acts_is_what_the_pages_allow():
    for step in PlanStep:
        is_for_staff = "worker" in TABLE[f"support_plan_{step.value}"]
        assert ("担当の架空" in who_acts(step, "架空")) == is_for_staff
        assert "サービス管理責任者" in who_acts(step, "架空")
    assert "担当はまだ決まっていません" in who_acts(PlanStep.ASSESSMENT, "")


def test_the_whole_history_keeps_the_chosen_kind(client, cast):
    enter(client, cast.members["worker"])
    person = cast.enrolment.client.public_id
    page = client.get(reverse("client_page", args=[person])).content.decode()
    assert (
        f'<a href="{reverse("client_history", args=[person])}" data-follows="history-part">' in page
    )
    assert page.count('data-told-of="history-part"') == 1
