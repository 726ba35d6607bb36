"""What one began to write stands on one's home, wherever it was begun and whoever one is."""

from datetime import timedelta

import pytest
from django.urls import reverse

from clients.models import StaffAssignment
from plans.models import InterviewDraft, MoveIn, SupportPlan, SupportReport
from teikyaku.clock import at_noon
from teikyaku.desk.queries.begun import SHOWN, begun_of
from teikyaku.periods import Month
from tests.accounts.test_coming_and_going import enter


def by(cast, who, days_ago=0):
    on = at_noon(cast.today - timedelta(days=days_ago))
    return {"recorded_by": cast.members[who], "recorded_at": on}


def draft(cast, who, days_ago=0):
    return InterviewDraft.objects.create(
        enrolment=cast.enrolment, answers={"notes": "途中"}, **by(cast, who, days_ago),
        saved_at=at_noon(cast.today - timedelta(days=days_ago)),
    )  # fmt: skip


def report(cast, who, months_ago=5, **facts):
    month = Month.of(cast.today) - months_ago
    return SupportReport.objects.create(
        enrolment=cast.enrolment, month=month.first_day, goals="通う", **by(cast, who, 1), **facts
    )


def drawn(client, cast, who):
    enter(client, cast.members[who])
    return client.get(reverse("home")).content.decode()


@pytest.mark.parametrize("who", ["worker", "manager"])
def test_a_draft_stands_on_the_home_of_who_wrote_it(client, cast, who):
    """Also of who leads and has nobody assigned to them: the page that kept it said so."""
    StaffAssignment.objects.exclude(staff__user=cast.members["worker"].user_id).delete()
    row = draft(cast, who)
    other = "manager" if who == "worker" else "worker"
    link = f"{reverse('interview_new', args=[cast.enrolment.public_id])}?draft={row.public_id}"
    text = drawn(client, cast, who)
    assert link in text
    assert text.index('id="drafts"') < text.index('id="first-steps"')
    assert link not in drawn(client, cast, other)


def test_what_was_begun_elsewhere_stands_beside_it_the_latest_first(client, cast):
    SupportPlan.objects.filter(enrolment=cast.enrolment).delete()
    plan = SupportPlan.objects.create(
        enrolment=cast.enrolment, assessed_on=cast.today, **by(cast, "manager", 2)
    )
    begun = report(cast, "manager")
    draft(cast, "manager")
    report(cast, "manager", 6)
    rows = begun_of(cast.members["manager"], cast.today).rows
    kinds = [row.what.removeprefix(Month.of(begun.month).label) for row in rows]
    assert (kinds[0], kinds[1], kinds[-1]) == (
        "面談・連絡の記録", "の支援レポート", "個別支援計画（アセスメントまで）",
    )  # fmt: skip
    text = drawn(client, cast, "manager")
    assert reverse("support_plan_page", args=[cast.enrolment.public_id, plan.public_id]) in text
    assert len(rows) > SHOWN
    assert "ほかの書きかけ" in text
    for row in rows:
        assert client.get(row.url).status_code == 200, row.what
    assert not begun_of(cast.members["worker"], cast.today).rows
    assert "書きかけの記録" not in drawn(client, cast, "worker")


def test_a_file_of_the_move_that_waits_stands_there_without_its_name(client, cast):
    row = MoveIn.objects.create(
        office=cast.office, file_name="試験太郎.csv", row_count=1_234, digest="0" * 64, **by(cast, "head")
    )  # fmt: skip
    text = drawn(client, cast, "head")
    assert reverse("move_in_page", args=[row.public_id]) in text
    assert "試験太郎.csv" not in text
    assert "利用者の表の取り込み（1,234行）" in text


def test_what_is_issued_drafted_or_settled_is_no_draft_any_more(cast):
    manager = cast.members["manager"]
    issued = SupportReport.objects.filter(versions__isnull=False).first()
    SupportReport.objects.filter(pk=issued.pk).update(recorded_by=manager)
    assert not begun_of(manager, cast.today).rows
    SupportReport.objects.filter(pk=issued.pk).update(correction_reason="日付の間違い")
    assert len(begun_of(manager, cast.today).rows) == 1
    SupportReport.objects.filter(pk=issued.pk).update(correction_reason="")
    MoveIn.objects.create(
        office=cast.office, file_name="x.csv", digest="0" * 64, outcome="discarded",
        outcome_by=manager, outcome_at=at_noon(cast.today), **by(cast, "manager"),
    )  # fmt: skip
    assert not begun_of(manager, cast.today).rows


def test_what_may_not_be_opened_is_not_offered(cast):
    """Whoever only bills has no page to go on with a report."""
    report(cast, "billing")
    assert not begun_of(cast.members["billing"], cast.today).rows


def test_it_costs_the_same_for_many(cast, django_assert_max_num_queries):
    for months_ago in range(5, 9):
        report(cast, "manager", months_ago)
    with django_assert_max_num_queries(7):
        assert len(begun_of(cast.members["manager"], cast.today).rows) == 4
