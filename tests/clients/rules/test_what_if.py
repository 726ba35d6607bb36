"""What if this person changed jobs on …? Answered by the same code as the real standing."""

from datetime import date, timedelta

import pytest

from clients.rules.facts import EmploymentFact
from clients.rules.kinds import EmploymentKind, StandingState
from clients.rules.standing import standing
from clients.rules.what_if import last_held_on, what_if_changed

JOBS = (EmploymentFact(date(2024, 4, 1)),)
LEFT = date(2025, 4, 30)


@pytest.mark.parametrize(
    ("starts_on", "better", "state"),
    [
        pytest.param(date(2025, 5, 1), True, StandingState.OPEN, id="next-day"),
        pytest.param(date(2025, 5, 31), True, StandingState.OPEN, id="last-day"),
        pytest.param(date(2025, 6, 1), True, StandingState.ENDED, id="day-after"),
        pytest.param(date(2025, 5, 1), False, StandingState.ENDED, id="not-for-better"),
        pytest.param(date(2025, 5, 1), None, StandingState.PENDING, id="purpose-unknown"),
        pytest.param(None, True, StandingState.PENDING, id="no-next-job-yet"),
    ],
)
def test_what_a_change_would_bring(starts_on, better, state):
    found = what_if_changed(JOBS, left_on=LEFT, starts_on=starts_on, to_improve_conditions=better)

    assert found.state is state


def test_the_same_answer_as_if_it_had_happened():
    real = (
        EmploymentFact(date(2024, 4, 1), LEFT, changed_to_improve_conditions=True),
        EmploymentFact(date(2025, 5, 10)),
    )
    asked_for = date(2026, 1, 1)

    assert what_if_changed(
        JOBS, left_on=LEFT, starts_on=date(2025, 5, 10), on=asked_for
    ) == standing(real, asked_for)


def test_a_workplace_of_type_a_would_not_continue_it():
    found = what_if_changed(
        JOBS,
        left_on=LEFT,
        starts_on=date(2025, 5, 10),
        new_kind=EmploymentKind.CONTINUED_A,
        on=date(2025, 6, 1),
    )

    assert found.state is StandingState.ENDED


def test_what_is_on_record_after_the_day_is_set_aside():
    jobs = (
        EmploymentFact(date(2024, 4, 1), date(2026, 3, 31), changed_to_improve_conditions=False),
        EmploymentFact(date(2026, 6, 1)),
    )

    found = what_if_changed(jobs, left_on=LEFT, starts_on=date(2025, 5, 10))

    assert found.state is StandingState.OPEN


@pytest.mark.parametrize("left_on", [date(2024, 4, 1), date(2026, 3, 31)])
def test_the_first_and_the_last_day_at_work_can_be_asked_about(left_on):
    jobs = (EmploymentFact(date(2024, 4, 1), date(2026, 3, 31)),)

    found = what_if_changed(jobs, left_on=left_on, starts_on=None)

    assert found.state is StandingState.PENDING
    assert found.on == left_on + timedelta(days=1)


@pytest.mark.parametrize("left_on", [date(2024, 3, 31), date(2026, 4, 1)])
def test_a_job_must_be_held_on_the_day(left_on):
    jobs = (EmploymentFact(date(2024, 4, 1), date(2026, 3, 31)),)

    with pytest.raises(ValueError, match="no job"):
        what_if_changed(jobs, left_on=left_on, starts_on=None)


@pytest.mark.parametrize(
    ("on", "asked_first"),
    [
        (date(2023, 1, 1), date(2023, 1, 1)),
        (date(2025, 4, 29), date(2025, 4, 29)),
        (date(2025, 4, 30), date(2025, 4, 30)),
        (date(2025, 5, 1), date(2025, 4, 30)),
        (date(2025, 6, 30), date(2025, 4, 30)),
        (date(2025, 7, 1), date(2025, 7, 1)),
        (date(2026, 7, 1), date(2026, 7, 1)),
    ],
)
def test_between_two_jobs_the_question_is_about_the_last_leaving(on, asked_first):
    jobs = (EmploymentFact(date(2024, 4, 1), LEFT), EmploymentFact(date(2025, 7, 1)))
    assert last_held_on(jobs, on) == asked_first
