"""Time of keeping: the day from which a file may be erased, and what must outlive it."""

from datetime import date

import pytest

from clients.rules.keeping import (
    StayKnown,
    due_on,
    evidence,
    keeping,
    keeping_steps,
    latest_end,
)
from clients.rules.retention import Counted, RetentionFact, retention
from teikyaku.periods import Period


@pytest.mark.parametrize(
    ("ends_on", "expected"),
    [
        pytest.param(date(2021, 3, 31), date(2026, 4, 1), id="fiscal year"),
        pytest.param(date(2021, 3, 30), date(2026, 3, 31), id="a day before"),
        pytest.param(date(2021, 11, 26), date(2026, 11, 27), id="middle of a month"),
        pytest.param(date(2019, 2, 28), date(2024, 3, 1), id="into a leap year"),
        pytest.param(date(2020, 2, 28), date(2025, 3, 1), id="counted from a leap day"),
        pytest.param(date(2020, 2, 29), date(2025, 3, 1), id="ended on a leap day"),
        pytest.param(date(2020, 12, 31), date(2026, 1, 1), id="new year"),
    ],
)
def test_the_first_day(ends_on, expected):
    assert due_on(ends_on, 5) == expected
    kept = keeping([ends_on], 5)
    assert (kept.due_on, kept.is_due(expected)) == (expected, True)
    assert not kept.is_due(kept.kept_until)
    # The first look in SQL never loses one that is due.
    assert ends_on <= latest_end(expected, 5)


def test_who_came_back_is_kept_from_the_last_end_and_who_is_here_is_kept():
    ends = [date(2015, 3, 31), date(2020, 6, 30)]
    assert keeping(ends, 5).due_on == date(2025, 7, 1)
    assert keeping([*ends, None], 5) is None
    assert keeping([], 5) is None
    assert keeping_steps(keeping(ends, 5), 2)[0].expression == "2回のうち最後"


def test_no_time_of_keeping_is_negative():
    with pytest.raises(ValueError, match="period"):
        due_on(date(2021, 3, 31), -1)


USE = Period(date(2020, 10, 1), date(2020, 11, 30))
JOB = Period(date(2020, 3, 15), date(2023, 9, 14))
STAY = StayKnown(2022, date(2020, 3, 15), 24)


def kept(used, jobs, on, counted=None, stays=()):
    return evidence(
        used, jobs, counted=counted or {}, stays=stays, evidence_months=78, on=on
    )  # fmt: skip


def test_evidence_stays_until_neither_rate_nor_addition_needs_it():
    found = kept([USE], [JOB], date(2025, 12, 1), stays=[STAY])
    # Used in fiscal year 2020: counts until 2024-03-31. Hired 2020-03-15: 78 months.
    assert found.needed_until == date(2026, 9, 14)
    assert found.stays == (STAY,)
    assert kept([USE], [JOB], date(2026, 9, 14)) is not None
    assert kept([USE], [JOB], date(2026, 9, 15)) is None


def test_a_job_of_before_the_use_shortens_nothing():
    before = Period(date(2010, 4, 1), date(2012, 3, 31))
    on = date(2025, 12, 1)
    assert kept([USE], [before, JOB], on) == kept([USE], [JOB], on)
    # A change of jobs during the use: kept for the later hiring.
    jobs = [Period(date(2020, 3, 15), date(2020, 10, 31)), Period(date(2020, 11, 10))]
    assert kept([USE], jobs, on).needed_until == date(2027, 5, 9)


def test_the_hiring_that_the_addition_counts_is_kept_for_too():
    found = kept([USE], [], date(2025, 12, 1), stays=[STAY])
    assert found.needed_until == date(2026, 9, 14)
    assert kept([USE], [], date(2025, 12, 1)) is None


def test_without_use_there_is_nothing_to_count():
    assert kept([], [JOB], date(2021, 1, 1)) is None


def test_each_year_as_it_is_counted_and_a_day_ahead_is_open():
    counted = {
        2021: Counted.EMPLOYED, 2022: Counted.UNANSWERED, 2023: Counted.NOT_EMPLOYED,
        2024: Counted.EMPLOYED,
    }  # fmt: skip
    found = kept([USE], [JOB], date(2024, 3, 30), counted)
    assert (found.employed_years, found.open_years) == ((2021, 2024), (2022, 2024))
    assert kept([USE], [JOB], date(2024, 3, 31), counted).open_years == (2022,)


def test_of_an_erased_open_day_nobody_can_find_out():
    fact = RetentionFact("erased-1", (USE,), is_answered=False, is_erased=True)
    found = retention([fact], 2022)
    assert (found.people[0].how, found.total) == (Counted.NOT_EMPLOYED, 1)
    assert found.highest_rate == found.rate == 0
