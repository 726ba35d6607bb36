"""職員の配置: how many are needed for the users of the previous year.

Source: docs/rules.md §10 (M); the figures come from the dated data, never from here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal
from fractions import Fraction


@dataclass(frozen=True, slots=True)
class StaffingFigures:
    """The dated figures: people per 就労定着支援員, of the first サービス管理責任者 and per further one."""

    per_worker: int
    first_manager: int
    per_further_manager: int


@dataclass(frozen=True, slots=True)
class Needed:
    """What the average asks for."""

    average: Fraction
    workers: Fraction
    """就労定着支援員 in full posts, exact."""
    managers: int


def average_users(monthly: Sequence[int]) -> Fraction | None:
    """People of each month added up, by the months in which the office was open; None without one."""
    return Fraction(sum(monthly), len(monthly)) if monthly else None


def needed(average: Fraction, figures: StaffingFigures) -> Needed:
    """The posts that `average` users ask for: with 60, 40: 60 → 1, 61 → 2, 101 → 3.

    Raises ValueError for a negative average.
    """
    if average < 0:
        raise ValueError("no office has less than nobody")
    beyond = max(Fraction(0), average - figures.first_manager)
    return Needed(
        average=average,
        workers=average / figures.per_worker,
        managers=1 + -(-beyond // figures.per_further_manager),
    )


def up_to_tenth(exact: Fraction) -> Decimal:
    """For showing what is needed: to one place, never less than the exact number."""
    number = Decimal(exact.numerator) / Decimal(exact.denominator)
    return number.quantize(Decimal("0.1"), rounding=ROUND_CEILING)
