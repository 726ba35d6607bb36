"""The answers: the same rules as on the pages of the staff, with facts that nobody keeps."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from billing.queries.office_month import confirmations
from billing.rules.cost_estimate import Span, tenth, to_pay
from billing.tariffs import NoTariff, Tariff, packaged, tariff_for
from clients.queries.category import category_figures
from clients.rules.cap import tax_year_for
from clients.rules.category import HouseholdFacts
from clients.rules.estimate import MonthCategory, categories_by_month
from clients.rules.facts import EmploymentFact
from clients.rules.kinds import EmploymentKind, ServiceKind
from clients.rules.screening import ScreeningFacts, ScreeningResult, screen
from teikyaku.accounts.queries.figures import figure
from teikyaku.periods import Month
from teikyaku.reasons import Reason

APPLY_DAYS = "window.apply_days_before"


def use_answer(told: Mapping[str, Any], on: date) -> ScreeningResult:
    """Can the service be used, and from when? `told` are cleaned answers of `UseForm`."""
    services = told["services"]
    facts = ScreeningFacts(
        services_used=None if services is None else [ServiceKind(each) for each in services],
        is_service_between_jobs=told["is_service_between_jobs"],
        employments=_jobs(told),
        has_difficulties=told["has_difficulties"],
        lives_in=told["lives_in"],
        works_in_niigata=told["works_in_niigata"],
    )
    return screen(facts, on, int(figure(APPLY_DAYS, Month.of(on)).value))


def _jobs(told: Mapping[str, Any]) -> tuple[EmploymentFact, ...]:
    kind = EmploymentKind.CONTINUED_A if told["is_continued_a"] else EmploymentKind.ORDINARY
    before = (told["before_on"], told["before_ended_on"], EmploymentKind.ORDINARY)
    jobs = (before, (told["employed_on"], told["ended_on"], kind))
    return tuple(EmploymentFact(*job) for job in jobs if job[0])


@dataclass(frozen=True, slots=True)
class MonthCost:
    """One month of the year to come: the category, its cap, and what is really paid. Yen."""

    month: Month
    categories: tuple[str, ...]
    """One, or all that the answers leave possible."""
    caps_yen: tuple[int, ...]
    pay: Span
    why: Reason

    @property
    def is_free(self) -> bool:
        """Whether nothing is paid, whichever office it is."""
        return self.pay.most_yen == 0


@dataclass(frozen=True, slots=True)
class YearCost:
    """Twelve months with why, and what the whole year may come to."""

    months: tuple[MonthCost, ...]
    years: tuple[tuple[Reason, tuple[Reason, ...]], ...]
    """Which year's tax and income stand behind its months, and what that leads to."""
    questions: tuple[str, ...]
    table: str
    """The fee table that the months were computed with."""
    is_table_old: bool
    """Whether the table of some month is not confirmed yet, so that the last one known was taken."""

    @property
    def free_months(self) -> int:
        """Months without anything to pay."""
        return sum(month.is_free for month in self.months)

    @property
    def most_in_a_month_yen(self) -> int:
        """The dearest month at an office with every addition."""
        return max(month.pay.most_yen for month in self.months)

    @property
    def year(self) -> Span:
        """All twelve months together."""
        pays = [month.pay for month in self.months]
        return Span(
            sum(pay.low_yen for pay in pays),
            sum(pay.high_yen for pay in pays),
            sum(pay.most_yen for pay in pays),
        )


def cost_answer(told: Mapping[str, Any], on: date) -> YearCost:
    """What twelve months would cost. `told` are cleaned answers of `CostForm` (two queries)."""
    first, figures = Month.of(on), category_figures(Month.of(on))
    rows = categories_by_month(first, _households(told, tax_year_for(first)), figures)
    confirmed = confirmations()
    tables = [_table(row.month, confirmed) for row in rows]
    months = tuple(
        _month_cost(row, table, figures.caps_yen)
        for row, (table, _is_old) in zip(rows, tables, strict=True)
    )
    return YearCost(
        months=months,
        years=tuple((row.reason, _why(row)) for row in _first_of_each_year(rows)),
        questions=tuple(
            dict.fromkeys(question for row in rows for question in row.result.questions)
        ),
        table=tables[-1][0].title,
        is_table_old=any(is_old for _table, is_old in tables),
    )


def _households(told: Mapping[str, Any], tax_year: int) -> dict[int, HouseholdFacts]:
    """This tax year as told, the next by the salary of this year."""
    shared = {
        name: told[name]
        for name in (
            "receives_public_assistance", "has_spouse", "is_spouse_taxed", "lives_in_group_home"
        )
    }  # fmt: skip
    return {
        tax_year: HouseholdFacts(
            is_taxed=told["is_taxed"], gross_salary_yen=told["last_salary_yen"], **shared
        ),
        tax_year + 1: HouseholdFacts(gross_salary_yen=told["next_salary_yen"], **shared),
    }


def _table(month: Month, confirmed: Any) -> tuple[Tariff, bool]:
    """The month's fee table, or the last one known and that it is not the month's own."""
    try:
        return tariff_for(month, confirmations=confirmed), False
    except NoTariff:
        return max(packaged(), key=lambda table: table.last_month), True


def _month_cost(row: MonthCategory, table: Tariff, caps_yen: Mapping[Any, int]) -> MonthCost:
    found = row.result.candidates
    return MonthCost(
        month=row.month,
        categories=tuple(each.label for each in found),
        caps_yen=tuple(sorted({caps_yen[each] for each in found})),
        pay=to_pay(found, caps_yen, tenth(table, row.month)),
        why=row.reason,
    )


def _first_of_each_year(rows: Sequence[MonthCategory]) -> list[MonthCategory]:
    firsts: dict[int, MonthCategory] = {}
    for row in rows:
        firsts.setdefault(row.tax_year, row)
    return list(firsts.values())


def _why(row: MonthCategory) -> tuple[Reason, ...]:
    """Without the sentence that stands under every estimate: the page says it once."""
    return tuple(each for each in row.result.reasons if each.code != "category.certificate_wins")
