"""Estimate of the category month by month: the answer to "will I have to pay?".

Source: docs/rules.md §5: each July the tax year changes. What a month costs is computed in billing;
here stands only which cap would apply, and why.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from clients.rules.cap import income_year_for, tax_year_for
from clients.rules.category import CategoryFigures, CategoryResult, HouseholdFacts, category
from clients.rules.citing import by_practice
from teikyaku.periods import Month
from teikyaku.reasons import Reason

MONTHS_OF_A_YEAR = 12


@dataclass(frozen=True, slots=True)
class MonthCategory:
    """区分 of one month to come."""

    month: Month
    tax_year: int
    result: CategoryResult
    reason: Reason
    """Which year's income stands behind it."""


def categories_by_month(
    first_month: Month,
    facts_by_tax_year: Mapping[int, HouseholdFacts],
    figures: CategoryFigures,
    months: int = MONTHS_OF_A_YEAR,
) -> tuple[MonthCategory, ...]:
    """The category of each of `months` months from `first_month`.

    A tax year of which nothing is told is answered with what then remains possible.
    """
    results = {
        year: category(facts_by_tax_year.get(year, HouseholdFacts()), figures)
        for year in {tax_year_for(first_month + step) for step in range(months)}
    }
    return tuple(_of_month(first_month + step, results) for step in range(months))


def _of_month(month: Month, results: Mapping[int, CategoryResult]) -> MonthCategory:
    year = tax_year_for(month)
    reason = by_practice(
        5,
        "category.tax_year",
        f"{month.year}年{month.month}月の区分は{year}年度の市民税"
        f"（{income_year_for(month)}年の収入）で決まります。",
    )
    return MonthCategory(month, year, results[year], reason)
