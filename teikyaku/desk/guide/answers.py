"""The answers: the same rules as on the pages of the staff, with facts that nobody keeps."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any

from billing.queries.fee_tables import fee_tables
from billing.rules.cost_estimate import Span, tenth, to_pay, total
from billing.tariffs import FeeTables, NoTariff, Tariff
from clients.queries.category import category_figures
from clients.rules import category_words
from clients.rules.cap import tax_year_for
from clients.rules.category import HouseholdFacts
from clients.rules.centres import ASK_HOME_TOWN, ASK_WORKPLACE
from clients.rules.estimate import MonthCategory, categories_by_month
from clients.rules.facts import EmploymentFact, ServiceUse
from clients.rules.kinds import EmploymentKind, ServiceKind
from clients.rules.screening import ScreeningFacts, ScreeningResult, screen
from teikyaku.accounts.queries.figures import figure
from teikyaku.periods import Month
from teikyaku.reasons import Reason

APPLY_DAYS = "window.apply_days_before"
# Which fields answer which question: by its code, or by its text where a code has several.
USE_FIELDS: dict[str, tuple[str, ...]] = {
    "employed_on": ("employed_on",),
    "services_used": ("services",),
    "service_dates": ("service_until",),
    "service_between_jobs": ("is_service_between_jobs",),
    "support_during_employment": ("is_support_during", "service_from"),
    "support_ended_on": ("support_ended_on",),
    "job_change": ("next_on",),
    "has_difficulties": ("has_difficulties",),
    ASK_HOME_TOWN: ("lives_in",),
    ASK_WORKPLACE: ("works_in_niigata", "wants_to_work_in_niigata"),
}
# The same for the household: of this tax year, and of the next.
COST_FIELDS: dict[str, tuple[str, ...]] = {
    category_words.ASK_ASSISTANCE: ("receives_public_assistance",),
    category_words.ASK_TAX: ("is_taxed",),
    category_words.ASK_SPOUSE: ("has_spouse", "is_spouse_taxed"),
    category_words.ASK_HOME: ("lives_in_group_home",),
    category_words.ASK_LEVY: ("adjusted_levy_yen",),
}
NEXT_YEAR_FIELDS = {
    **COST_FIELDS,
    category_words.ASK_TAX: ("next_salary_yen",),
    category_words.ASK_LEVY: (),
}


def use_answer(told: Mapping[str, Any], on: date) -> ScreeningResult:
    """Can the service be used, and from when? `told` are cleaned answers of `UseForm`."""
    facts = ScreeningFacts(
        services_used=_uses(told),
        is_service_between_jobs=told["is_service_between_jobs"],
        employments=_jobs(told),
        has_difficulties=told["has_difficulties"],
        lives_in=told["lives_in"],
        works_in_niigata=told["works_in_niigata"],
        wants_to_work_in_niigata=told["wants_to_work_in_niigata"],
        uses_support_during_employment=told["is_support_during"],
        support_during_employment_ended_on=told["support_ended_on"],
    )
    return screen(facts, on, int(figure(APPLY_DAYS, Month.of(on)).value))


def _uses(told: Mapping[str, Any]) -> list[ServiceUse] | None:
    """The services; the dates are those of the last one, and none ended after it."""
    if told["services"] is None:
        return None
    is_during = False if told["is_support_during"] is False else None
    dates = (told["service_from"], told["service_until"])
    return [ServiceUse(ServiceKind(each), *dates, is_during) for each in told["services"]]


def _jobs(told: Mapping[str, Any]) -> tuple[EmploymentFact, ...]:
    kind = EmploymentKind.CONTINUED_A if told["is_continued_a"] else EmploymentKind.ORDINARY
    ordinary = EmploymentKind.ORDINARY
    before = (told["before_on"], told["before_ended_on"], ordinary)
    present = (told["employed_on"], told["ended_on"], kind)
    jobs = (
        (*before, told["is_before_left_to_improve"]),
        (*present, told["is_left_to_improve"]),
        (told["next_on"], None, ordinary, None),
    )
    return tuple(EmploymentFact(*job) for job in jobs if job[0])


def use_questions(result: ScreeningResult, told: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    """Each open question with the fields of `UseForm` that can answer it."""
    leavings = (("before_on", "is_before_left_to_improve"), ("ended_on", "is_left_to_improve"))
    fields = {
        **USE_FIELDS,
        "job_change_purpose": tuple(why for left, why in leavings if told[left]),
    }
    return {
        each.text: fields.get(each.text, fields.get(each.code, ())) for each in result.questions
    }


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
class EqualMonths:
    """Months in a row in which the same is paid for the same reason."""

    first: MonthCost
    last: MonthCost

    @property
    def count(self) -> int:
        """How many months."""
        return self.last.month - self.first.month + 1


@dataclass(frozen=True, slots=True)
class YearCost:
    """Twelve months with why, and what the whole year may come to."""

    months: tuple[MonthCost, ...]
    years: tuple[tuple[Reason, tuple[Reason, ...]], ...]
    """Which year's tax and income stand behind its months, and what that leads to."""
    questions: Mapping[str, tuple[str, ...]]
    """What is open, with the fields of `CostForm` that can answer it."""
    table: str
    """The fee table that the months were computed with."""
    is_table_old: bool
    """Whether the table of some month is not confirmed yet, so that the last one known was taken."""

    @property
    def rows(self) -> tuple[EqualMonths, ...]:
        """The year on as few lines as it takes."""
        found = [
            list(equal)
            for _what, equal in groupby(
                self.months, lambda each: (each.categories, each.caps_yen, each.pay)
            )
        ]
        return tuple(EqualMonths(equal[0], equal[-1]) for equal in found)

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
        return total([month.pay for month in self.months])


def cost_answer(told: Mapping[str, Any], on: date) -> YearCost:
    """What twelve months would cost. `told` are cleaned answers of `CostForm` (three queries)."""
    first, figures = Month.of(on), category_figures(Month.of(on))
    rows = categories_by_month(first, _households(told, tax_year_for(first)), figures)
    known = fee_tables()
    tables = [_table(row.month, known) for row in rows]
    months = tuple(
        _month_cost(row, table, figures.caps_yen)
        for row, (table, _is_old) in zip(rows, tables, strict=True)
    )
    return YearCost(
        months=months,
        years=tuple((row.reason, _why(row)) for row in _first_of_each_year(rows)),
        questions=_cost_questions(_first_of_each_year(rows)),
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
            is_taxed=told["is_taxed"],
            gross_salary_yen=told["last_salary_yen"],
            adjusted_levy_yen=told["adjusted_levy_yen"],
            **shared,
        ),
        tax_year + 1: HouseholdFacts(gross_salary_yen=told.get("next_salary_yen"), **shared),
    }


def _table(month: Month, known: FeeTables) -> tuple[Tariff, bool]:
    """The month's fee table, or the last one known and that it is not the month's own."""
    try:
        return known.of(month), False
    except NoTariff:
        return known.last, True


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


def _cost_questions(years: Sequence[MonthCategory]) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for row, fields in zip(years, (COST_FIELDS, NEXT_YEAR_FIELDS), strict=False):
        for text in row.result.questions:
            found[text] = (*found.get(text, ()), *fields[text])
    return found


def _why(row: MonthCategory) -> tuple[Reason, ...]:
    """Without the sentence that stands under every estimate: the page says it once."""
    return tuple(each for each in row.result.reasons if each.code != "category.certificate_wins")
