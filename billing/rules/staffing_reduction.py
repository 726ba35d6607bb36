"""人員欠如減算: from the months in which staff was short, the reduction of a month. Pure.

Source: docs/rules.md §7 (S): サービス管理責任者欠如 from the month after next, 4 months ×0.7, then ×0.5;
支援員欠如 more than 10 % from the next month, else from the month after next, 2 months ×0.7, then ×0.5.
Readings [?]: short is who is short on the last day of a month; the reduction goes on to the month in
which the shortage ends.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from teikyaku.periods import Month

GRAVE = Fraction(1, 10)
MANAGER_SHORT_MONTHS, WORKER_SHORT_MONTHS = 4, 2
NO_MANAGER, NO_MANAGER_LONG = "no_manager", "no_manager_long"
FEW_WORKERS, FEW_WORKERS_LONG = "few_workers", "few_workers_long"


@dataclass(frozen=True, slots=True)
class Shortage:
    """How much was missing on the last day of a month: a share of what is needed, 0 for nothing."""

    month: Month
    share: Fraction


@dataclass(frozen=True, slots=True)
class Reduction:
    """The reduction that a month has by the facts."""

    item: str
    short_since: Month
    first: Month
    """The first month that is reduced."""
    nth: int
    """Which of the reduced months this one is, from 1 on."""


def manager_reduction(known: Sequence[Shortage], month: Month) -> Reduction | None:
    """サービス管理責任者欠如減算 of `month`; `known` are months in a row, the oldest first."""
    run = _run(known, month)
    if not run:
        return None
    first = run[0].month + 2
    return _reduction(
        run[0].month, first, month, (NO_MANAGER, NO_MANAGER_LONG), MANAGER_SHORT_MONTHS
    )


def worker_reduction(known: Sequence[Shortage], month: Month) -> Reduction | None:
    """就労定着支援員欠如減算 of `month`; a shortage that grows beyond 10 % counts from then on."""
    run = _run(known, month)
    if not run:
        return None
    grave = next((each.month for each in run if each.share > GRAVE), None)
    first = run[0].month + 2
    if grave is not None:
        first = min(first, grave + 1)
    return _reduction(
        run[0].month, first, month, (FEW_WORKERS, FEW_WORKERS_LONG), WORKER_SHORT_MONTHS
    )


def _run(known: Sequence[Shortage], month: Month) -> list[Shortage]:
    """The shortage that reaches into `month`: months in a row, up to the one before it at least."""
    found: list[Shortage] = []
    for each in known:
        if each.month >= month:
            break
        if each.share <= 0:
            found = []
        else:
            found.append(each)
    return found


def _reduction(
    since: Month, first: Month, month: Month, items: tuple[str, str], short_months: int
) -> Reduction | None:
    if month < first:
        return None
    nth = month - first + 1
    return Reduction(items[nth > short_months], since, first, nth)
