"""職員の配置 by the average of the year before (docs/rules.md §10 M)."""

from decimal import Decimal
from fractions import Fraction

import pytest

from clients.rules.staffing import StaffingFigures, average_users, needed, up_to_tenth

FIGURES = StaffingFigures(40, 60, 40)


@pytest.mark.parametrize(
    ("average", "managers"),
    [
        (Fraction(0), 1), (Fraction(60), 1), (Fraction(601, 10), 2), (Fraction(61), 2),
        (Fraction(100), 2), (Fraction(101), 3), (Fraction(140), 3), (Fraction(141), 4),
    ],
    ids=str,
)  # fmt: skip
def test_managers(average, managers):
    assert needed(average, FIGURES).managers == managers


@pytest.mark.parametrize(
    ("average", "exact", "shown"),
    [
        (Fraction(40), Fraction(1), "1.0"), (Fraction(41), Fraction(41, 40), "1.1"),
        (Fraction(50), Fraction(5, 4), "1.3"), (Fraction(0), Fraction(0), "0.0"),
    ],
    ids=str,
)  # fmt: skip
def test_workers_are_never_shown_as_fewer(average, exact, shown):
    found = needed(average, FIGURES)
    assert found.workers == exact
    assert up_to_tenth(found.workers) == Decimal(shown)


def test_the_average_is_exact():
    assert average_users([40, 41, 41]) == Fraction(122, 3)
    assert average_users([]) is None
    with pytest.raises(ValueError, match="nobody"):
        needed(Fraction(-1), FIGURES)
