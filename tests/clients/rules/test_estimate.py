"""Estimate: the category of each month to come (docs/rules.md §5)."""

from clients.rules.category import CategoryFigures, HouseholdFacts
from clients.rules.estimate import categories_by_month
from clients.rules.kinds import Category
from teikyaku.periods import Month

FIGURES = CategoryFigures(
    caps_yen={
        Category.PUBLIC_ASSISTANCE: 0,
        Category.LOW_INCOME: 0,
        Category.GENERAL_1: 9_300,
        Category.GENERAL_2: 37_200,
    },
    levy_limit_yen=160_000,
    exempt_salary_yen=2_044_000,
)
ALONE = {
    "receives_public_assistance": False,
    "has_spouse": False,
    "lives_in_group_home": False,
}


def test_the_category_changes_with_july():
    facts = {
        2025: HouseholdFacts(**ALONE, gross_salary_yen=0),
        2026: HouseholdFacts(**ALONE, is_taxed=True, adjusted_levy_yen=80_000),
    }

    rows = categories_by_month(Month(2026, 5), facts, FIGURES)

    assert [row.month for row in rows] == list(Month.span(Month(2026, 5), Month(2027, 4)))
    assert [row.result.cap_yen for row in rows] == [0, 0] + [9_300] * 10
    assert "2024年の収入" in rows[1].reason.text
    assert "2025年の収入" in rows[2].reason.text


def test_a_year_of_which_nothing_is_told_stays_open():
    rows = categories_by_month(
        Month(2026, 6), {2025: HouseholdFacts(**ALONE, gross_salary_yen=0)}, FIGURES, months=2
    )

    assert rows[0].result.category is Category.LOW_INCOME
    assert rows[1].result.category is None
    assert rows[1].result.questions
