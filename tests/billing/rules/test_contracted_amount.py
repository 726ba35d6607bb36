"""契約支給量: words that plainly are a number of days, and words that are not."""

from decimal import Decimal

import pytest

from billing.rules.contracted_amount import contracted_days
from teikyaku.periods import Month


@pytest.mark.parametrize(
    ("words", "days"),
    [
        ("23日", 23),
        ("5", 5),
        ("２３日", 23),
        ("月 23 日", 23),
        ("23日/月", 23),
        ("23日／月", 23),
        ("1か月23日", 23),
        ("1日", 1),
        ("31", 31),
        ("当該月の日数", 28),
        ("当該月の日数／月", 28),
        # Of these nobody can say how many days they are.
        ("", None),
        ("0", None),
        ("32", None),
        ("当該月", None),
        ("当該月の日数から8日を控除した日数", None),
        ("5時間", None),
        ("23日程度", None),
        ("5.5", None),
        ("-5", None),
        ("23日 5日", None),
        ("必要な量", None),
    ],
)
def test_what_is_plainly_a_number(words, days):
    found = contracted_days(words, Month(2026, 2))
    assert found == (None if days is None else Decimal(days))


def test_the_days_of_the_month_itself():
    assert contracted_days("当該月の日数", Month(2024, 2)) == 29
    assert contracted_days("当該月の日数", Month(2026, 10)) == 31
