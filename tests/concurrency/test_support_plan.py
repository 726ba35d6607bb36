"""Two people at the same plan at the same moment: one result, one message."""

import pytest
from django.core.exceptions import ValidationError

from plans.actions import plan_papers
from plans.actions import support_plan as actions
from plans.models import SupportPlan, SupportPlanPaper
from teikyaku.clock import at_noon, today
from teikyaku.constraints import violations_as_validation_errors
from tests.cast import cast_of
from tests.concurrency.test_races import at_once

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(240)]


def test_two_begin_write_and_print_at_once():
    cast = cast_of(today())
    who = {"by": cast.members["manager"], "at": at_noon(cast.today)}
    facts = {"enrolment": cast.enrolment, "assessed_on": cast.today, **who}

    def begin(words):
        # As the page does: a refusal of the database becomes the message of the constraint.
        with violations_as_validation_errors(SupportPlan):
            return actions.begin_plan(wishes=words, **facts)

    begun = at_once(lambda: begin("甲"), lambda: begin("乙"))
    assert sum(isinstance(each, SupportPlan) for each in begun) == 1, begun
    assert "作成中の計画" in str(next(e for e in begun if not isinstance(e, SupportPlan)))
    plan = cast.enrolment.support_plans.being_made().get()

    def write(words):
        return actions.write_assessment(
            plan=plan, assessed_on=cast.today, wishes=words, seen=plan.version, **who
        )

    written = at_once(lambda: write("丙"), lambda: write("丁"))
    assert sum(isinstance(each, SupportPlan) for each in written) == 1, written
    assert sum(isinstance(each, ValidationError) for each in written) == 1, written
    plan.refresh_from_db()
    assert plan.version == 2

    whole = cast.enrolment.support_plans.complete().get()
    kind = SupportPlanPaper.Kind.PLAN
    papers = at_once(
        *[lambda: plan_papers.issue_plan_paper(plan=whole, kind=kind, **who) for _turn in range(2)]
    )
    assert papers[0] == papers[1], papers
    assert SupportPlanPaper.objects.filter(plan=whole).count() == 1
