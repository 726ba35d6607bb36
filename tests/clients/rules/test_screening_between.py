"""Screening of who had several jobs: a service between them, and days between two jobs (rules §1, §2)."""

from datetime import date

import pytest

from clients.rules.facts import EmploymentFact, ServiceUse
from clients.rules.kinds import EmploymentKind, ScreeningAnswer, ServiceKind
from clients.rules.screening import ScreeningFacts, screen

NOW = ScreeningAnswer.ELIGIBLE_NOW
FROM = ScreeningAnswer.ELIGIBLE_FROM
CONTINUES = ScreeningAnswer.CONTINUES
NOT = ScreeningAnswer.NOT_ELIGIBLE
OVER = ScreeningAnswer.EXPIRED
ASK = ScreeningAnswer.INCOMPLETE

ON = date(2026, 11, 26)
FORMER = EmploymentFact(date(2015, 4, 1), date(2017, 1, 30))
JOB = EmploymentFact(date(2025, 3, 1))
TRANSITION = ServiceKind.TRANSITION


def told(*employments, **changes):
    """Somebody who used 就労移行支援, nobody knows when."""
    facts = {"services_used": (TRANSITION,), "employments": employments, "has_difficulties": True}
    return ScreeningFacts(**(facts | changes))


def codes(result):
    return {reason.code for reason in result.reasons}


def asked(result):
    return {question.code for question in result.questions}


@pytest.mark.parametrize("has_difficulties", [True, False, None])
def test_a_service_without_dates_may_lie_between_two_jobs_and_is_asked_about(has_difficulties):
    result = screen(told(FORMER, JOB, has_difficulties=has_difficulties), ON)

    assert result.answer is ASK
    assert "service_between_jobs" in asked(result)
    assert "2017年1月30日" in result.questions[0].text
    assert "2025年3月1日" in result.questions[0].text
    assert codes(result) == {"screening.between_counts"}
    assert (result.first_usable_on, result.last_usable_on) == (None, None)


@pytest.mark.parametrize(
    ("is_between", "answer", "first_usable_on"),
    [
        pytest.param(True, NOW, date(2025, 9, 1), id="yes-opens-the-second"),
        pytest.param(False, OVER, date(2015, 10, 1), id="no-leaves-the-first"),
    ],
)
def test_once_said_the_answer_is_given(is_between, answer, first_usable_on):
    former = EmploymentFact(date(2015, 4, 1), date(2020, 1, 30))

    result = screen(told(former, JOB, is_service_between_jobs=is_between), ON)

    assert result.answer is answer
    assert result.first_usable_on == first_usable_on


def test_a_service_used_only_before_the_former_job_is_a_no_with_its_reason():
    result = screen(told(FORMER, JOB, is_service_between_jobs=False), ON)

    assert result.answer is NOT
    assert "window.needs_new_service" in codes(result)


def test_after_the_three_years_of_the_former_job_it_is_asked_too():
    former = EmploymentFact(date(2015, 4, 1), date(2024, 12, 31))

    assert asked(screen(told(former, JOB), ON)) >= {"service_between_jobs"}


@pytest.mark.parametrize(
    ("starts_on", "answer"),
    [
        pytest.param(date(2025, 4, 1), NOT, id="no-day-between"),
        pytest.param(date(2025, 4, 2), ASK, id="one-day-between"),
    ],
)
def test_no_service_fits_where_no_day_lies_between(starts_on, answer):
    former = EmploymentFact(
        date(2024, 6, 1), date(2025, 3, 31), changed_to_improve_conditions=False
    )

    assert screen(told(former, EmploymentFact(starts_on)), ON).answer is answer


def test_where_the_later_job_is_over_too_nothing_hangs_on_it():
    later = EmploymentFact(date(2025, 3, 1), date(2025, 12, 31))

    assert screen(told(FORMER, later), ON).answer is NOT


@pytest.mark.parametrize("starts_on", [None, date(2010, 4, 1), date(2018, 4, 1)])
def test_a_service_that_ended_between_the_jobs_came_before_the_second(starts_on):
    use = ServiceUse(TRANSITION, starts_on, date(2025, 2, 28))

    result = screen(told(FORMER, JOB, services_used=(use,)), ON)

    assert result.answer is NOW
    assert result.first_usable_on == date(2025, 9, 1)


@pytest.mark.parametrize(
    ("ends_on", "answer"),
    [
        pytest.param(date(2017, 1, 30), ASK, id="with-the-former-job"),
        pytest.param(date(2017, 1, 31), NOW, id="day-after-it"),
        pytest.param(date(2025, 3, 1), ASK, id="first-day-of-the-next"),
    ],
)
def test_a_service_that_reaches_into_a_job_is_asked_about(ends_on, answer):
    use = ServiceUse(TRANSITION, None, ends_on)

    assert screen(told(FORMER, JOB, services_used=(use,)), ON).answer is answer


class TestTheNextJobLiesAhead:
    next_job = EmploymentFact(date(2026, 12, 10))

    def test_after_a_new_service_it_opens_a_window(self):
        use = ServiceUse(TRANSITION, date(2025, 4, 1), date(2026, 11, 20))

        result = screen(told(FORMER, self.next_job, services_used=(use,)), ON)

        assert result.answer is FROM
        assert result.first_usable_on == date(2027, 6, 10)

    def test_after_a_service_without_dates_it_is_asked(self):
        assert asked(screen(told(FORMER, self.next_job), ON)) >= {"service_between_jobs"}
        known = told(FORMER, self.next_job, is_service_between_jobs=True)
        assert screen(known, ON).answer is FROM

    @pytest.mark.parametrize(
        ("better", "answer", "question"),
        [
            pytest.param(True, CONTINUES, None, id="for-better-conditions"),
            pytest.param(None, ASK, "job_change_purpose", id="not-said-why"),
            pytest.param(False, NOT, None, id="for-another-reason"),
        ],
    )
    def test_between_two_jobs_the_next_one_is_not_asked_for(self, better, answer, question):
        left = EmploymentFact(
            date(2024, 4, 1), date(2026, 11, 15), changed_to_improve_conditions=better
        )
        used = ServiceUse(TRANSITION, date(2022, 4, 1), date(2024, 3, 31))

        result = screen(told(left, self.next_job, services_used=(used,)), ON)

        assert result.answer is answer
        assert "job_change" not in asked(result)
        assert question is None or question in asked(result)
        assert ("screening.continues" in codes(result)) is (answer is CONTINUES)

    def test_who_was_in_the_first_six_months_goes_on_waiting(self):
        left = EmploymentFact(
            date(2026, 9, 1), date(2026, 11, 15), changed_to_improve_conditions=True
        )

        result = screen(told(left, self.next_job), ON)

        assert result.answer is FROM
        assert result.first_usable_on == date(2027, 3, 1)


def test_a_change_that_only_the_city_can_judge_is_not_asked_of_the_person():
    jobs = (
        EmploymentFact(date(2025, 4, 1), date(2025, 6, 30), changed_to_improve_conditions=True),
        EmploymentFact(date(2025, 7, 15), date(2026, 8, 31), changed_to_improve_conditions=True),
        EmploymentFact(date(2026, 9, 15)),
    )

    result = screen(told(*jobs), ON)

    assert result.answer is ASK
    assert asked(result) >= {"job_change_at_office"}


def test_type_a_after_a_former_job_stays_what_it_is():
    present = EmploymentFact(date(2025, 3, 1), kind=EmploymentKind.CONTINUED_A)

    assert screen(told(FORMER, present), ON).answer is NOT
