"""利用可能期間: the table of docs/rules.md §2, its edges, and what holds for every employment."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clients.rules.window import support_window
from teikyaku.reasons import Certainty

DAY = timedelta(days=1)
days = st.dates(min_value=date(2000, 1, 1), max_value=date(2100, 12, 31))


@pytest.mark.parametrize(
    ("employed", "complete", "first", "last"),
    [
        pytest.param("2024-04-01", "2024-09-30", "2024-10-01", "2027-09-30", id="first-of-month"),
        pytest.param("2023-08-31", "2024-02-29", "2024-03-01", "2027-02-28", id="no-31-leap-feb"),
        pytest.param("2023-08-30", "2024-02-29", "2024-03-01", "2027-02-28", id="no-30-leap-feb"),
        pytest.param(
            "2023-08-29", "2024-02-28", "2024-02-29", "2027-02-28", id="opens-on-leap-day"
        ),
        pytest.param("2023-08-28", "2024-02-27", "2024-02-28", "2027-02-27", id="day-before-leap"),
        pytest.param("2022-08-29", "2023-02-28", "2023-03-01", "2026-02-28", id="no-29-plain-feb"),
        pytest.param("2022-08-31", "2023-02-28", "2023-03-01", "2026-02-28", id="no-31-plain-feb"),
        pytest.param("2022-08-28", "2023-02-27", "2023-02-28", "2026-02-27", id="has-28-plain-feb"),
        pytest.param("2024-08-29", "2025-02-28", "2025-03-01", "2028-02-29", id="ends-on-leap-day"),
        pytest.param("2024-06-15", "2024-12-14", "2024-12-15", "2027-12-14", id="mid-month"),
        pytest.param("2024-03-31", "2024-09-30", "2024-10-01", "2027-09-30", id="no-31-september"),
        pytest.param("2024-10-31", "2025-04-30", "2025-05-01", "2028-04-30", id="no-31-april"),
        pytest.param("2024-12-31", "2025-06-30", "2025-07-01", "2028-06-30", id="new-years-eve"),
        pytest.param(
            "2024-02-29", "2024-08-28", "2024-08-29", "2027-08-28", id="hired-on-leap-day"
        ),
        pytest.param("2023-09-01", "2024-02-29", "2024-03-01", "2027-02-28", id="sep-1-leap"),
    ],
)
def test_window_of_an_employment(employed, complete, first, last):
    window = support_window(date.fromisoformat(employed))

    assert window.employed_on == date.fromisoformat(employed)
    assert window.six_months_complete_on == date.fromisoformat(complete)
    assert window.first_usable_on == date.fromisoformat(first)
    assert window.last_usable_on == date.fromisoformat(last)


@pytest.mark.parametrize(
    ("on", "is_usable"),
    [
        pytest.param(date(2024, 9, 30), False, id="day-before"),
        pytest.param(date(2024, 10, 1), True, id="first"),
        pytest.param(date(2027, 9, 30), True, id="last"),
        pytest.param(date(2027, 10, 1), False, id="day-after"),
    ],
)
def test_usable_from_the_first_to_the_last_day(on, is_usable):
    window = support_window(date(2024, 4, 1))

    assert window.is_usable(on) is is_usable
    assert window.period.contains(on) is is_usable


@pytest.mark.parametrize(
    ("on", "left", "used"),
    [
        pytest.param(date(2024, 4, 1), 1095, 0, id="on-employment"),
        pytest.param(date(2024, 10, 1), 1095, 0, id="first"),
        pytest.param(date(2024, 10, 2), 1094, 1, id="second"),
        pytest.param(date(2027, 9, 30), 1, 1094, id="last"),
        pytest.param(date(2027, 10, 1), 0, 1095, id="day-after"),
        pytest.param(date(2030, 1, 1), 0, 1095, id="long-after"),
    ],
)
def test_days_left_count_the_day_itself(on, left, used):
    window = support_window(date(2024, 4, 1))

    assert (window.days_left(on), window.days_used(on)) == (left, used)


def test_count_runs_from_the_day_after_support_during_the_employment():
    window = support_window(date(2020, 4, 1), counted_from=date(2024, 4, 1))

    assert window.employed_on == date(2020, 4, 1)
    assert window.first_usable_on == date(2024, 10, 1)
    assert "働きながらの支援が終わった日の翌日" in [step.expression for step in window.steps]


def test_count_never_runs_from_before_the_employment():
    with pytest.raises(ValueError, match="before employed_on"):
        support_window(date(2024, 4, 1), counted_from=date(2024, 3, 31))


def test_steps_unfold_the_arithmetic_in_words():
    steps = support_window(date(2024, 4, 1)).steps

    assert [step.result for step in steps] == [
        "2024年4月1日",
        "2024年9月30日",
        "2024年10月1日",
        "2027年9月30日",
    ]
    assert all(step.rule.startswith("docs/rules.md §2") for step in steps)


def test_where_one_step_would_end_on_another_day_the_window_says_so():
    (reason,) = support_window(date(2024, 8, 29)).reasons

    assert reason.certainty == Certainty.UNKNOWN
    assert "2028年2月29日" in reason.text
    assert "2028年2月28日" in reason.text


def test_nearly_every_window_has_nothing_unsettled():
    assert support_window(date(2024, 4, 1)).reasons == ()


@given(days)
def test_every_window_begins_after_six_months_and_lasts_three_years(employed_on):
    window = support_window(employed_on)

    assert window.first_usable_on - window.six_months_complete_on == DAY
    assert 181 <= (window.first_usable_on - employed_on).days <= 184
    assert 1095 <= window.total_days <= 1096


@given(days)
def test_a_later_employment_never_ends_earlier(employed_on):
    one, next_one = support_window(employed_on), support_window(employed_on + DAY)

    assert one.first_usable_on <= next_one.first_usable_on
    assert one.last_usable_on <= next_one.last_usable_on


@given(days, days)
def test_days_used_and_left_are_the_whole_window(employed_on, on):
    window = support_window(employed_on)

    assert window.days_used(on) + window.days_left(on) == window.total_days
    assert window.is_usable(on) == (window.days_left(on) > 0 and on >= window.first_usable_on)
