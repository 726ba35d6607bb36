"""負担上限月額の適用期間: July to June, whole months (docs/rules.md §4, §5)."""

from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clients.rules.cap import (
    CapMonths,
    all_cap_months,
    cap_months,
    income_year_for,
    last_cap_month,
    tax_year_for,
)
from teikyaku.periods import Month


@pytest.mark.parametrize(
    ("month", "tax_year"),
    [
        pytest.param("2025-12", 2025, id="december"),
        pytest.param("2026-01", 2025, id="january"),
        pytest.param("2026-06", 2025, id="june-last-of-the-tax-year"),
        pytest.param("2026-07", 2026, id="july-first-of-the-next"),
        pytest.param("2026-08", 2026, id="august"),
    ],
)
def test_tax_year_and_the_income_behind_it(month, tax_year):
    assert tax_year_for(Month.parse(month)) == tax_year
    assert income_year_for(Month.parse(month)) == tax_year - 1
    assert last_cap_month(Month.parse(month)) == Month(tax_year + 1, 6)


def test_who_starts_to_work_in_april_follows_the_year_without_income_until_june_of_the_next():
    months = Month.span(Month(2025, 4), Month(2026, 7))

    years = {month: income_year_for(month) for month in months}

    assert years[Month(2026, 6)] == 2024
    assert years[Month(2026, 7)] == 2025


@pytest.mark.parametrize(
    ("first_day", "last_day", "span"),
    [
        pytest.param("2025-12-15", None, ("2025-12", "2026-06"), id="mid-month-whole-month"),
        pytest.param("2025-12-31", None, ("2025-12", "2026-06"), id="last-day-of-a-month"),
        pytest.param("2026-06-30", None, ("2026-06", "2026-06"), id="june-alone"),
        pytest.param("2026-07-01", None, ("2026-07", "2027-06"), id="july-a-whole-year"),
        pytest.param("2025-12-15", "2026-03-10", ("2025-12", "2026-03"), id="decision-ends-first"),
        pytest.param("2025-12-15", "2026-12-31", ("2025-12", "2026-06"), id="june-comes-first"),
        pytest.param("2026-02-10", "2026-02-20", ("2026-02", "2026-02"), id="one-month"),
    ],
)
def test_first_cap_of_a_decision(first_day, last_day, span):
    first, last = span

    assert cap_months(
        date.fromisoformat(first_day), date.fromisoformat(last_day) if last_day else None
    ) == CapMonths(Month.parse(first), Month.parse(last))


def test_a_decision_does_not_end_before_it_begins():
    with pytest.raises(ValueError, match="ends before"):
        cap_months(date(2026, 2, 10), date(2026, 2, 9))


def test_every_july_begins_a_new_cap():
    assert all_cap_months(date(2025, 12, 15), date(2027, 7, 1)) == (
        CapMonths(Month(2025, 12), Month(2026, 6)),
        CapMonths(Month(2026, 7), Month(2027, 6)),
        CapMonths(Month(2027, 7), Month(2027, 7)),
    )


@given(st.dates(date(2015, 1, 1), date(2040, 1, 1)), st.dates(date(2015, 1, 1), date(2040, 1, 1)))
def test_caps_of_a_decision_follow_each_other_without_gap_or_overlap(one, other):
    first_day, last_day = sorted((one, other))
    spans = all_cap_months(first_day, last_day)

    assert spans[0].first_month == Month.of(first_day)
    assert spans[-1].last_month == Month.of(last_day)
    assert all(b.first_month == a.last_month + 1 for a, b in pairwise(spans))
    assert all(tax_year_for(span.last_month) == span.tax_year for span in spans)
    assert all(span.contains(span.first_month) for span in spans)
