"""A day without its year: the nearest one where a form says so, else asked for."""

from datetime import date as d

import pytest

from teikyaku.era import DateInputError, parse_date


@pytest.mark.parametrize(
    ("typed", "near", "found"),
    [
        ("11/20", d(2026, 11, 26), d(2026, 11, 20)),
        ("１１月２０日", d(2026, 11, 26), d(2026, 11, 20)),
        ("12.28", d(2027, 1, 4), d(2026, 12, 28)),
        ("1/5", d(2026, 12, 28), d(2027, 1, 5)),
        ("2/29", d(2027, 12, 1), d(2028, 2, 29)),
        ("11/20(金)", d(2026, 11, 26), d(2026, 11, 20)),
    ],
)
def test_the_nearest_day(typed, near, found):
    assert parse_date(typed, near) == found


@pytest.mark.parametrize(
    ("typed", "near", "words"),
    [
        ("11/20", None, "年も入れてください"),
        ("2/30", d(2026, 11, 26), "2026年2月30日はありません"),
        ("13/1", d(2026, 11, 26), "13月はありません"),
        ("0/1", d(2026, 11, 26), "0月はありません"),
        ("11/20(月)", d(2026, 11, 26), "金曜日です"),
        ("2/29", d(2025, 6, 1), "2月29日はありません"),
    ],
)
def test_what_cannot_be_is_told(typed, near, words):
    with pytest.raises(DateInputError, match=words):
        parse_date(typed, near)
