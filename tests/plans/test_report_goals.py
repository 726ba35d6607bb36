"""支援レポート: how goals go, as told in the month's meetings, is offered for the report."""

from datetime import timedelta

import pytest

from plans.actions import life_change
from plans.actions.appointment import change_appointment
from plans.models import SupportPlanGoal, SupportReport
from plans.queries.report_sources import draft_of, report_sources
from plans.queries.support_plan import goals_to_talk_over
from plans.report_papers import version_content
from teikyaku.clock import at_noon
from teikyaku.periods import Month


def test_a_goal_that_was_talked_over_is_offered_with_how_it_goes(cast):
    goal = goals_to_talk_over(cast.enrolment, cast.today)[0]
    assert goal.term == SupportPlanGoal.Term.SHORT
    worker = cast.members["worker"]
    life_change.log_interview(
        enrolment=cast.enrolment, held_on=cast.today, way="face", outcome="met", met_by=worker,
        work_rating="settled", life_rating="settled", goal_ratings={goal: "progress"},
        by=worker, at=at_noon(cast.today),
    )  # fmt: skip
    sources = report_sources(cast.enrolment, Month.of(cast.today))
    words = f"目標「{goal.goal}」：進んでいる"
    line = next(each for source in sources for each in source.lines if each.text == words)
    assert line.target == "result"
    assert words in draft_of(sources)["result"]


def test_the_report_tells_the_day_that_holds_now(cast):
    worker, at = cast.members["worker"], at_noon(cast.today)
    month = Month.of(cast.today)
    later = month.last_day + timedelta(days=5)
    report = SupportReport(enrolment=cast.enrolment, month=month.first_day, pk=0)

    def said(back, day):
        return life_change.log_interview(
            enrolment=cast.enrolment, held_on=cast.today - timedelta(days=back), way="face",
            outcome="met", met_by=worker, work_rating="settled", life_rating="settled",
            next_on=day, by=worker, at=at,
        )  # fmt: skip

    def told():
        lines = [
            line.text
            for source in report_sources(cast.enrolment, month)
            for line in source.lines
            if line.key.endswith(":next_on")
        ]
        content = version_content(report, version=1, issued_on=cast.today, author=worker)
        return lines, content["next_on"]

    said(2, later)
    said(1, later + timedelta(days=7))
    day = later + timedelta(days=7)
    words = f"{day.month}月{day.day}日"
    assert told() == ([f"{words}にお会いします。"], words)
    moved = day + timedelta(days=1)
    change_appointment(enrolment=cast.enrolment, next_on=moved, by=worker, at=at)
    assert told()[1] == f"{moved.month}月{moved.day}日"
    change_appointment(
        enrolment=cast.enrolment, next_on=None, by=worker, at=at + timedelta(minutes=1)
    )
    assert told() == ([], "")


def test_a_report_of_last_month_tells_the_day_that_was_agreed_since(cast):
    worker, at = cast.members["worker"], at_noon(cast.today)
    last = Month.of(cast.today) - 1
    day = Month.of(cast.today).last_day + timedelta(days=9)
    life_change.log_interview(
        enrolment=cast.enrolment, held_on=cast.today, way="phone", outcome="others", met_by=worker,
        next_on=day, by=worker, at=at,
    )  # fmt: skip
    report = SupportReport(enrolment=cast.enrolment, month=last.first_day, pk=0)
    content = version_content(report, version=1, issued_on=cast.today, author=worker)
    assert content["next_on"] == f"{day.month}月{day.day}日"


@pytest.mark.parametrize(
    ("words", "is_drafted"), [("履歴書を一緒に見る。", True), ("来月も同じ時間に会います。", False)]
)
def test_last_months_words_about_another_day_are_offered_not_taken_over(cast, words, is_drafted):
    month = Month.of(cast.today)
    SupportReport.objects.filter(enrolment=cast.enrolment).update(next_steps=words)
    before = SupportReport.objects.filter(enrolment=cast.enrolment, month__lt=month.first_day)
    if not before.exists():
        SupportReport.objects.create(
            enrolment=cast.enrolment, month=(month - 1).first_day, next_steps=words,
            recorded_by=cast.members["worker"], recorded_at=at_noon(cast.today),
        )  # fmt: skip
    sources = report_sources(cast.enrolment, month)
    assert words in [line.text for source in sources for line in source.lines]
    assert (words in draft_of(sources)["goals"]) is is_drafted


def test_a_draft_names_no_topic_that_is_none_of_the_workplaces_business(cast):
    worker = cast.members["worker"]
    life_change.log_interview(
        enrolment=cast.enrolment, held_on=cast.today, way="face", outcome="met", met_by=worker,
        work_rating="settled", life_rating="settled", topics=["tasks", "health", "money"],
        by=worker, at=at_noon(cast.today),
    )  # fmt: skip
    done = draft_of(report_sources(cast.enrolment, Month.of(cast.today)))["done"]
    assert "（仕事の内容）" in done
    assert "体調" not in done
