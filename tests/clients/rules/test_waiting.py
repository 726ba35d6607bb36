"""開始待ち: when to apply, and what a delay costs (docs/rules.md §2)."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clients.rules.waiting import months_lost, waiting
from clients.rules.window import support_window

WINDOW = support_window(date(2024, 4, 1))  # 2024-10-01 to 2027-09-30
MID_MONTH = support_window(date(2024, 6, 15))  # 2024-12-15 to 2027-12-14


@pytest.mark.parametrize(
    ("on", "is_waiting", "days_until"),
    [
        pytest.param(date(2024, 3, 31), False, 184, id="day-before-employment"),
        pytest.param(date(2024, 4, 1), True, 183, id="first-day"),
        pytest.param(date(2024, 9, 30), True, 1, id="six-months-complete"),
        pytest.param(date(2024, 10, 1), False, 0, id="first-usable"),
        pytest.param(date(2025, 1, 1), False, 0, id="later"),
    ],
)
def test_waiting_is_the_first_six_months(on, is_waiting, days_until):
    answer = waiting(WINDOW, on, 60)

    assert answer.is_waiting is is_waiting
    assert answer.days_until_first_usable == days_until


@pytest.mark.parametrize(
    ("apply_days_before", "apply_by"),
    [
        pytest.param(60, date(2024, 8, 2), id="sixty-days"),
        pytest.param(0, date(2024, 10, 1), id="on-the-day"),
        pytest.param(90, date(2024, 7, 3), id="ninety-days"),
    ],
)
def test_apply_by_is_the_setting_before_the_first_usable_day(apply_days_before, apply_by):
    assert waiting(WINDOW, date(2024, 5, 1), apply_days_before).apply_by == apply_by


@pytest.mark.parametrize(
    ("on", "is_past", "lost"),
    [
        pytest.param(date(2024, 8, 1), False, 0, id="day-before"),
        pytest.param(date(2024, 8, 2), False, 0, id="last-day"),
        pytest.param(date(2024, 8, 3), True, 0, id="day-after-costs-no-month-yet"),
        pytest.param(date(2024, 9, 1), True, 0, id="start-on-last-of-october"),
        pytest.param(date(2024, 9, 2), True, 1, id="start-on-first-of-november"),
        pytest.param(date(2024, 12, 31), True, 5, id="start-in-march"),
        pytest.param(date(2027, 9, 30), True, 36, id="too-late-for-any-month"),
    ],
)
def test_a_late_application_loses_the_months_that_go_by(on, is_past, lost):
    answer = waiting(WINDOW, on, 60)

    assert answer.is_apply_by_past is is_past
    assert answer.months_lost_if_applied_now == lost


def test_each_month_of_delay_is_shown_with_what_is_left():
    rows = [
        (delay.delay_months, delay.use_starts_on, delay.months_left, delay.months_lost)
        for delay in waiting(MID_MONTH, date(2024, 7, 1), 60).delays
    ]

    assert [row[0] for row in rows] == [0, 1, 2, 3, 4, 5, 6]
    assert rows[:3] == [
        (0, date(2024, 12, 15), 37, 0),
        (1, date(2025, 1, 15), 36, 1),
        (2, date(2025, 2, 15), 35, 2),
    ]


@pytest.mark.parametrize(
    ("starts_on", "lost"),
    [
        pytest.param(date(2024, 9, 1), 0, id="before-the-window"),
        pytest.param(date(2024, 10, 1), 0, id="first-usable"),
        pytest.param(date(2027, 9, 1), 35, id="first-of-the-last-month"),
        pytest.param(date(2027, 9, 30), 35, id="last-usable"),
        pytest.param(date(2027, 10, 1), 36, id="day-after"),
    ],
)
def test_months_that_go_by_before_use_begins(starts_on, lost):
    assert months_lost(WINDOW, starts_on) == lost


def test_the_answer_says_that_a_late_start_is_not_made_up():
    codes = {reason.code for reason in waiting(WINDOW, date(2024, 5, 1), 60).reasons}

    assert codes == {"waiting.apply_by", "waiting.not_made_up"}


def test_a_lead_of_negative_days_is_refused():
    with pytest.raises(ValueError, match="negative"):
        waiting(WINDOW, date(2024, 5, 1), -1)


@given(st.dates(date(2010, 1, 1), date(2060, 1, 1)), st.integers(0, 1500))
def test_months_lost_never_shrink_with_delay(employed_on, delay_days):
    window = support_window(employed_on)
    start = window.first_usable_on + timedelta(days=delay_days)

    assert 0 <= months_lost(window, start) <= months_lost(window, start + timedelta(days=1)) <= 37
