"""個別支援計画書: frozen, the same until something changed, marked 案 before the consent, read aloud."""

import pytest
from django.urls import reverse

from plans.actions import support_plan as actions
from plans.actions.plan_papers import issue_plan_paper, reprint
from plans.models import SupportPlanPaper
from plans.rules.support_plan import GoalFacts
from teikyaku.accounts.models import IssuedDocument
from teikyaku.clock import at_noon
from teikyaku.furigana import reading_runs
from tests.access.support_plan import met_over
from tests.accounts.test_coming_and_going import enter
from tests.printing.test_documents import needs_pdftotext, text_of

KIND = SupportPlanPaper.Kind


@pytest.fixture
def who(cast):
    return {"by": cast.members["manager"], "at": at_noon(cast.today)}


def test_printed_twice_it_is_one_paper_and_a_correction_refers_to_it(cast, who):
    plan = cast.enrolment.support_plans.get()
    first = issue_plan_paper(plan=plan, kind=KIND.PLAN, **who)
    assert issue_plan_paper(plan=plan, kind=KIND.PLAN, **who) == first
    actions.correct_plan(
        plan=plan, changes={"wishes": "もっと長く働く"}, goal_rows=[GoalFacts("short", "通う", staff_does="月に一度会う")],
        reason="聞き間違い", **who,
    )  # fmt: skip
    plan.refresh_from_db()
    second = issue_plan_paper(plan=plan, kind=KIND.PLAN, **who)
    assert second.document.replaces == first.document
    assert second.document.content["replaces"]["number"] == first.document.number
    first = SupportPlanPaper.objects.get(pk=first.pk)
    assert first.document.content["wishes"] == "長く働く"
    assert reprint(first, cast.today)["replaced_by"]["number"] == second.document.number
    assert IssuedDocument.objects.filter(kind=KIND.PLAN).count() == 2


@needs_pdftotext
def test_before_the_consent_it_is_a_draft_that_nobody_was_handed(client, cast, who):
    plan = met_over(cast)
    enter(client, cast.members["manager"])
    url = reverse("support_plan_issue", args=[cast.enrolment.public_id, plan.public_id])
    answer = client.post(url, {"kind": "plan"}, follow=True)
    assert answer["Content-Type"] == "application/pdf"
    text = text_of(answer.content)
    assert "案" in text
    assert "長く働きたい" in text
    assert "本人" in text
    assert "サービス管理責任者" in text
    paper = plan.papers.get()
    assert paper.document.content["edition"] == "案"
    goals = [goal["term"] for goal in paper.document.content["goals"]]
    assert goals == ["長期目標", "短期目標"]


@needs_pdftotext
def test_the_plain_version_carries_readings(client, cast):
    plan = cast.enrolment.support_plans.get()
    enter(client, cast.members["manager"])
    url = reverse("support_plan_issue", args=[cast.enrolment.public_id, plan.public_id])
    text = text_of(client.post(url, {"kind": "plain"}, follow=True).content)
    assert "きぼう" in text
    assert "もくひょう" in text


@pytest.mark.parametrize(
    ("text", "runs"),
    [
        ("毎日、会社へ", [["毎日", "まいにち"], ["、", ""], ["会社", "かいしゃ"], ["へ", ""]]),
        ("会社員", [["会社", ""], ["員", ""]]),
        ("ab", [["ab", ""]]),
        ("", []),
    ],
)
def test_half_a_word_is_not_read(text, runs):
    assert reading_runs(text) == runs


def test_a_paper_of_another_office_is_not_found(client, cast, who):
    paper = issue_plan_paper(plan=cast.foreign.support_plans.get(), kind=KIND.PLAN, **who)
    enter(client, cast.members["manager"])
    assert client.get(reverse("support_plan_pdf", args=[paper.public_id])).status_code == 404
