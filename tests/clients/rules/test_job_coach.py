"""ジョブコーチ: three phases in order without a gap, and what is unusual about the length (G)."""

from datetime import date, timedelta

import pytest

from clients.rules.job_coach import length_of, phase_on, phases_of
from clients.rules.kinds import SupportPhase as P

START = date(2026, 4, 1)
T, F, END = date(2026, 5, 1), date(2026, 7, 1), date(2026, 7, 31)


@pytest.mark.parametrize(
    ("days", "phases"),
    [
        pytest.param((None, None, None), [(P.INTENSIVE, START, None)], id="begun"),
        pytest.param(
            (T, None, None),
            [(P.INTENSIVE, START, date(2026, 4, 30)), (P.TRANSITION, T, None)],
            id="second",
        ),
        pytest.param(
            (T, F, END),
            [(P.INTENSIVE, START, date(2026, 4, 30)), (P.TRANSITION, T, date(2026, 6, 30)),
             (P.FOLLOW_UP, F, END)],
            id="all three",
        ),
        pytest.param(
            (None, F, END),
            [(P.INTENSIVE, START, date(2026, 6, 30)), (P.FOLLOW_UP, F, END)],
            id="the second left out",
        ),
        pytest.param(
            (START, F, None),
            [(P.TRANSITION, START, date(2026, 6, 30)), (P.FOLLOW_UP, F, None)],
            id="the first left out",
        ),
    ],
)  # fmt: skip
def test_phases_follow_one_another(days, phases):
    found = phases_of(START, *days)
    assert [(s.phase, s.period.starts_on, s.period.ends_on) for s in found] == phases


@pytest.mark.parametrize("days", [(F, T, None), (date(2026, 3, 31), None, None), (T, F, T)])
def test_out_of_order_is_no_support(days):
    with pytest.raises(ValueError, match="order"):
        phases_of(START, *days)


def test_the_phase_of_a_day():
    spans = phases_of(START, T, F, END)
    days = [START, date(2026, 4, 30), T, F, END, END + timedelta(days=1)]
    assert [phase_on(spans, day) for day in days] == [
        P.INTENSIVE, P.INTENSIVE, P.TRANSITION, P.FOLLOW_UP, P.FOLLOW_UP, None,
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("ends_on", "code", "is_outside"),
    [
        pytest.param(date(2026, 4, 29), "job_coach.too_short", True, id="a day less than 1 month"),
        pytest.param(date(2026, 4, 30), "job_coach.shorter", False, id="1 month"),
        pytest.param(date(2026, 5, 30), "job_coach.shorter", False, id="a day less than 2"),
        pytest.param(date(2026, 5, 31), None, False, id="2 months"),
        pytest.param(date(2026, 7, 31), None, False, id="4 months"),
        pytest.param(date(2026, 8, 1), "job_coach.longer", False, id="a day more than 4"),
        pytest.param(date(2026, 11, 30), "job_coach.longer", False, id="8 months"),
        pytest.param(date(2026, 12, 1), "job_coach.too_long", True, id="a day more than 8"),
    ],
)
def test_length_by_its_bounds(ends_on, code, is_outside):
    found = length_of(START, ends_on, on=date(2030, 1, 1))
    assert (found.remark.code if found.remark else None) == code
    assert found.is_outside is is_outside


@pytest.mark.parametrize(
    ("on", "code"),
    [
        (date(2026, 4, 2), None),
        (date(2026, 7, 31), None),
        (date(2026, 8, 1), "job_coach.longer"),
        (date(2026, 12, 1), "job_coach.too_long"),
    ],
)
def test_one_that_lasts_is_measured_by_the_day(on, code):
    found = length_of(START, None, on)
    assert (found.remark.code if found.remark else None) == code


def test_months_count_as_everywhere():
    """From January 31 one month ends on the last day of February."""
    assert length_of(date(2026, 1, 31), date(2026, 2, 28), START).is_outside is False
    assert length_of(date(2026, 1, 31), date(2026, 2, 27), START).is_outside is True
