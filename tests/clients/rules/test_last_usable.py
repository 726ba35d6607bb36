"""A last day at work that is known before it has come: until when, and why (docs/rules.md §2)."""

from datetime import date

import pytest

from clients.rules.facts import EmploymentFact, ServiceUse
from clients.rules.kinds import ScreeningAnswer, ServiceKind
from clients.rules.screening import ScreeningFacts, screen
from teikyaku.periods import Period

ON = date(2026, 11, 26)
USED = ServiceUse(ServiceKind.TRANSITION, date(2022, 4, 1), date(2024, 3, 31))
# Usable from 2024-10-01 to 2027-09-30; the month after leaving ends on 2027-01-10.
STARTS, LEAVES = date(2024, 4, 1), date(2026, 12, 10)


def job(better=None, **changes):
    return EmploymentFact(
        **({"starts_on": STARTS, "ends_on": LEAVES} | changes), changed_to_improve_conditions=better
    )


def asked_on(*jobs, on=ON, **changes):
    told = {"services_used": (USED,), "employments": jobs, "has_difficulties": True}
    return screen(ScreeningFacts(**(told | changes)), on)


def text(result):
    return "".join(reason.text for reason in result.reasons)


def codes(result):
    return [reason.code for reason in result.reasons]


def test_without_a_next_job_both_ends_are_told():
    result = asked_on(job())

    assert result.last_usable_on == LEAVES
    assert codes(result)[1:] == ["leaving_ahead.until", "leaving_ahead.goes_on"]
    assert "利用できるのは2026年12月10日まで" in text(result)
    assert "2027年1月10日までに次の就職をすると" in text(result)
    assert "2027年9月30日まで利用できます" in text(result)


def test_a_next_job_after_the_month_ends_it_and_no_longer_end_is_told():
    result = asked_on(job(True), EmploymentFact(date(2027, 2, 20)))

    assert codes(result) == ["screening.service_first", "job_change.too_late"]
    assert "2026年12月10日までになります" in text(result)
    assert "2027年9月30日" not in text(result)


def test_the_arithmetic_ends_with_the_last_day_at_work():
    assert [step.result for step in asked_on(job()).steps][-2:] == [
        "2027年9月30日", "2026年12月10日",
    ]  # fmt: skip
    assert len(asked_on(job(ends_on=None)).steps) == 4


def test_a_next_job_in_time_carries_it_on_and_says_so():
    result = asked_on(job(True), EmploymentFact(date(2027, 1, 10)))

    assert result.last_usable_on == date(2027, 9, 30)
    assert {"window.open", "job_change.joined"} <= set(codes(result))


def test_a_joined_change_of_the_past_says_from_which_job_is_counted():
    result = asked_on(job(True, ends_on=date(2025, 4, 30)), EmploymentFact(date(2025, 5, 31)))

    assert "期間は最初の就職から数えます" in text(result)


def test_two_jobs_at_once_are_left_to_the_city():
    result = asked_on(job(False), EmploymentFact(date(2026, 12, 1)))

    assert result.last_usable_on == LEAVES
    assert "job_change.overlap" in codes(result)
    assert "job_change_at_office" in {each.code for each in result.questions}


def test_who_has_no_difficulties_now_may_apply_until_that_day():
    result = asked_on(job(), has_difficulties=False)

    assert result.answer is ScreeningAnswer.NOT_ELIGIBLE
    assert "2026年12月10日までの間に" in result.reasons[0].text


def test_leave_keeps_the_employment_and_does_not_lengthen_it():
    away = (Period(date(2026, 6, 1), date(2026, 12, 31)),)
    result = asked_on(job(ends_on=None, leaves=away))

    assert result.answer is ScreeningAnswer.ELIGIBLE_NOW
    assert result.last_usable_on == date(2027, 9, 30)
    assert "employment.on_leave" in codes(result)


@pytest.mark.parametrize("ends_on", [date(2026, 12, 31), date(2027, 1, 31)])
def test_work_that_ends_before_the_window_opens_announces_no_day(ends_on):
    result = asked_on(job(False, starts_on=date(2026, 8, 1), ends_on=ends_on))

    assert result.answer is ScreeningAnswer.NOT_ELIGIBLE
    assert (result.is_yes, result.right_ended_on) == (False, None)
    assert "job_change.broken_early" in codes(result)


def test_before_it_opens_without_a_next_job_that_one_is_asked():
    result = asked_on(job(starts_on=date(2026, 8, 1), ends_on=date(2026, 12, 31)))

    assert result.answer is ScreeningAnswer.INCOMPLETE
    assert result.questions[0].code == "job_change"
    assert "2027年1月31日" in result.questions[0].text
    assert "job_change.gap_month" not in codes(result)


def test_cut_short_in_the_first_six_months_no_later_day_is_promised():
    result = asked_on(job(False, starts_on=date(2026, 8, 1), ends_on=date(2027, 3, 31)))

    assert result.answer is ScreeningAnswer.ELIGIBLE_FROM
    assert (result.first_usable_on, result.last_usable_on) == (date(2027, 2, 1), date(2027, 3, 31))
    assert result.apply_by is not None
    assert "2030年" not in text(result)


def test_the_two_ways_to_count_are_idle_once_the_work_ends_before():
    late = EmploymentFact(date(2027, 6, 1))
    result = asked_on(job(True, starts_on=date(2024, 8, 29), ends_on=LEAVES), late)

    assert "window.two_steps" not in codes(result)
    assert "window.two_steps" in codes(asked_on(job(starts_on=date(2024, 8, 29))))
