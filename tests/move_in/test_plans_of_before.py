"""A 個別支援計画 of before that was over before the first month here: told at the row, and in the guide."""

import pytest

from plans.models import MoveInRow
from teikyaku.desk.queries.office_start import office_guide
from teikyaku.desk.queries.start_asks import without_plan
from teikyaku.periods import Month, last_day_of_months
from tests.sheets import person

State = MoveInRow.State


def plan_step(mover):
    """What the guide says about the plans."""
    steps = office_guide(mover.office, mover.on).steps
    return next(step for step in steps if step.label == "個別支援計画")


@pytest.mark.django_db
def test_a_review_that_is_cut_before_the_first_month_is_told_with_its_effect(mover):
    month = Month.of(mover.on)
    made = (month - 7).first_day
    (row,) = mover.look(person(mover.on, 1, plan_made_on=made, plan_review_by=(month + 4).last_day))
    assert row.state == State.NEW
    (warning,) = row.warnings
    assert month.label in warning
    assert "有効な計画がない" in warning
    assert "基本報酬が減ります" in warning
    mover.post("move_in_import")
    (held,) = mover.people()
    assert held.support_plans.get().review_by == last_day_of_months(made, 6)
    assert list(without_plan(mover.office, mover.on)) == [held]
    step = plan_step(mover)
    assert "有効な計画がない人が1人" in step.state
    assert "うち1人は計画の記録がありますが、見直しの期限が過ぎています" in step.state
    assert step.ask == "ほかの人に有効な計画がないことを確かめた"


@pytest.mark.django_db
@pytest.mark.parametrize("months", [6, 5])
def test_a_plan_that_reaches_the_first_month_is_not_warned_about(mover, months):
    # Begun on the second day of its month: its last day lies in the month `months` + 6 later.
    made = (Month.of(mover.on) - months).first_day.replace(day=2)
    (row,) = mover.look(person(mover.on, 1, plan_made_on=made, plan_review_by=""))
    assert (row.state, row.warnings) == (State.NEW, [])


@pytest.mark.django_db
def test_who_has_no_record_at_all_is_counted_without_talk_of_a_review(mover):
    mover.run(person(mover.on, 1, plan_made_on=""))
    step = plan_step(mover)
    assert "有効な計画がない人が1人" in step.state
    assert "見直しの期限" not in step.state.split("。")[1]
