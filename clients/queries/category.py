"""区分 of a person from what is on file of the household, with the figures of the month."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet

from clients.models import Client, HouseholdFact
from clients.rules.cap import tax_year_for
from clients.rules.category import (
    CategoryFigures,
    CategoryResult,
    HouseholdFacts,
    category,
    category_carried_over,
    is_adult_in_facility,
)
from clients.rules.kinds import Category
from teikyaku.accounts.queries.figures import figures_of
from teikyaku.clock import date_of
from teikyaku.periods import Month
from teikyaku.prepared import prepared

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


def _counts_in(month: Month) -> Q:
    first = month.first_day
    return Q(first_month__lte=first) & (Q(last_month__isnull=True) | Q(last_month__gte=first))


def _facts(row: HouseholdFact | None, month: Month) -> HouseholdFacts:
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
        is_adult_in_facility=is_adult_in_facility(row.is_in_facility, row.client.birth_date, month),
    )


def category_of(client: Client, month: Month) -> CategoryResult:
    """The category of a person in `month`, or those that remain and what to ask (two queries).

    The same answer as `categories_of` gives for many: a household of an earlier tax year decides
    nothing. docs/rules.md §5. The amount on the certificate always wins over it.
    """
    return categories_of([client.pk], month)[client.pk].result


@dataclass(frozen=True, slots=True)
class HouseholdOnFile:
    """世帯の記録 of one person for a month, and what follows from it."""

    result: CategoryResult
    facts: HouseholdFacts
    asked_on: date | None
    """When it was written down; None where nothing is on file for the month."""
    since: date | None
    """The first day of the month from which it was stated."""
    is_of_tax_year: bool
    """Whether it was stated for the tax year of the month; else it was carried over from before."""


def categories_of(clients: Iterable[int], month: Month) -> dict[int, HouseholdOnFile]:
    """What the household on file leads to in `month`, for people by key (two queries)."""
    people = list(clients)
    figures = category_figures(month)
    rows = {row.client_id: row for row in _facts_in.rows(clients=people, month=month)}
    return {key: _on_file(rows.get(key), figures, month) for key in people}


@prepared("clients")
def _facts_in(clients: list[int], month: Month) -> QuerySet[HouseholdFact]:
    found = HouseholdFact.objects.filter(_counts_in(month), client__in=clients)
    return found.select_related("client")


def _on_file(
    row: HouseholdFact | None, figures: CategoryFigures, month: Month
) -> HouseholdOnFile:  # fmt: skip
    facts = _facts(row, month)
    since, tax_year = Month.of(row.first_month) if row else None, tax_year_for(month)
    is_carried = since is not None and tax_year_for(since) < tax_year
    result = (
        category_carried_over(since, tax_year, figures)
        if since is not None and is_carried
        else category(facts, figures)
    )
    return HouseholdOnFile(
        result=result,
        facts=facts,
        asked_on=date_of(row.recorded_at) if row else None,
        since=row.first_month if row else None,
        is_of_tax_year=row is not None and not is_carried,
    )
