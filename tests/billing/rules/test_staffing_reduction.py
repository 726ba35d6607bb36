"""人員欠如減算: which months, counted from the facts of staffing."""

from __future__ import annotations

from fractions import Fraction

import pytest

from billing.rules.staffing_reduction import Shortage, manager_reduction, worker_reduction
from teikyaku.periods import Month

JANUARY = Month(2026, 1)
SMALL, GRAVE = Fraction(1, 10), Fraction(11, 100)


def known(*shares: object) -> list[Shortage]:
    """From January on: what was missing on the last day of each month."""
    return [Shortage(JANUARY + n, Fraction(share)) for n, share in enumerate(shares)]  # type: ignore[arg-type]


def items(rule, facts, months=12):
    """January to December: the item of each month, "" for none."""
    found = (rule(facts, JANUARY + n) for n in range(months))
    return [each.item if each else "" for each in found]


def test_a_manager_missing_for_long():
    # Away from February on: April to July ×0.7, from August ×0.5.
    facts = known(0, *[1] * 11)
    assert items(manager_reduction, facts) == [
        "",
        "",
        "",
        *["no_manager"] * 4,
        *["no_manager_long"] * 5,
    ]


def test_a_manager_back_in_april():
    # Short at the end of February and March, there again by the end of April: April alone.
    assert items(manager_reduction, known(0, 1, 1, 0, 0), 6) == ["", "", "", "no_manager", "", ""]


def test_a_manager_back_within_a_month_costs_nothing():
    assert items(manager_reduction, known(0, 1, 0, 0), 5) == [""] * 5


@pytest.mark.parametrize(
    ("share", "expected"),
    [
        # More than 10 %: from the next month, two months ×0.7, then ×0.5.
        (GRAVE, ["", "", "few_workers", "few_workers", "few_workers_long", "few_workers_long"]),
        # Up to 10 %: from the month after next.
        (SMALL, ["", "", "", "few_workers", "few_workers", "few_workers_long"]),
    ],
)
def test_workers_by_how_many_are_missing(share, expected):
    assert items(worker_reduction, known(0, share, share, share, share, share), 6) == expected


def test_a_shortage_that_grows():
    # Small in February, grave from March on: from April either way.
    assert items(worker_reduction, known(0, SMALL, GRAVE, GRAVE), 4) == ["", "", "", "few_workers"]
    # Grave only from the third month on: the first month after next stands.
    found = worker_reduction(known(0, SMALL, SMALL, SMALL, GRAVE), Month(2026, 5))
    assert (found.first, found.nth, found.item) == (Month(2026, 4), 2, "few_workers")


def test_what_lies_ahead_goes_on_as_it_is():
    found = manager_reduction(known(0, 1), Month(2026, 9))
    assert (found.item, found.nth, found.short_since) == ("no_manager_long", 6, Month(2026, 2))
