"""もし利用開始日が〜なら: months lost, the first month, the first interview, the longest decision."""

from datetime import date

import pytest

from clients.rules.window import support_window
from plans.rules.pace import PaceSettings
from plans.rules.start_if import start_if

# Employed 2024-06-15: usable from 2024-12-15 to 2027-12-14.
WINDOW = support_window(date(2024, 6, 15))
TODAY = date(2024, 10, 20)


def asked(text, window=WINDOW, on=TODAY, until=None):
    return start_if(
        window,
        date.fromisoformat(text),
        on,
        right_ends_on=until or window.last_usable_on,
        apply_days_before=60,
        decision_months=12,
        pace=PaceSettings(),
    )


@pytest.mark.parametrize(
    ("starts_on", "days", "lost", "left", "due", "longest"),
    [
        pytest.param("2024-12-15", 0, 0, 37, "2024-12-31", "2025-12-31", id="first-usable"),
        pytest.param("2024-12-31", 16, 0, 37, "2024-12-31", "2025-12-31", id="month-end"),
        pytest.param("2025-01-01", 17, 1, 36, "2025-01-31", "2025-12-31", id="a-first"),
        pytest.param("2025-01-31", 47, 1, 36, "2025-01-31", "2026-01-31", id="a-31st"),
        pytest.param("2025-02-28", 75, 2, 35, "2025-02-28", "2026-02-28", id="february"),
        pytest.param("2027-12-01", 1081, 36, 1, "2027-12-14", "2027-12-14", id="last-month"),
        pytest.param("2027-12-14", 1094, 36, 1, "2027-12-14", "2027-12-14", id="last-usable"),
    ],
)
def test_a_start_inside_the_window(starts_on, days, lost, left, due, longest):
    found = asked(starts_on)
    assert (found.days_lost, found.months_lost, found.months_left) == (days, lost, left)
    assert found.longest.ends_on == date.fromisoformat(longest)
    assert str(found.first_month) == starts_on[:7]
    assert found.interview_due_on == date.fromisoformat(due)
    assert found.apply_by == date.fromordinal(date.fromisoformat(starts_on).toordinal() - 60)


def test_the_first_interview_is_due_by_the_end_of_the_month_of_the_start():
    assert asked("2025-01-15").interview_due_on == date(2025, 1, 31)


@pytest.mark.parametrize("starts_on", ["2024-12-14", "2027-12-15"])
def test_a_start_outside_is_refused(starts_on):
    with pytest.raises(ValueError, match="outside"):
        asked(starts_on)


def test_a_start_after_the_last_day_at_work_is_refused():
    left_on = date(2025, 3, 31)
    assert asked("2025-03-31", until=left_on).longest.ends_on == left_on
    with pytest.raises(ValueError, match="outside"):
        asked("2025-04-01", until=left_on)


def test_the_days_on_which_a_meeting_earns_the_first_month():
    assert asked("2025-01-31").days_to_meet == 1
    assert asked("2025-01-01").days_to_meet == 31
    assert asked("2027-12-01").days_to_meet == 14
    assert "2025年1月31日から2025年1月31日" in asked("2025-01-31").reasons[0].text


def test_a_leap_day():
    # Employed 2023-08-29: the first usable day is 2024-02-29.
    window = support_window(date(2023, 8, 29))
    found = asked("2024-02-29", window, date(2023, 12, 31))
    assert (found.days_lost, found.apply_by) == (0, date(2023, 12, 31))
    assert not found.is_apply_by_past
    assert asked("2024-02-29", window, date(2024, 1, 1)).is_apply_by_past
    with pytest.raises(ValueError, match="outside"):
        asked("2024-02-28", window)
