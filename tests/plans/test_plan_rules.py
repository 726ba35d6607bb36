"""The rules of a support plan: which step comes next, the latest review, who is expected to sign."""

from datetime import date as d

import pytest

from plans.rules.support_plan import (
    PlanDates,
    PlanStep,
    is_missing_for_billing,
    is_too_early,
    latest_review,
    needs_guardian,
    next_step,
    review_steps,
)

DAYS = ("assessed_on", "drafted_on", "meeting_on", "consented_on", "handed_over_on",
        "consultation_on")  # fmt: skip


@pytest.mark.parametrize("done", range(6))
def test_the_next_step_is_the_first_without_a_day(done):
    dates = PlanDates(**dict.fromkeys(DAYS[:done], d(2026, 4, 1)))
    step = next_step(dates)
    assert step == list(PlanStep)[done]
    # Only the consultation office may still wait when a month is billed.
    assert is_missing_for_billing(step) == (done < 5)


def test_nothing_is_next_when_all_is_done():
    assert next_step(PlanDates(**dict.fromkeys(DAYS, d(2026, 4, 1)))) is None
    assert not is_missing_for_billing(None)


@pytest.mark.parametrize(
    ("starts_on", "latest"),
    [
        pytest.param(d(2026, 4, 1), d(2026, 9, 30), id="first of a month"),
        pytest.param(d(2026, 4, 15), d(2026, 10, 14), id="inside"),
        pytest.param(d(2025, 8, 31), d(2026, 2, 28), id="31st to February"),
        pytest.param(d(2027, 8, 31), d(2028, 2, 29), id="31st to a leap February"),
        pytest.param(d(2027, 8, 29), d(2028, 2, 28), id="29th has its day in a leap year"),
        pytest.param(d(2026, 8, 29), d(2027, 2, 28), id="29th has none in a common year"),
        pytest.param(d(2028, 2, 29), d(2028, 8, 28), id="from the leap day"),
        pytest.param(d(2026, 3, 31), d(2026, 9, 30), id="31st to a month of 30"),
        pytest.param(d(2026, 10, 1), d(2027, 3, 31), id="over the year"),
    ],
)
def test_the_latest_review(starts_on, latest):
    assert latest_review(starts_on, 6) == latest
    (step,) = review_steps(starts_on, 6)
    assert str(latest.year) in step.result
    assert "民法143条" in step.expression


@pytest.mark.parametrize(
    ("starts_on", "consented_on", "early"),
    [
        (d(2026, 4, 1), d(2026, 4, 2), True),
        (d(2026, 4, 1), d(2026, 4, 1), False),
        (d(2026, 4, 1), None, False),
        (None, d(2026, 4, 1), False),
    ],
)
def test_a_plan_begins_with_its_consent(starts_on, consented_on, early):
    assert is_too_early(starts_on, consented_on) is early


def test_only_a_guardian_is_waited_for():
    assert needs_guardian(("parent", "guardian"))
    assert not needs_guardian(("curator", "assistant", "parent"))
