"""First and last usable day at the borders, through the public form: each figure counted by hand.

docs/rules.md §1 and §2: a period ends the day before the corresponding day, or on the last day of a
month without one; the three years are counted from the first usable day.
"""

from datetime import date

import pytest

from clients.rules.kinds import ScreeningAnswer
from teikyaku.desk.guide.answers import use_answer
from teikyaku.desk.guide.forms import UseForm

pytestmark = pytest.mark.django_db
NOW = ScreeningAnswer.ELIGIBLE_NOW
FROM = ScreeningAnswer.ELIGIBLE_FROM
CONTINUES = ScreeningAnswer.CONTINUES
NOT = ScreeningAnswer.NOT_ELIGIBLE
OVER = ScreeningAnswer.EXPIRED
ASK = ScreeningAnswer.INCOMPLETE
ON = date(2026, 11, 26)
USED = {
    "services": ["transition"], "has_difficulties": "yes", "lives_in": "新潟市",
    "works_in_niigata": "yes",
}  # fmt: skip


def answer(on=ON, **told):
    form = UseForm({**USED, **told})
    assert form.is_valid(), form.errors
    return use_answer(form.cleaned_data, on)


def codes(result):
    return {reason.code for reason in result.reasons}


def asked(result):
    return {question.code for question in result.questions}


@pytest.mark.parametrize(
    ("employed_on", "expected", "first", "last"),
    [
        pytest.param("2026-02-28", NOW, "2026-08-28", "2029-08-27", id="end-of-february"),
        pytest.param("2025-08-29", NOW, "2026-03-01", "2029-02-28", id="no-29-february"),
        pytest.param("2025-08-30", NOW, "2026-03-01", "2029-02-28", id="no-30-february"),
        pytest.param("2025-08-31", NOW, "2026-03-01", "2029-02-28", id="no-31-february"),
        pytest.param("2025-09-01", NOW, "2026-03-01", "2029-02-28", id="the-same-from-the-1st"),
        pytest.param("2023-08-30", NOW, "2024-03-01", "2027-02-28", id="leap-year-no-30"),
        pytest.param("2023-08-29", NOW, "2024-02-29", "2027-02-28", id="first-day-on-the-leap-day"),
        pytest.param("2024-02-29", NOW, "2024-08-29", "2027-08-28", id="employed-on-the-leap-day"),
        pytest.param("2024-08-29", NOW, "2025-03-01", "2028-02-29", id="three-years-to-a-leap-day"),
        pytest.param("2020-08-31", OVER, "2021-03-01", "2024-02-29", id="over-on-a-leap-day"),
        pytest.param("2026-03-31", NOW, "2026-10-01", "2029-09-30", id="no-31-september"),
        pytest.param("2026-05-31", FROM, "2026-12-01", "2029-11-30", id="no-31-november"),
        pytest.param("2026-05-26", NOW, "2026-11-26", "2029-11-25", id="first-day-is-today"),
        pytest.param("2026-05-27", FROM, "2026-11-27", "2029-11-26", id="first-day-is-tomorrow"),
        pytest.param("2023-05-27", NOW, "2023-11-27", "2026-11-26", id="last-day-is-today"),
        pytest.param("2023-05-26", OVER, "2023-11-26", "2026-11-25", id="last-day-was-yesterday"),
        pytest.param("2027-01-31", FROM, "2027-07-31", "2030-07-30", id="job-ahead"),
    ],
)
def test_one_job(employed_on, expected, first, last):
    result = answer(employed_on=employed_on)

    assert result.answer is expected
    assert result.first_usable_on == date.fromisoformat(first)
    assert result.last_usable_on == date.fromisoformat(last)


def test_sixty_days_before_the_first_day_is_when_to_apply():
    result = answer(employed_on="2026-05-27")

    assert (result.apply_by, result.is_apply_by_past) == (date(2026, 9, 28), True)


def changed(left_on, next_on, better="yes", on=ON):
    """Employed on 2024-04-01, so that the window runs from 2024-10-01 to 2027-09-30."""
    return answer(on, before_on="2024-04-01", before_ended_on=left_on, employed_on=next_on,
                  is_before_left_to_improve=better)  # fmt: skip


@pytest.mark.parametrize(
    ("left_on", "next_on", "better", "expected", "until"),
    [
        pytest.param("2025-01-30", "2025-02-28", "yes", NOW, "2027-09-30", id="no-31-february"),
        pytest.param("2025-01-30", "2025-03-01", "yes", NOT, "2025-01-30", id="a-day-too-late"),
        pytest.param("2025-04-30", "2025-05-31", "yes", NOW, "2027-09-30", id="month-end"),
        pytest.param("2025-04-30", "2025-06-01", "yes", NOT, "2025-04-30", id="after-month-end"),
        pytest.param("2025-05-31", "2025-06-01", "yes", NOW, "2027-09-30", id="the-day-after"),
        pytest.param("2025-05-31", "2025-06-01", "no", NOT, "2025-05-31", id="not-for-better"),
        pytest.param("2025-05-31", "2025-06-01", "", ASK, None, id="not-said-why"),
        pytest.param("2026-10-31", "2026-11-30", "yes", CONTINUES, "2027-09-30", id="next-ahead"),
        pytest.param("2026-10-31", "2026-12-01", "yes", NOT, "2026-10-31", id="next-ahead-too-late"),
        pytest.param("2024-09-30", "2024-10-01", "no", NOT, None, id="never-usable"),
    ],
)  # fmt: skip
def test_one_change_of_job(left_on, next_on, better, expected, until):
    told = {"is_service_between_jobs": "no"} if expected is NOT else {}
    result = answer(before_on="2024-04-01", before_ended_on=left_on, employed_on=next_on,
                    is_before_left_to_improve=better, **told)  # fmt: skip

    assert result.answer is expected
    last = result.last_usable_on if result.is_yes else result.right_ended_on
    assert last == (date.fromisoformat(until) if until else None)


def test_the_leap_day_closes_the_month_of_a_leaving_on_30_january():
    assert changed("2028-01-30", "2028-02-29", on=date(2028, 3, 1)).answer is OVER
    told = {"before_on": "2023-06-01", "before_ended_on": "2024-01-30", "on": date(2024, 3, 10),
            "is_before_left_to_improve": "yes"}  # fmt: skip
    assert answer(**told, employed_on="2024-02-29").last_usable_on == date(2026, 11, 30)
    late = answer(**told, employed_on="2024-03-01", is_service_between_jobs="no")
    assert (late.answer, late.right_ended_on) == (NOT, date(2024, 1, 30))


def test_a_change_in_the_first_six_months_counts_from_the_first_job():
    result = answer(before_on="2026-01-05", before_ended_on="2026-03-31",
                    employed_on="2026-04-15", is_before_left_to_improve="yes")  # fmt: skip

    assert (result.first_usable_on, result.last_usable_on) == (
        date(2026, 7, 5), date(2029, 7, 4),
    )  # fmt: skip


def test_a_service_between_two_jobs_opens_a_window_of_its_own():
    result = answer(before_on="2024-04-01", before_ended_on="2025-09-30", employed_on="2026-04-10",
                    is_before_left_to_improve="no", service_from="2025-10-05",
                    service_until="2026-03-31")  # fmt: skip

    assert result.answer is NOW
    assert (result.first_usable_on, result.last_usable_on) == (
        date(2026, 10, 10), date(2029, 10, 9),
    )  # fmt: skip


def test_the_second_change_ends_the_right():
    # The first change joined (left 2025-04-30), the present job is left too.
    told = {"before_on": "2024-04-01", "before_ended_on": "2025-04-30", "employed_on": "2025-05-15",
            "is_before_left_to_improve": "yes", "is_left_to_improve": "yes"}  # fmt: skip
    gone = answer(**told, ended_on="2026-05-31", next_on="2026-06-15", is_service_between_jobs="no")
    ahead = answer(**told, ended_on="2026-12-31", next_on="2027-01-15")

    assert (gone.answer, gone.right_ended_on) == (NOT, date(2026, 5, 31))
    assert (ahead.answer, ahead.last_usable_on) == (NOW, date(2026, 12, 31))


@pytest.mark.parametrize(
    ("ended_on", "expected"),
    [
        pytest.param("2026-10-25", NOT, id="month-was-over-yesterday"),
        pytest.param("2026-10-26", ASK, id="month-ends-today"),
        pytest.param("2026-11-25", ASK, id="left-yesterday"),
        pytest.param("2026-11-26", NOW, id="last-day-is-today"),
    ],
)
def test_left_without_a_next_job(ended_on, expected):
    assert answer(employed_on="2024-04-01", ended_on=ended_on).answer is expected


def test_left_before_six_months_were_complete():
    result = answer(employed_on="2026-04-01", ended_on="2026-08-31")

    assert (result.answer, result.right_ended_on) == (NOT, None)


def test_support_beside_the_job_counts_from_the_day_after_its_end():
    result = answer(
        employed_on="2025-01-06", is_support_during="yes", support_ended_on="2026-08-31"
    )

    # Six months from 2026-09-01.
    assert (result.answer, result.first_usable_on, result.last_usable_on) == (
        FROM, date(2027, 3, 1), date(2030, 2, 28),
    )  # fmt: skip


LEAVES = {"employed_on": "2024-04-01", "ended_on": "2026-12-10"}


@pytest.mark.parametrize(
    ("told", "until", "question"),
    [
        # The month after 2026-12-10 ends on 2027-01-10.
        pytest.param({"next_on": "2027-02-20"}, "2026-12-10", None, id="next-too-late"),
        pytest.param({"next_on": "2027-01-11", "is_left_to_improve": "yes"}, "2026-12-10", None,
                     id="next-a-day-too-late"),
        pytest.param({"next_on": "2027-01-10", "is_left_to_improve": "yes"}, "2027-09-30", None,
                     id="next-on-the-last-day"),
        pytest.param({"next_on": "2027-01-10"}, "2026-12-10", "job_change_purpose",
                     id="not-said-why"),
        pytest.param({"next_on": "2027-01-10", "is_left_to_improve": "no"}, "2026-12-10", None,
                     id="not-for-better"),
        pytest.param({}, "2026-12-10", "job_change", id="no-next-job-known"),
        pytest.param({"is_left_to_improve": "no"}, "2026-12-10", None, id="no-next-not-for-better"),
        pytest.param({"ended_on": "2027-09-29"}, "2027-09-29", "job_change", id="a-day-early"),
        pytest.param({"ended_on": "2027-09-30"}, "2027-09-30", None, id="with-the-window"),
        pytest.param({"ended_on": "2027-10-15"}, "2027-09-30", None, id="after-the-window"),
    ],
)  # fmt: skip
def test_a_leaving_that_lies_ahead_ends_the_right(told, until, question):
    result = answer(**{**LEAVES, **told})

    assert result.answer is NOW
    assert result.first_usable_on == date(2024, 10, 1)
    assert result.last_usable_on == date.fromisoformat(until)
    assert asked(result) & {"job_change", "job_change_purpose"} == (
        {question} if question else set()
    )


# Employed on 2026-08-01: usable from 2027-02-01 to 2030-01-31.
BEFORE_IT_OPENS = {"employed_on": "2026-08-01", "ended_on": "2026-12-31"}


@pytest.mark.parametrize(
    ("told", "expected", "days"),
    [
        pytest.param({}, ASK, None, id="no-next-job-known"),
        pytest.param({"next_on": "2027-01-31"}, ASK, None, id="not-said-why"),
        pytest.param({"next_on": "2027-01-31", "is_left_to_improve": "yes"}, FROM,
                     ("2027-02-01", "2030-01-31"), id="next-in-time"),
        pytest.param({"next_on": "2027-02-01", "is_left_to_improve": "yes"}, NOT, None,
                     id="next-too-late"),
        pytest.param({"is_left_to_improve": "no"}, NOT, None, id="not-for-better"),
        pytest.param({"ended_on": "2027-01-31", "is_left_to_improve": "no"}, NOT, None,
                     id="with-the-six-months"),
        pytest.param({"ended_on": "2027-02-01", "is_left_to_improve": "no"}, FROM,
                     ("2027-02-01", "2027-02-01"), id="on-the-first-day"),
    ],
)  # fmt: skip
def test_a_leaving_before_the_window_opens(told, expected, days):
    result = answer(**{**BEFORE_IT_OPENS, **told})

    assert result.answer is expected
    assert result.is_yes is (days is not None)
    if days:
        assert (result.first_usable_on, result.last_usable_on) == tuple(
            map(date.fromisoformat, days)
        )
