"""次にすること of a decision: papers, then nothing, then the renewal."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from plans.rules.decision_next import DecisionFacts, DecisionStep, decision_step

ON = date(2026, 4, 10)
MADE = DecisionFacts(
    ends_on=ON + timedelta(days=300), is_granted_here=True, has_certificate=True, has_letter=True
)


@pytest.mark.parametrize(
    ("facts", "step"),
    [
        pytest.param({"has_certificate": False, "has_letter": False}, DecisionStep.CERTIFICATE, id="fresh"),
        pytest.param({"has_letter": False}, DecisionStep.LETTER, id="certificate made"),
        pytest.param({}, DecisionStep.NONE, id="both made"),
        pytest.param({"has_certificate": False, "is_granted_here": False}, DecisionStep.NONE, id="carried over"),
    ],
)  # fmt: skip
def test_the_papers_come_first(facts, step):
    assert decision_step(replace(MADE, **facts), ON) == step


@pytest.mark.parametrize(
    ("days", "step"),
    [
        pytest.param(61, DecisionStep.NONE, id="a day too early"),
        pytest.param(60, DecisionStep.RENEWAL, id="60 days"),
        pytest.param(0, DecisionStep.RENEWAL, id="last day"),
        pytest.param(-30, DecisionStep.RENEWAL, id="30 days after"),
        pytest.param(-31, DecisionStep.NONE, id="over"),
    ],
)
def test_a_renewal_leads_from_60_days_on(days, step):
    assert decision_step(replace(MADE, ends_on=ON + timedelta(days=days)), ON) == step


def test_near_the_end_the_renewal_goes_before_papers_that_nobody_made():
    near = replace(MADE, ends_on=ON + timedelta(days=20), has_certificate=False)
    assert decision_step(near, ON) == DecisionStep.RENEWAL
    assert decision_step(replace(near, is_applied=True), ON) == DecisionStep.APPLIED
    followed = replace(near, is_followed=True)
    assert decision_step(followed, ON) == DecisionStep.CERTIFICATE


def test_papers_of_a_decision_that_is_over_are_not_asked_for():
    over = replace(MADE, ends_on=ON - timedelta(days=90), has_certificate=False)
    assert decision_step(over, ON) == DecisionStep.NONE
