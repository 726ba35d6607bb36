"""区分 of a person from what is on file of the household, with the figures of the month."""

from __future__ import annotations

from django.db.models import Q

from clients.models import Client, HouseholdFact
from clients.rules.category import CategoryFigures, CategoryResult, HouseholdFacts, category
from clients.rules.kinds import Category
from teikyaku.accounts.queries.figures import figures_of
from teikyaku.periods import Month

LEVY_LIMIT = "category.levy_limit"
EXEMPT_SALARY = "category.exempt_salary"


def category_figures(month: Month) -> CategoryFigures:
    """The amounts in force in `month`, in yen (one query).

    Raises figures.NoFigure for a month before the figures begin.
    """
    caps = {kind: f"cap.{kind.value}" for kind in Category}
    found = figures_of((*caps.values(), LEVY_LIMIT, EXEMPT_SALARY), month)
    return CategoryFigures(
        caps_yen={kind: int(found[key].value) for kind, key in caps.items()},
        levy_limit_yen=int(found[LEVY_LIMIT].value),
        exempt_salary_yen=int(found[EXEMPT_SALARY].value),
    )


def household_facts(client: Client, month: Month) -> HouseholdFacts:
    """What is on file for `month` as the rule takes it; nothing on file is nothing known."""
    first = month.first_day
    begun = HouseholdFact.objects.filter(client=client, first_month__lte=first)
    row = begun.filter(Q(last_month__isnull=True) | Q(last_month__gte=first)).first()
    if row is None:
        return HouseholdFacts()
    return HouseholdFacts(
        receives_public_assistance=row.receives_public_assistance,
        is_taxed=row.is_taxed,
        gross_salary_yen=row.gross_salary_yen,
        has_spouse=row.has_spouse,
        is_spouse_taxed=row.is_spouse_taxed,
        adjusted_levy_yen=row.income_levy_yen,
        lives_in_group_home=row.lives_in_group_home,
        is_adult_in_facility=row.is_in_facility,
    )


def category_of(client: Client, month: Month) -> CategoryResult:
    """The category of a person in `month`, or those that remain and what to ask (two queries).

    docs/rules.md §5. The amount on the certificate always wins over it.
    """
    return category(household_facts(client, month), category_figures(month))
