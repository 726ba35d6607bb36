"""The days of the claim calendar: past, today, next; days of rest are named, nothing is moved."""

from datetime import date as d

import pytest

from billing.rules.claim_calendar import DAYS, claim_calendar, rest_day
from teikyaku.figures import pick
from teikyaku.periods import Month


def calendar(on):
    return claim_calendar(on, {key: pick(key, Month.of(on)) for key in DAYS})


@pytest.mark.parametrize(
    ("on", "states", "coming"),
    [
        pytest.param(d(2026, 12, 1), ["next", "later", "later"], d(2026, 12, 3), id="first"),
        pytest.param(d(2026, 12, 2), ["next", "later", "later"], d(2026, 12, 3), id="day-before"),
        pytest.param(d(2026, 12, 3), ["today", "next", "later"], d(2026, 12, 3), id="on-the-3rd"),
        pytest.param(d(2026, 12, 4), ["past", "next", "later"], d(2026, 12, 6), id="day-after"),
        pytest.param(d(2026, 12, 10), ["past", "past", "today"], d(2026, 12, 10), id="last-day"),
        pytest.param(d(2026, 12, 11), ["past", "past", "past"], None, id="over"),
    ],
)
def test_states(on, states, coming):
    found = calendar(on)
    assert [day.state for day in found.days] == states
    assert [day.on.day for day in found.days] == [3, 6, 10]
    assert (found.next_day.on if found.next_day else None) == coming
    assert found.served == Month(2026, 11)


def test_each_day_has_its_source():
    assert all(day.source for day in calendar(d(2026, 12, 1)).days)


@pytest.mark.parametrize(
    ("day", "rest"),
    [
        (d(2026, 11, 3), "文化の日"),
        (d(2026, 5, 3), "憲法記念日"),
        pytest.param(d(2026, 5, 6), "振替休日", id="may-3-on-a-sunday"),
        pytest.param(d(2025, 5, 6), "振替休日", id="may-4-on-a-sunday"),
        pytest.param(d(2024, 5, 6), "振替休日", id="may-5-on-a-sunday"),
        pytest.param(d(2027, 5, 6), "", id="no-sunday"),
        pytest.param(d(2022, 1, 10), "成人の日", id="second-monday"),
        pytest.param(d(2022, 10, 10), "スポーツの日", id="second-monday-of-october"),
        pytest.param(d(2022, 10, 3), "", id="first-monday-of-october"),
        (d(2028, 1, 3), "年末年始の休み"),
        (d(2026, 6, 6), "土曜日"),
        (d(2026, 12, 6), "日曜日"),
        (d(2026, 12, 3), ""),
    ],
)
def test_days_of_rest(day, rest):
    assert rest_day(day) == rest
    found = calendar(day)
    assert {d.on: d.rest for d in found.days}.get(day, rest) == rest
    assert found.has_rest_day == any(each.rest for each in found.days)
