"""就労定着実績体制加算: 42 to under 78 months, at least 70 % (docs/rules.md §7 S)."""

from datetime import date
from fractions import Fraction

import pytest

from clients.rules.work_record import (
    Stay,
    WorkRecordFact,
    has_months,
    hired_within,
    work_record,
    year_to_ask,
)
from teikyaku.periods import Period

YEAR = 2026


def stayed(hired_on, until, ended_on=date(2025, 12, 31), person="a"):
    fact = WorkRecordFact(person, hired_on, until, ended_on)
    return work_record([fact], YEAR).people[0].how


def test_the_six_years_end_with_the_counted_march_31():
    assert hired_within(YEAR) == Period(date(2020, 4, 1), date(2026, 3, 31))


@pytest.mark.parametrize(
    ("until", "months", "expected"),
    [
        pytest.param(date(2024, 9, 29), 42, False, id="42-less-a-day"),
        pytest.param(date(2024, 9, 30), 42, True, id="42"),
        pytest.param(date(2027, 9, 29), 78, False, id="78-less-a-day"),
        pytest.param(date(2027, 9, 30), 78, True, id="78"),
    ],
)
def test_months_by_the_day(until, months, expected):
    assert has_months(date(2021, 4, 1), until, months) is expected


@pytest.mark.parametrize(
    ("hired_on", "until", "expected"),
    [
        pytest.param(date(2021, 8, 31), date(2025, 2, 27), False, id="42-months-to-february-less-a-day"),
        pytest.param(date(2021, 8, 31), date(2025, 2, 28), True, id="month-end"),
        pytest.param(date(2020, 8, 29), date(2024, 2, 28), True, id="leap-year"),
        pytest.param(date(2020, 8, 29), date(2024, 2, 27), False, id="leap-year-less-a-day"),
    ],
)  # fmt: skip
def test_month_ends_follow_the_civil_code(hired_on, until, expected):
    assert has_months(hired_on, until, 42) is expected


@pytest.mark.parametrize(
    ("hired_on", "until", "expected"),
    [
        pytest.param(date(2020, 4, 1), date(2023, 9, 29), Stay.SHORT, id="42-less-a-day"),
        pytest.param(date(2020, 4, 1), date(2023, 9, 30), Stay.LONG, id="42"),
        pytest.param(date(2020, 3, 31), date(2024, 3, 31), Stay.LEFT_OUT, id="hired-before"),
        pytest.param(date(2026, 3, 31), date(2026, 3, 31), Stay.SHORT, id="hired-on-the-last-day"),
        pytest.param(date(2026, 4, 1), None, Stay.LEFT_OUT, id="hired-after"),
        pytest.param(None, None, Stay.LEFT_OUT, id="never-hired"),
        pytest.param(date(2021, 4, 1), None, Stay.SHORT, id="nothing-known"),
        # By the data 78 months can be reached only by an answer that looks further than the six years.
        pytest.param(date(2020, 4, 1), date(2026, 9, 29), Stay.LONG, id="78-less-a-day"),
        pytest.param(date(2020, 4, 1), date(2026, 9, 30), Stay.TOO_LONG, id="78"),
    ],
)  # fmt: skip
def test_how_a_person_counts(hired_on, until, expected):
    assert stayed(hired_on, until) is expected


@pytest.mark.parametrize(
    ("ended_on", "expected"),
    [
        pytest.param(None, Stay.LEFT_OUT, id="still-used"),
        pytest.param(date(2026, 4, 1), Stay.LEFT_OUT, id="ended-the-day-after"),
        pytest.param(date(2026, 3, 31), Stay.LONG, id="ended-on-the-day"),
    ],
)
def test_only_who_ended_the_service_counts(ended_on, expected):
    assert stayed(date(2021, 4, 1), date(2025, 4, 1), ended_on) is expected


@pytest.mark.parametrize(
    ("long", "total", "is_met"),
    [(7, 10, True), (69, 99, False), (70, 100, True), (0, 0, False)],
)
def test_seventy_per_cent_exactly(long, total, is_met):
    until = [date(2024, 9, 30)] * long + [date(2024, 9, 29)] * (total - long)
    facts = [
        WorkRecordFact(str(n), date(2021, 4, 1), day, date(2025, 3, 31))
        for n, day in enumerate(until)
    ]
    found = work_record(facts, YEAR)
    assert found.is_met is is_met
    assert found.share == (Fraction(long, total) if total else None)


def test_a_person_counts_once():
    fact = WorkRecordFact("a", None, None, None)
    with pytest.raises(ValueError, match="twice"):
        work_record([fact, fact], YEAR)


@pytest.mark.parametrize(
    ("hired_on", "is_open", "expected"),
    [
        pytest.param(date(2022, 10, 1), True, Stay.UNKNOWN, id="42-on-the-counted-day"),
        pytest.param(date(2022, 10, 2), True, Stay.SHORT, id="42-only-after-the-counted-day"),
        pytest.param(date(2022, 10, 1), False, Stay.SHORT, id="known-to-have-ended"),
    ],
)
def test_whom_nobody_has_asked_stands_apart(hired_on, is_open, expected):
    fact = WorkRecordFact("a", hired_on, date(2025, 6, 30), date(2025, 6, 30), is_open)
    assert work_record([fact], YEAR).people[0].how is expected


def test_what_the_open_answers_can_still_change():
    # Ten people: 6 stayed, 2 left, of 2 nobody knows. 6/10 now, 7 are wanted: one more, 8/10 at most.
    long = [
        WorkRecordFact(f"l{n}", date(2021, 4, 1), date(2024, 9, 30), date(2025, 3, 31))
        for n in range(6)
    ]
    short = [
        WorkRecordFact(f"s{n}", date(2021, 4, 1), date(2022, 9, 30), date(2025, 3, 31))
        for n in range(2)
    ]
    asked = [
        WorkRecordFact(f"u{n}", date(2021, 4, 1), date(2023, 9, 30), date(2025, 3, 31), is_open=True)
        for n in range(2)
    ]  # fmt: skip
    found = work_record([*long, *short, *asked], YEAR)
    assert (found.count(Stay.LONG), found.total, found.wanted, found.highest) == (6, 10, 7, 8)
    assert (found.is_met, found.must_hear) == (False, 1)
    # Reached already, or out of reach: no answer changes it.
    assert work_record([*long, *asked], YEAR).must_hear is None
    assert work_record([*short, *asked], YEAR).must_hear is None


@pytest.mark.parametrize(
    ("hired_on", "year"),
    [
        pytest.param(date(2021, 10, 1), 2025, id="42-on-the-march-31"),
        pytest.param(date(2021, 10, 2), 2026, id="the-day-after"),
    ],
)
def test_the_first_march_31_that_tells(hired_on, year):
    assert year_to_ask(hired_on) == year
