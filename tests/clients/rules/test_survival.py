"""就労の続き方: Kaplan–Meier, computed by hand."""

from datetime import date
from fractions import Fraction

import pytest

from clients.rules.survival import CurveStep, Stretch, share_after, survival, whole_months


def test_by_hand():
    # 5 people: one left after 3 months, one lost from sight after 5, one left after 8,
    # one left after 12, one still there after 20.
    stretches = [
        Stretch(3, has_ended=True), Stretch(5, has_ended=False), Stretch(8, has_ended=True),
        Stretch(12, has_ended=True), Stretch(20, has_ended=False),
    ]  # fmt: skip
    # 4/5; then 3 are watched: 4/5 × 2/3 = 8/15; then 2: 8/15 × 1/2 = 4/15.
    assert survival(stretches) == (
        CurveStep(3, 5, 1, Fraction(4, 5)),
        CurveStep(8, 3, 1, Fraction(8, 15)),
        CurveStep(12, 2, 1, Fraction(4, 15)),
    )


def test_who_is_lost_from_sight_in_the_month_is_watched_in_it():
    stretches = [Stretch(6, has_ended=True), Stretch(6, has_ended=False)]
    assert survival(stretches) == (CurveStep(6, 2, 1, Fraction(1, 2)),)


def test_nobody_left_or_nobody_at_all():
    assert survival([Stretch(9, has_ended=False)]) == ()
    assert survival([]) == ()
    assert share_after((), 12) == 1


def test_everybody_left():
    assert survival([Stretch(0, has_ended=True)]) == (CurveStep(0, 1, 1, Fraction(0)),)


@pytest.mark.parametrize(("months", "share"), [(3, 1), (4, Fraction(4, 5)), (36, Fraction(4, 5))])
def test_the_share_after_some_months(months, share):
    steps = (CurveStep(3, 5, 1, Fraction(4, 5)),)
    assert share_after(steps, months) == share


@pytest.mark.parametrize(
    ("until", "months"),
    [
        pytest.param(date(2024, 3, 31), 0, id="before"),
        pytest.param(date(2024, 4, 29), 0, id="less-than-one"),
        pytest.param(date(2024, 4, 30), 1, id="one"),
        pytest.param(date(2025, 3, 30), 11, id="a-year-less-a-day"),
        pytest.param(date(2025, 3, 31), 12, id="a-year"),
    ],
)
def test_whole_months(until, months):
    assert whole_months(date(2024, 4, 1), until) == months


def test_nobody_is_watched_before_the_use_began():
    # In months of work (came into sight, last known): a (6, left 8), b (6, lost 10), c (12, left 14),
    # d (6, lost 20), e (20, still there at 25); f left at 5, before the use could begin at 6.
    stretches = [
        Stretch(8, has_ended=True, entered=6), Stretch(10, has_ended=False, entered=6),
        Stretch(14, has_ended=True, entered=12), Stretch(20, has_ended=False, entered=6),
        Stretch(25, has_ended=False, entered=20), Stretch(5, has_ended=True, entered=6),
    ]  # fmt: skip
    # At 8 a, b, d are watched: 2/3. At 14 c and d, not e: 2/3 × 1/2 = 1/3.
    assert survival(stretches) == (
        CurveStep(8, 3, 1, Fraction(2, 3)),
        CurveStep(14, 2, 1, Fraction(1, 3)),
    )


def test_who_comes_into_sight_in_the_month_is_watched_in_it():
    stretches = [Stretch(6, has_ended=True, entered=2), Stretch(9, has_ended=False, entered=6)]
    assert survival(stretches) == (CurveStep(6, 2, 1, Fraction(1, 2)),)
