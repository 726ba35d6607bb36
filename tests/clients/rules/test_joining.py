"""つながる就労: the first job change, within a month, for better conditions (docs/rules.md §2)."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clients.rules.facts import EmploymentFact
from clients.rules.joining import Verdict, join, rejoin_by
from clients.rules.kinds import EmploymentKind


def job(starts, ends=None, better=None, kind=EmploymentKind.ORDINARY):
    return EmploymentFact(
        date.fromisoformat(starts),
        date.fromisoformat(ends) if ends else None,
        kind,
        better,
    )


def codes(leaving):
    return {reason.code for reason in leaving.reasons}


@pytest.mark.parametrize(
    ("left_on", "until"),
    [
        pytest.param(date(2024, 4, 30), date(2024, 5, 31), id="end-of-april"),
        pytest.param(date(2025, 1, 30), date(2025, 2, 28), id="no-31-in-february"),
        pytest.param(date(2025, 1, 31), date(2025, 2, 28), id="end-of-january"),
        pytest.param(date(2025, 1, 27), date(2025, 2, 27), id="has-28-in-february"),
        pytest.param(date(2025, 1, 28), date(2025, 2, 28), id="no-29-in-february"),
        pytest.param(date(2024, 1, 28), date(2024, 2, 28), id="has-29-in-leap-february"),
        pytest.param(date(2024, 1, 29), date(2024, 2, 29), id="no-30-in-leap-february"),
        pytest.param(date(2024, 2, 28), date(2024, 3, 28), id="from-the-leap-day"),
        pytest.param(date(2024, 2, 29), date(2024, 3, 31), id="left-on-the-leap-day"),
        pytest.param(date(2024, 6, 14), date(2024, 7, 14), id="mid-month"),
        pytest.param(date(2024, 12, 31), date(2025, 1, 31), id="over-the-year"),
    ],
)
def test_the_month_runs_from_the_day_after_leaving(left_on, until):
    assert rejoin_by(left_on) == until


@pytest.mark.parametrize(
    ("next_starts", "verdict"),
    [
        pytest.param("2025-05-01", Verdict.JOINED, id="no-gap"),
        pytest.param("2025-05-30", Verdict.JOINED, id="day-before-last"),
        pytest.param("2025-05-31", Verdict.JOINED, id="last-day"),
        pytest.param("2025-06-01", Verdict.BROKEN, id="day-after"),
    ],
)
def test_a_change_joins_inside_the_month(next_starts, verdict):
    chains = join([job("2024-04-01", "2025-04-30", better=True), job(next_starts)])

    if verdict is Verdict.JOINED:
        (chain,) = chains
        assert [change.verdict for change in chain.changes] == [Verdict.JOINED]
        assert chain.leaving is None
    else:
        assert [chain.starts_on for chain in chains] == [
            date(2024, 4, 1),
            date.fromisoformat(next_starts),
        ]
        assert chains[0].leaving.verdict is Verdict.BROKEN
        assert codes(chains[0].leaving) == {"job_change.too_late"}


@pytest.mark.parametrize(
    ("better", "verdict", "code"),
    [
        pytest.param(True, Verdict.JOINED, "job_change.joined", id="better"),
        pytest.param(None, Verdict.UNDECIDED, "job_change.purpose_unknown", id="unknown"),
    ],
)
def test_the_purpose_of_the_change_decides(better, verdict, code):
    (chain,) = join([job("2024-04-01", "2025-04-30", better), job("2025-05-10")])

    assert chain.changes[0].verdict is verdict
    assert codes(chain.changes[0]) == {code}


def test_a_change_for_another_purpose_ends_the_employment():
    first, second = join([job("2024-04-01", "2025-04-30", better=False), job("2025-05-10")])

    assert codes(first.leaving) == {"job_change.not_improving"}
    assert first.ends_on == date(2025, 4, 30)
    assert second.starts_on == date(2025, 5, 10)


def test_only_the_first_change_joins():
    first, second = join(
        [
            job("2023-04-01", "2024-04-30", better=True),
            job("2024-05-01", "2025-04-30", better=True),
            job("2025-05-01"),
        ]
    )

    assert first.ends_on == date(2025, 4, 30)
    assert codes(first.leaving) == {"job_change.second"}
    assert second.starts_on == date(2025, 5, 1)


def test_after_the_first_change_leaving_ends_at_once():
    (chain,) = join([job("2023-04-01", "2024-04-30", better=True), job("2024-05-01", "2025-04-30")])

    assert chain.leaving.verdict is Verdict.BROKEN


@pytest.mark.parametrize(
    ("setting", "verdict"),
    [
        pytest.param(None, Verdict.UNDECIDED, id="not-settled"),
        pytest.param(False, Verdict.JOINED, id="early-change-is-free"),
    ],
)
def test_whether_a_change_in_the_first_six_months_uses_the_one_is_a_setting(setting, verdict):
    jobs = [
        job("2024-04-01", "2024-06-30", better=True),
        job("2024-07-01", "2025-04-30", better=True),
        job("2025-05-01"),
    ]

    (chain,) = join(jobs, early_change_uses_the_one=setting)

    assert [change.verdict for change in chain.changes] == [Verdict.JOINED, verdict]
    assert [change.is_early for change in chain.changes] == [True, False]


def test_where_an_early_change_uses_the_one_the_next_ends_it():
    jobs = [
        job("2024-04-01", "2024-06-30", better=True),
        job("2024-07-01", "2025-04-30", better=True),
        job("2025-05-01"),
    ]

    chains = join(jobs, early_change_uses_the_one=True)

    assert codes(chains[0].leaving) == {"job_change.second"}
    assert len(chains) == 2


@pytest.mark.parametrize(
    ("left", "is_early"),
    [
        pytest.param("2024-09-29", True, id="day-before-complete"),
        pytest.param("2024-09-30", True, id="six-months-complete"),
        pytest.param("2024-10-01", False, id="first-usable"),
    ],
)
def test_early_means_up_to_the_day_on_which_six_months_are_complete(left, is_early):
    (chain,) = join([job("2024-04-01", left, better=True), job("2024-10-05")])

    assert chain.changes[0].is_early is is_early
    assert ("job_change.early" in codes(chain.changes[0])) is is_early


def test_a_break_before_the_window_opens_is_a_question_for_the_city():
    first, _ = join([job("2024-04-01", "2024-06-30"), job("2024-10-01")])

    assert codes(first.leaving) == {"job_change.too_late", "job_change.broken_early"}


def test_a_second_job_beside_the_first_is_no_change():
    (chain,) = join([job("2024-04-01"), job("2025-01-01", "2025-06-30", better=False)])

    assert chain.changes == ()
    assert len(chain.employments) == 2
    assert chain.leaving is None


def test_a_job_that_ends_with_the_first_is_no_change():
    (chain,) = join([job("2024-04-01", "2025-06-30"), job("2025-01-01", "2025-06-30")])

    assert chain.changes == ()
    assert chain.ends_on == date(2025, 6, 30)


@pytest.mark.parametrize(
    ("better", "verdict"),
    [
        pytest.param(True, Verdict.JOINED, id="better"),
        pytest.param(None, Verdict.UNDECIDED, id="unknown"),
        pytest.param(False, Verdict.UNDECIDED, id="other-purpose-but-never-out-of-work"),
    ],
)
@pytest.mark.parametrize("next_starts", ["2025-04-01", "2025-04-30"])
def test_overlapping_jobs_are_a_change_that_the_city_is_asked_about(better, verdict, next_starts):
    (chain,) = join([job("2024-04-01", "2025-04-30", better), job(next_starts)])

    assert chain.changes[0].verdict is verdict
    assert "job_change.overlap" in codes(chain.changes[0])
    assert "job_change.not_improving" not in codes(chain.changes[0])


def test_continued_employment_type_a_is_no_next_job():
    (chain,) = join(
        [
            job("2024-04-01", "2025-04-30", better=True),
            job("2025-05-01", kind=EmploymentKind.CONTINUED_A),
        ]
    )

    assert chain.leaving.verdict is Verdict.OPEN
    assert chain.leaving.next_starts_on is None


def test_the_order_of_typing_does_not_matter():
    jobs = [job("2024-04-01", "2025-04-30", better=True), job("2025-05-10")]

    assert join(jobs) == join(reversed(jobs))


def test_without_employments_there_is_no_chain():
    assert join([]) == ()


@st.composite
def working_lives(draw):
    """Up to five jobs in any order, gaps and overlaps included."""
    jobs = []
    for _ in range(draw(st.integers(1, 5))):
        starts_on = draw(st.dates(date(2015, 1, 1), date(2025, 12, 31)))
        length = draw(st.none() | st.integers(0, 900))
        jobs.append(
            EmploymentFact(
                starts_on,
                None if length is None else starts_on + timedelta(days=length),
                draw(st.sampled_from(EmploymentKind)),
                draw(st.sampled_from([True, False, None])),
            )
        )
    return jobs


@given(working_lives(), st.sampled_from([None, True, False]))
def test_every_ordinary_job_is_in_exactly_one_chain(jobs, setting):
    chains = join(jobs, setting)
    joined = [job for chain in chains for job in chain.employments]
    ordinary = [job for job in jobs if job.kind == EmploymentKind.ORDINARY]

    assert sorted(joined, key=repr) == sorted(ordinary, key=repr)
    assert all(one.ends_on < next_one.starts_on for one, next_one in pairwise(chains))


@given(working_lives(), st.sampled_from([None, True, False]))
def test_a_chain_holds_at_most_one_certain_change_that_counts(jobs, setting):
    for chain in join(jobs, setting):
        certain = [
            change
            for change in chain.changes
            if not change.is_early and change.verdict is Verdict.JOINED
        ]
        assert len(certain) <= 1
        assert all(change.next_starts_on <= change.rejoin_by for change in chain.changes)
