"""Months, inclusive periods and 民法143条: the tables of docs/rules.md §2 and §9, and what always holds."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from django.db.models import Q
from hypothesis import given
from hypothesis import strategies as st

from teikyaku.periods import (
    Month,
    Period,
    day_after,
    day_before,
    fiscal_year,
    fiscal_year_period,
    in_force,
    joined,
    last_day_of_months,
    latest_day_before_end,
    months_later,
    overlapping,
    whole_month,
)

DAY = timedelta(days=1)
days = st.dates(min_value=date(1950, 1, 1), max_value=date(2150, 12, 31))
months = st.builds(Month, st.integers(1900, 2150), st.integers(1, 12))
counts = st.integers(1, 60)


def iso(text):
    return date.fromisoformat(text) if text else None


@st.composite
def periods(draw):
    starts_on = draw(days)
    length = draw(st.none() | st.integers(0, 800))
    return Period(starts_on, None if length is None else starts_on + length * DAY)


# --- 民法143条 -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("employed", "complete", "first", "last"),
    [
        pytest.param("2024-04-01", "2024-09-30", "2024-10-01", "2027-09-30", id="first-of-month"),
        pytest.param("2023-08-31", "2024-02-29", "2024-03-01", "2027-02-28", id="leap-february"),
        pytest.param("2023-08-29", "2024-02-28", "2024-02-29", "2027-02-28", id="from-leap-day"),
        pytest.param("2022-08-29", "2023-02-28", "2023-03-01", "2026-02-28", id="no-29th"),
        pytest.param("2024-08-29", "2025-02-28", "2025-03-01", "2028-02-29", id="two-steps"),
        pytest.param("2024-06-15", "2024-12-14", "2024-12-15", "2027-12-14", id="mid-month"),
    ],
)
def test_the_table_of_the_window_in_two_steps(employed, complete, first, last):
    complete_on = last_day_of_months(iso(employed), 6)
    first_on = day_after(complete_on)

    assert complete_on == iso(complete)
    assert first_on == iso(first)
    assert last_day_of_months(first_on, 36) == iso(last)


def test_one_step_of_42_months_is_another_day():
    assert last_day_of_months(date(2024, 8, 29), 42) == date(2028, 2, 28)


@pytest.mark.parametrize(
    ("starts", "count", "last"),
    [
        pytest.param("2024-05-01", 1, "2024-05-31", id="month-after-leaving-04-30"),
        pytest.param("2025-01-31", 1, "2025-02-28", id="month-after-leaving-01-30"),
        pytest.param("2024-01-31", 1, "2024-02-29", id="no-31st-leap"),
        pytest.param("2024-01-30", 1, "2024-02-29", id="no-30th-leap"),
        pytest.param("2024-01-29", 1, "2024-02-28", id="has-29th-leap"),
        pytest.param("2024-02-29", 12, "2025-02-28", id="from-leap-day-a-year"),
        pytest.param("2024-02-29", 48, "2028-02-28", id="from-leap-day-to-leap-day"),
        pytest.param("2023-03-01", 12, "2024-02-29", id="ends-on-leap-day"),
        pytest.param("2026-12-31", 2, "2027-02-28", id="over-new-year"),
        pytest.param("2026-01-01", 1, "2026-01-31", id="whole-month"),
        pytest.param("2026-01-01", 12, "2026-12-31", id="whole-year"),
        pytest.param("2026-03-31", 0, "2026-03-30", id="nothing"),
    ],
)
def test_last_day_of_a_period_of_months(starts, count, last):
    assert last_day_of_months(iso(starts), count) == iso(last)


def test_a_negative_number_of_months_is_refused():
    with pytest.raises(ValueError, match="-1"):
        last_day_of_months(date(2026, 4, 1), -1)


@given(days, counts)
def test_the_day_after_is_the_corresponding_day_or_the_first_of_the_next_month(day, count):
    following = day_after(last_day_of_months(day, count))

    assert following.day in (day.day, 1)
    assert (following.day == day.day) or Month.of(following) == Month.of(day) + count + 1


@given(days, counts)
def test_a_later_start_never_ends_earlier(day, count):
    assert last_day_of_months(day, count) <= last_day_of_months(day_after(day), count)


@given(days, counts)
def test_more_months_end_later(day, count):
    assert last_day_of_months(day, count) < last_day_of_months(day, count + 1)


@given(months, counts)
def test_from_a_first_of_month_whole_months_are_counted(month, count):
    assert last_day_of_months(month.first_day, count) == (month + count - 1).last_day


# --- Suggested days and the latest day before an end ----------------------------------------------


@pytest.mark.parametrize(
    ("day", "count", "expected"),
    [
        pytest.param("2026-11-02", 1, "2026-12-02", id="plain"),
        pytest.param("2026-01-31", 1, "2026-02-28", id="clipped"),
        pytest.param("2024-01-31", 1, "2024-02-29", id="clipped-to-leap-day"),
        pytest.param("2026-12-31", 2, "2027-02-28", id="over-new-year"),
        pytest.param("2026-03-31", -1, "2026-02-28", id="back"),
        pytest.param("2026-03-31", 0, "2026-03-31", id="none"),
    ],
)
def test_months_later(day, count, expected):
    assert months_later(iso(day), count) == iso(expected)


@pytest.mark.parametrize(
    ("ends", "count", "latest"),
    [
        pytest.param("2027-02-28", 3, "2026-11-30", id="end-of-february"),
        pytest.param("2027-05-30", 3, "2027-02-27", id="corresponding-day-missing"),
        pytest.param("2027-05-31", 3, "2027-02-28", id="end-of-may"),
        # From 02-28 three months end on 05-27, from 03-01 on 05-31: nothing ends in between.
        pytest.param("2027-05-28", 3, "2027-02-27", id="nothing-ends-on-this-day"),
        pytest.param("2027-05-27", 3, "2027-02-27", id="first-of-four-days-that-share-one"),
        pytest.param("2027-05-26", 3, "2027-02-26", id="day-before-those"),
        pytest.param("2028-05-31", 3, "2028-02-29", id="end-of-may-leap-year"),
        pytest.param("2028-05-30", 3, "2028-02-28", id="day-before-in-a-leap-year"),
        pytest.param("2027-09-30", 3, "2027-06-30", id="end-of-september"),
        pytest.param("2027-12-14", 3, "2027-09-14", id="mid-month"),
        pytest.param("2027-02-28", 1, "2027-01-31", id="one-month"),
    ],
)
def test_latest_day_before_the_end(ends, count, latest):
    assert latest_day_before_end(iso(ends), count) == iso(latest)


@given(days, counts)
def test_the_latest_day_fits_and_the_next_does_not(ends_on, count):
    latest = latest_day_before_end(ends_on, count)

    assert last_day_of_months(latest + DAY, count) <= ends_on
    assert last_day_of_months(latest + 2 * DAY, count) > ends_on


# --- Months ---------------------------------------------------------------------------------------


def test_a_month_says_what_it_is():
    month = Month(2026, 4)

    assert str(month) == "2026-04"
    assert month.label == "2026年4月"
    assert (month.first_day, month.last_day) == (date(2026, 4, 1), date(2026, 4, 30))
    assert Month.of(date(2026, 4, 30)) == month == Month.parse("2026-04")
    assert {month: 1}[Month(2026, 4)] == 1
    assert Month(2024, 2).last_day == date(2024, 2, 29)


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        pytest.param("2026-03-31", False, id="day-before"),
        pytest.param("2026-04-01", True, id="first"),
        pytest.param("2026-04-30", True, id="last"),
        pytest.param("2026-05-01", False, id="day-after"),
        pytest.param("2025-04-15", False, id="other-year"),
    ],
)
def test_a_month_contains_its_days(day, expected):
    assert Month(2026, 4).contains(iso(day)) is expected
    assert whole_month(Month(2026, 4)).contains(iso(day)) is expected


@pytest.mark.parametrize(
    "text",
    [
        "2026-4", "2026-13", "2026-00", "26-04", "2026/04", "2026-04-01", "", " 2026-04",
        "2026-04\n", "２０２６-04", "0000-01", "1867-12", "9999-12", "2200-01",
    ],
)  # fmt: skip
def test_what_is_no_month_is_refused(text):
    with pytest.raises(ValueError, match="month"):
        Month.parse(text)


def test_a_month_has_a_number_from_1_to_12():
    with pytest.raises(ValueError, match="2026-13"):
        Month(2026, 13)


@given(months, st.integers(-600, 600))
def test_month_arithmetic_comes_back(month, count):
    there = month + count

    assert there - count == month
    assert there - month == count
    assert (there > month) is (count > 0)


@given(months)
def test_a_month_is_read_as_it_is_written(month):
    assert Month.parse(str(month)) == month
    assert month.last_day + DAY == (month + 1).first_day


def test_a_span_has_both_ends():
    assert [str(month) for month in Month.span(Month(2025, 11), Month(2026, 2))] == [
        "2025-11",
        "2025-12",
        "2026-01",
        "2026-02",
    ]
    assert list(Month.span(Month(2026, 4), Month(2026, 4))) == [Month(2026, 4)]
    assert list(Month.span(Month(2026, 4), Month(2026, 3))) == []


@pytest.mark.parametrize(
    ("day", "year"),
    [
        pytest.param("2026-03-31", 2025, id="last-day"),
        pytest.param("2026-04-01", 2026, id="first-day"),
        pytest.param("2026-12-31", 2026, id="new-years-eve"),
        pytest.param("2027-01-01", 2026, id="new-year"),
    ],
)
def test_the_fiscal_year_begins_in_april(day, year):
    assert fiscal_year(iso(day)) == year == Month.of(iso(day)).fiscal_year
    assert fiscal_year_period(year).contains(iso(day))


def test_the_fiscal_year_as_a_period():
    assert fiscal_year_period(2026) == Period(date(2026, 4, 1), date(2027, 3, 31))


# --- Periods --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("on", "closed", "unended"),
    [
        pytest.param("2026-03-31", False, False, id="day-before"),
        pytest.param("2026-04-01", True, True, id="first"),
        pytest.param("2026-04-15", True, True, id="last"),
        pytest.param("2026-04-16", False, True, id="day-after"),
    ],
)
def test_a_period_includes_both_ends(on, closed, unended):
    assert Period(date(2026, 4, 1), date(2026, 4, 15)).contains(iso(on)) is closed
    assert Period(date(2026, 4, 1)).contains(iso(on)) is unended


def test_days_of_a_period():
    assert Period(date(2026, 4, 1), date(2026, 4, 1)).days == 1
    assert whole_month(Month(2024, 2)).days == 29
    assert Period(date(2026, 4, 1)).days is None


def test_an_empty_period_is_refused():
    with pytest.raises(ValueError, match="period"):
        Period(date(2026, 4, 2), date(2026, 4, 1))


@pytest.mark.parametrize(
    ("starts", "ends", "shared"),
    [
        pytest.param("2026-03-01", "2026-03-31", None, id="ends-the-day-before"),
        pytest.param("2026-03-01", "2026-04-01", ("2026-04-01", "2026-04-01"), id="first-day"),
        pytest.param("2026-04-30", "2026-05-31", ("2026-04-30", "2026-04-30"), id="last-day"),
        pytest.param("2026-05-01", None, None, id="starts-the-day-after"),
        pytest.param("2026-01-01", None, ("2026-04-01", "2026-04-30"), id="around"),
        pytest.param("2026-04-10", "2026-04-20", ("2026-04-10", "2026-04-20"), id="inside"),
    ],
)
def test_what_two_periods_share(starts, ends, shared):
    april = whole_month(Month(2026, 4))
    other = Period(iso(starts), iso(ends))

    assert april.overlaps(other) is (shared is not None)
    assert april.intersection(other) == (shared and Period(*map(iso, shared)))


def test_two_open_periods_share_an_open_end():
    assert Period(date(2026, 4, 1)).intersection(Period(date(2026, 6, 1))) == Period(
        date(2026, 6, 1)
    )


@given(periods(), periods())
def test_sharing_is_symmetric(one, other):
    assert one.overlaps(other) == other.overlaps(one)
    assert one.intersection(other) == other.intersection(one)


@given(periods(), periods(), days)
def test_the_shared_days_are_those_of_both(one, other, on):
    shared = one.intersection(other)

    assert (shared is not None and shared.contains(on)) is (one.contains(on) and other.contains(on))


@pytest.mark.parametrize(
    ("given_periods", "expected"),
    [
        pytest.param([], [], id="none"),
        pytest.param([("04-01", "04-10"), ("04-11", "04-20")], [("04-01", "04-20")], id="touch"),
        pytest.param(
            [("04-01", "04-10"), ("04-12", "04-20")],
            [("04-01", "04-10"), ("04-12", "04-20")],
            id="one-day-between",
        ),
        pytest.param([("04-05", "04-20"), ("04-01", "04-10")], [("04-01", "04-20")], id="overlap"),
        pytest.param([("04-01", "04-30"), ("04-05", "04-10")], [("04-01", "04-30")], id="inside"),
        pytest.param([("04-01", None), ("04-05", "04-10")], [("04-01", None)], id="open-first"),
        pytest.param([("04-01", "04-10"), ("04-05", None)], [("04-01", None)], id="open-second"),
    ],
)
def test_joined_periods(given_periods, expected):
    def period(pair):
        return Period(*(iso(end and f"2026-{end}") for end in pair))

    assert joined(map(period, given_periods)) == tuple(map(period, expected))


@given(st.lists(periods(), max_size=6), days)
def test_joined_periods_hold_the_same_days_without_touching(given_periods, on):
    found = joined(given_periods)

    assert any(each.contains(on) for each in found) is any(
        each.contains(on) for each in given_periods
    )
    for earlier, later in pairwise(found):
        assert earlier.ends_on is not None
        assert day_after(earlier.ends_on) < later.starts_on


def test_the_day_before_and_after():
    assert day_before(date(2024, 3, 1)) == date(2024, 2, 29)
    assert day_after(date(2026, 12, 31)) == date(2027, 1, 1)


# --- Conditions -----------------------------------------------------------------------------------


def test_in_force_names_both_ends_and_the_prefix():
    on = date(2026, 4, 1)

    assert in_force(on) == Q(starts_on__lte=on) & (Q(ends_on__isnull=True) | Q(ends_on__gte=on))
    assert in_force(on, "decision__") == Q(decision__starts_on__lte=on) & (
        Q(decision__ends_on__isnull=True) | Q(decision__ends_on__gte=on)
    )


def test_overlapping_an_open_period_asks_for_the_end_only():
    on = date(2026, 4, 1)

    assert overlapping(Period(on)) == Q(ends_on__isnull=True) | Q(ends_on__gte=on)
