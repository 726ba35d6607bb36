"""状態 on a day: waiting, open, pending, ended, expired; several windows in a life (§2)."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clients.rules.facts import EmploymentFact
from clients.rules.kinds import EmploymentKind, StandingState
from clients.rules.standing import standing
from clients.rules.window import support_window
from teikyaku.periods import Period

NONE, WAITING, OPEN, PENDING, ENDED, EXPIRED = StandingState


def on(text):
    return date.fromisoformat(text)


def job(starts, ends=None, better=None, **more):
    return EmploymentFact(
        on(starts), on(ends) if ends else None, changed_to_improve_conditions=better, **more
    )


def codes(found):
    return {reason.code for reason in found.reasons}


@pytest.mark.parametrize(
    ("day", "state"),
    [
        pytest.param("2024-03-31", NONE, id="day-before-employment"),
        pytest.param("2024-04-01", WAITING, id="first-day-employed"),
        pytest.param("2024-09-30", WAITING, id="six-months-complete"),
        pytest.param("2024-10-01", OPEN, id="first-usable"),
        pytest.param("2027-09-30", OPEN, id="last-usable"),
        pytest.param("2027-10-01", EXPIRED, id="day-after"),
    ],
)
def test_one_employment_that_lasts(day, state):
    found = standing([job("2024-04-01")], on(day))

    assert found.state is state
    assert found.window == support_window(date(2024, 4, 1))
    assert found.is_usable is (state is OPEN)
    assert found.reasons


@pytest.mark.parametrize(
    ("day", "state", "pending_until", "ended_on"),
    [
        pytest.param("2025-04-30", OPEN, None, None, id="last-day-at-work"),
        pytest.param("2025-05-01", PENDING, "2025-05-31", None, id="day-after-leaving"),
        pytest.param("2025-05-31", PENDING, "2025-05-31", None, id="last-day-of-the-month"),
        pytest.param("2025-06-01", ENDED, None, "2025-04-30", id="day-after-the-month"),
        pytest.param("2030-01-01", ENDED, None, "2025-04-30", id="long-after"),
    ],
)
def test_left_and_no_next_job_known(day, state, pending_until, ended_on):
    found = standing([job("2024-04-01", "2025-04-30")], on(day))

    assert found.state is state
    assert found.pending_until == (on(pending_until) if pending_until else None)
    assert found.right_ended_on == (on(ended_on) if ended_on else None)


@pytest.mark.parametrize(
    ("day", "state"),
    [
        pytest.param("2025-04-30", OPEN, id="last-day-of-the-first"),
        pytest.param("2025-05-01", PENDING, id="gap-begins"),
        pytest.param("2025-05-30", PENDING, id="gap-ends"),
        pytest.param("2025-05-31", OPEN, id="first-day-of-the-second"),
        pytest.param("2027-09-30", OPEN, id="last-usable-counts-from-the-first"),
        pytest.param("2027-10-01", EXPIRED, id="day-after"),
    ],
)
def test_joined_job_change_counts_from_the_first_employment(day, state):
    jobs = [job("2024-04-01", "2025-04-30", better=True), job("2025-05-31")]

    found = standing(jobs, on(day))

    assert found.state is state
    assert found.window == support_window(date(2024, 4, 1))
    assert len(found.windows) == 1


def test_a_gap_day_asks_whether_its_month_can_be_billed():
    jobs = [job("2024-04-01", "2025-04-30", better=True), job("2025-05-31")]

    assert [reason.code for reason in standing(jobs, on("2025-05-15")).questions] == [
        "job_change.gap_month"
    ]


@pytest.mark.parametrize(
    ("day", "state"),
    [
        pytest.param("2025-04-30", OPEN, id="last-day-at-work"),
        pytest.param("2025-05-01", ENDED, id="day-after-leaving"),
        pytest.param("2025-06-01", ENDED, id="in-the-late-job"),
    ],
)
def test_reemployed_after_the_month_ended_with_the_leaving(day, state):
    jobs = [job("2024-04-01", "2025-04-30", better=True), job("2025-06-01")]

    found = standing(jobs, on(day))

    assert found.state is state
    if state is ENDED:
        assert found.right_ended_on == date(2025, 4, 30)
        assert "job_change.too_late" in codes(found)


def test_not_for_better_conditions_ends_on_the_day_after_leaving_with_the_reason():
    found = standing([job("2024-04-01", "2025-04-30", better=False)], on("2025-05-01"))

    assert found.state is ENDED
    assert "job_change.not_improving" in codes(found)


def test_a_new_job_with_unknown_purpose_stays_pending_until_somebody_asks():
    jobs = [job("2024-04-01", "2025-04-30"), job("2025-05-10")]

    found = standing(jobs, on("2026-01-01"))

    assert found.state is PENDING
    assert found.pending_until is None
    assert "job_change.purpose_unknown" in codes(found)
    assert standing(jobs, on("2027-10-01")).state is EXPIRED


def test_a_second_change_ends_at_once():
    jobs = [
        job("2024-04-01", "2025-04-30", better=True),
        job("2025-05-01", "2026-01-31", better=True),
        job("2026-02-01"),
    ]

    assert standing(jobs, on("2026-01-31")).state is OPEN
    found = standing(jobs, on("2026-02-01"))
    assert found.state is ENDED
    assert {"job_change.second", "window.needs_new_service"} <= codes(found)


@pytest.mark.parametrize(
    ("day", "state"),
    [
        pytest.param("2024-06-30", WAITING, id="last-day-of-the-first"),
        pytest.param("2024-07-10", PENDING, id="gap"),
        pytest.param("2024-07-20", WAITING, id="first-day-of-the-second"),
        pytest.param("2024-09-30", WAITING, id="six-months-from-the-first"),
        pytest.param("2024-10-01", OPEN, id="first-usable-from-the-first"),
    ],
)
def test_a_change_inside_the_first_six_months(day, state):
    jobs = [job("2024-04-01", "2024-06-30", better=True), job("2024-07-20")]

    assert standing(jobs, on(day)).state is state


@pytest.mark.parametrize(
    ("left", "day", "state"),
    [
        pytest.param("2027-10-15", "2027-10-16", EXPIRED, id="left-after-the-window"),
        pytest.param("2027-09-30", "2027-10-01", EXPIRED, id="left-on-the-last-day"),
        pytest.param("2027-09-29", "2027-09-30", PENDING, id="left-the-day-before"),
        pytest.param("2027-09-29", "2027-10-01", EXPIRED, id="month-reaches-over-the-end"),
        pytest.param("2027-09-29", "2027-12-01", EXPIRED, id="and-stays-expired"),
        pytest.param("2027-08-31", "2027-09-30", PENDING, id="month-ends-with-the-window"),
        pytest.param("2027-08-31", "2027-10-01", EXPIRED, id="never-settled-inside"),
        pytest.param("2027-08-29", "2027-09-30", ENDED, id="month-over-inside-the-window"),
        pytest.param("2027-08-29", "2027-10-01", ENDED, id="ended-stays-ended"),
    ],
)
def test_leaving_near_the_end_of_the_window(left, day, state):
    assert standing([job("2024-04-01", left)], on(day)).state is state


def test_leave_keeps_the_employment_and_does_not_stop_the_window():
    leave = Period(on("2025-01-01"), on("2025-06-30"))
    jobs = [job("2024-04-01", leaves=(leave,))]

    found = standing(jobs, on("2025-03-01"))

    assert found.state is OPEN
    assert found.is_on_leave
    assert found.window.last_usable_on == on("2027-09-30")
    assert not standing(jobs, on("2025-07-01")).is_on_leave


def test_leave_from_one_of_two_jobs_is_leave():
    leave = Period(on("2025-01-01"), on("2025-06-30"))
    jobs = [job("2024-04-01", leaves=(leave,)), job("2024-06-01")]

    assert standing(jobs, on("2025-03-01")).is_on_leave


@pytest.mark.parametrize(
    ("day", "state"),
    [
        pytest.param("2025-04-30", OPEN, id="last-day-of-the-first"),
        pytest.param("2025-05-01", PENDING, id="first-day-of-the-second"),
    ],
)
def test_an_undecided_change_begins_after_the_last_day_at_work(day, state):
    jobs = [job("2024-04-01", "2025-04-30"), job("2025-05-01")]

    assert standing(jobs, on(day)).state is state


@pytest.mark.parametrize(
    ("day", "is_said"),
    [
        pytest.param("2024-12-31", False, id="day-before"),
        pytest.param("2025-01-01", True, id="first-day"),
    ],
)
def test_a_job_that_does_not_count_is_named_from_its_first_day(day, is_said):
    jobs = [job("2024-04-01"), job("2025-01-01", kind=EmploymentKind.CONTINUED_A)]

    assert ("employment.not_ordinary" in codes(standing(jobs, on(day)))) is is_said


def test_type_a_work_alone_opens_nothing():
    found = standing([job("2024-04-01", kind=EmploymentKind.CONTINUED_A)], on("2025-01-01"))

    assert found.state is NONE
    assert {"window.no_employment", "employment.not_ordinary"} <= codes(found)


def test_nobody_employed_has_no_window():
    found = standing([], on("2025-01-01"))

    assert (found.state, found.window, found.windows) == (NONE, None, ())


@st.composite
def one_chain(draw):
    """One or two jobs, the second after a short gap."""
    starts_on = draw(st.dates(date(2015, 1, 1), date(2025, 12, 31)))
    left_on = starts_on + timedelta(days=draw(st.integers(0, 1400)))
    first = EmploymentFact(starts_on, left_on, changed_to_improve_conditions=draw(st.booleans()))
    gap = draw(st.none() | st.integers(1, 45))
    second = () if gap is None else (EmploymentFact(left_on + timedelta(days=gap)),)
    return (first, *second)


@given(one_chain())
def test_what_is_over_stays_over(jobs):
    window = support_window(jobs[0].starts_on)
    is_over = False
    for offset in range(-3, (window.last_usable_on - jobs[0].starts_on).days + 60, 5):
        found = standing(jobs, jobs[0].starts_on + timedelta(days=offset))
        is_over_now = found.state in (ENDED, EXPIRED)
        assert is_over_now or not is_over
        assert is_over_now == (found.right_ended_on is not None)
        is_over = is_over_now


@given(one_chain(), st.dates(date(2015, 1, 1), date(2032, 1, 1)))
def test_open_only_inside_the_window(jobs, day):
    found = standing(jobs, day)

    assert not found.is_usable or found.window.is_usable(day)
    assert found.pending_until is None or found.state is PENDING


@pytest.mark.parametrize(
    ("jobs", "day", "last"),
    [
        pytest.param([("2024-04-01",)], "2025-06-01", "2027-09-30", id="lasting: the window's"),
        pytest.param(
            [("2024-04-01", "2026-10-10"), ("2026-11-26",)],
            "2026-10-10",
            "2026-10-10",
            id="too late a change ends it, known on its last day",
        ),
        pytest.param(
            [("2024-04-01", "2026-10-10", True), ("2026-11-10",)],
            "2026-10-10",
            "2027-09-30",
            id="a change in time carries it on",
        ),
        pytest.param(
            [("2024-04-01", "2026-10-10", False), ("2026-10-20",)],
            "2026-10-01",
            "2026-10-10",
            id="not for better conditions, still ahead",
        ),
        pytest.param(
            [("2024-04-01", "2026-10-10")], "2026-11-10", "2027-09-30", id="its month still runs"
        ),
        pytest.param(
            [("2024-04-01", "2026-10-10")], "2026-11-11", "2026-10-10", id="nothing followed"
        ),
        pytest.param(
            [("2024-04-01", "2027-12-31")], "2028-02-01", "2027-09-30", id="window over before it"
        ),
    ],
)
def test_the_last_usable_day_follows_the_right(jobs, day, last):
    assert standing([job(*facts) for facts in jobs], on(day)).right_ends_on == on(last)


def test_no_window_no_last_usable_day():
    assert standing([], on("2026-11-26")).right_ends_on is None


def test_a_service_written_down_as_a_job_is_told_how_it_counts():
    jobs = [
        job("2022-04-01", "2024-03-31", kind=EmploymentKind.CONTINUED_A),
        job("2024-04-01"),
    ]
    found = standing(jobs, on("2025-06-01"), services_before=())
    told = [r.text for r in found.reasons if r.code == "employment.not_ordinary"]
    assert "「就職前のサービス」に記録すると数えられます" in told[0]
