"""Which months the money statistics add up, at the borders of months and fiscal years."""

from datetime import date

import pytest

from billing.rules.money_span import Span, last_twelve, year_span, years_shown
from teikyaku.periods import Month


@pytest.mark.parametrize(
    ("on", "first", "last"),
    [
        (date(2026, 4, 1), Month(2025, 4), Month(2026, 3)),
        (date(2026, 3, 31), Month(2025, 3), Month(2026, 2)),
        (date(2028, 2, 29), Month(2027, 2), Month(2028, 1)),
        (date(2026, 1, 1), Month(2025, 1), Month(2025, 12)),
    ],
)
def test_twelve_whole_months_and_the_twelve_before(on, first, last):
    span = last_twelve(on)
    assert (span.first, span.last, len(span.months)) == (first, last, 12)
    assert span.before == Span(first - 12, first - 1)
    assert span.both == Span(first - 12, last)
    assert span.days == (first.first_day, last.first_day)


def test_a_running_year_ends_with_its_last_whole_month():
    assert year_span(2026, date(2026, 8, 5)) == Span(Month(2026, 4), Month(2026, 7))
    assert year_span(2025, date(2026, 8, 5)) == Span(Month(2025, 4), Month(2026, 3))


@pytest.mark.parametrize(
    ("opened_on", "on", "years"),
    [
        (date(2020, 4, 1), date(2026, 4, 30), (2025, 2024, 2023, 2022, 2021)),
        (date(2020, 4, 1), date(2026, 5, 1), (2026, 2025, 2024, 2023, 2022)),
        (date(2025, 3, 31), date(2026, 5, 1), (2026, 2025, 2024)),
        (date(2026, 4, 1), date(2026, 4, 15), ()),
    ],
)
def test_years_are_those_of_the_office_with_a_whole_month(opened_on, on, years):
    assert years_shown(opened_on, on) == years
