"""The decision's period (§3 M) and the days of the hand-over (§9)."""

from datetime import date as d

import pytest

from plans.rules.decision import check_decision, longest_decision
from plans.rules.handover import handover_days
from teikyaku.periods import Period

WINDOW = Period(d(2025, 10, 1), d(2028, 9, 30))


@pytest.mark.parametrize(
    ("starts", "expected"),
    [
        pytest.param(d(2025, 12, 15), d(2026, 12, 31), id="12/15 to 12/31 of the next year"),
        pytest.param(d(2026, 4, 1), d(2027, 3, 31), id="a first day counts its month"),
        pytest.param(d(2026, 4, 2), d(2027, 4, 30), id="the second day has a rest of the month"),
        pytest.param(d(2027, 2, 28), d(2028, 2, 29), id="into a leap February"),
        pytest.param(d(2027, 9, 15), d(2028, 9, 30), id="ends with the window"),
        pytest.param(d(2027, 12, 1), d(2028, 9, 30), id="cut by the window"),
    ],
)
def test_longest(starts, expected):
    assert longest_decision(starts, WINDOW, 12).ends_on == expected


@pytest.mark.parametrize(
    ("starts", "ends", "expected"),
    [
        (d(2025, 10, 1), d(2026, 9, 30), []),
        (d(2025, 9, 30), d(2026, 9, 30), ["before_window"]),
        (d(2025, 9, 30), d(2026, 10, 1), ["before_window", "too_long"]),
        (d(2025, 10, 1), d(2026, 10, 1), ["too_long"]),
        (d(2028, 4, 1), d(2028, 10, 1), ["too_long"]),
        (d(2028, 9, 30), d(2028, 9, 30), []),
        (d(2028, 10, 1), d(2029, 1, 1), ["after_window"]),
    ],
)
def test_what_is_wrong_with_a_period(starts, ends, expected):
    found = check_decision(Period(starts, ends), WINDOW, 12)
    assert [reason.code for reason in found] == expected


def test_without_a_window_nothing_is_granted():
    found = check_decision(Period(d(2026, 4, 1), d(2027, 3, 31)), None, 12)
    assert [reason.code for reason in found] == ["no_window"]


@pytest.mark.parametrize(
    ("last", "share_by"),
    [(d(2027, 2, 28), d(2026, 11, 30)), (d(2027, 5, 30), d(2027, 2, 27))],
)
def test_the_latest_day_for_sharing(last, share_by):
    days = handover_days(last)
    assert days.share_by == share_by
    assert not days.is_late(share_by, last)
    assert days.is_late(d.fromordinal(share_by.toordinal() + 1), last)
    assert days.is_late(None, d.fromordinal(share_by.toordinal() + 1))


def test_preparation_starts_at_six_months():
    assert handover_days(d(2027, 9, 30)).preparation_starts_on == d(2027, 4, 1)
