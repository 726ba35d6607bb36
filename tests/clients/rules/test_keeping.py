"""Time of keeping: the day from which a file may be erased, and what must outlive it."""

from datetime import date

import pytest

from clients.rules.keeping import due_on, evidence, keeping, keeping_steps, latest_end
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


def test_evidence_stays_until_neither_rate_nor_addition_needs_it():
    found = evidence([USE], [JOB], evidence_months=78, on=date(2025, 12, 1))
    # Used in fiscal year 2020: counts until 2024-03-31. Hired 2020-03-15: 78 months.
    assert found.needed_until == date(2026, 9, 14)
    assert found.employed_years == (2021, 2022, 2023)
    assert (found.hired_on, found.months_employed) == (date(2020, 3, 15), 42)
    assert evidence([USE], [JOB], evidence_months=78, on=date(2026, 9, 14)) is not None
    assert evidence([USE], [JOB], evidence_months=78, on=date(2026, 9, 15)) is None


def test_a_job_of_before_the_use_shortens_nothing():
    before = Period(date(2010, 4, 1), date(2012, 3, 31))
    found = evidence([USE], [before, JOB], evidence_months=78, on=date(2025, 12, 1))
    assert found == evidence([USE], [JOB], evidence_months=78, on=date(2025, 12, 1))
    # A change of jobs during the use: kept for the later hiring.
    jobs = [Period(date(2020, 3, 15), date(2020, 10, 31)), Period(date(2020, 11, 10))]
    found = evidence([USE], jobs, evidence_months=78, on=date(2025, 12, 1))
    assert (found.hired_on, found.needed_until) == (date(2020, 3, 15), date(2027, 5, 9))


def test_without_use_there_is_nothing_to_count():
    assert evidence([], [JOB], evidence_months=78, on=date(2021, 1, 1)) is None


def test_an_employment_that_goes_on_has_no_length_yet():
    running = Period(date(2020, 3, 15))
    found = evidence([USE], [running], evidence_months=78, on=date(2025, 12, 1))
    assert found.months_employed is None
    assert found.employed_years == (2021, 2022, 2023, 2024, 2025)


def test_the_rate_counts_the_evidence_as_it_counted_the_person():
    on = date(2022, 12, 1)
    found = evidence([USE], [JOB], evidence_months=78, on=on)
    days = tuple(Period(date(year, 3, 31), date(year, 3, 31)) for year in found.employed_years)
    whole = retention([RetentionFact("person", (USE,), (JOB,))], 2022)
    nameless = retention([RetentionFact("erased-1", found.used, days)], 2022)
    assert whole.rate == nameless.rate == 1
    assert nameless.people[0].how == Counted.EMPLOYED
