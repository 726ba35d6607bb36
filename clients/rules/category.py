"""利用者負担の区分 the copayment category, from what is known of the household.

Source: docs/rules.md §5, 新潟市「就労定着支援について」 (G) and the decree behind it (S). The amounts are
figures with dates, handed in. What cannot be known is said, and never guessed: above all the
所得割 that counts in a designated city (政令市) is not the one printed on the tax notice.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from clients.rules import category_words as words
from clients.rules.kinds import Category
from teikyaku.periods import Month
from teikyaku.reasons import Reason

_ADULT_AGE = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class CategoryFigures:
    """The amounts in force, in yen."""

    caps_yen: Mapping[Category, int]
    """負担上限月額 of each category."""
    levy_limit_yen: int
    """所得割: below it 一般1, from it on 一般2."""
    exempt_salary_yen: int
    """給与収入 (gross) of the year before: below it a person with a disability is exempt."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HouseholdFacts:
    """世帯: the person and the spouse, in one tax year. None: not known."""

    receives_public_assistance: bool | None = None
    is_taxed: bool | None = None
    """Whether the person pays municipal tax (市民税) in this tax year."""
    gross_salary_yen: int | None = None
    """給与収入 of the year before, asked only where `is_taxed` is not known."""
    has_spouse: bool | None = None
    is_spouse_taxed: bool | None = None
    """Asked, never computed."""
    adjusted_levy_yen: int | None = None
    """所得割 of the household as the officer adjusted it; never the printed one."""
    lives_in_group_home: bool | None = None
    is_adult_in_facility: bool | None = False
    """施設入所 at the age of 20 or more."""

    @property
    def lives_in_special_home(self) -> bool | None:
        """Whether either kind of home applies, which puts a taxed person into 一般2."""
        return _either(self.lives_in_group_home, self.is_adult_in_facility)

    @property
    def spouse_tax(self) -> bool | None:
        """Whether a spouse pays the tax; False without one."""
        return False if self.has_spouse is False else self.is_spouse_taxed


@dataclass(frozen=True, slots=True)
class CategoryResult:
    """区分 with why; where it is not clear, the categories that remain and what to ask."""

    category: Category | None
    cap_yen: int | None
    """負担上限月額; None where it is not known. 0 is an amount."""
    candidates: tuple[Category, ...]
    """All categories that the facts leave possible, the lowest cap first; one where it is clear."""
    reasons: tuple[Reason, ...]
    questions: tuple[str, ...]

    @property
    def is_clear(self) -> bool:
        """Whether one category is left."""
        return self.category is not None

    @property
    def doubts(self) -> tuple[Reason, ...]:
        """What was told and cannot all be true at once, or was told for an earlier year's tax."""
        told = (words.CONTRADICTION, words.CARRIED_OVER)
        return tuple(each for each in self.reasons if each.code in told)

    @property
    def names(self) -> str:
        """The categories that are left, in words."""
        return "・".join(kind.label for kind in self.candidates)


@dataclass(frozen=True, slots=True)
class _Finding:
    candidates: tuple[Category, ...]
    reasons: tuple[Reason, ...]
    questions: tuple[str, ...] = ()


def category(facts: HouseholdFacts, figures: CategoryFigures) -> CategoryResult:
    """The category that the facts lead to. The amount on the certificate always wins over it."""
    finding = _find(facts, figures)
    clear = finding.candidates[0] if len(finding.candidates) == 1 else None
    return CategoryResult(
        category=clear,
        cap_yen=None if clear is None else figures.caps_yen[clear],
        candidates=finding.candidates,
        reasons=(*finding.reasons, *_contradictions(facts, figures), words.certificate_wins()),
        questions=finding.questions,
    )


def category_carried_over(since: Month, tax_year: int, figures: CategoryFigures) -> CategoryResult:
    """What a household that was stated for an earlier tax year says of `tax_year`: nothing yet.

    A cap follows the tax of its own year (docs/rules.md §5 M), so every category stays possible until
    the household of that year is stated. `since`: the month from which the old one was.
    """
    result = category(HouseholdFacts(), figures)
    return replace(result, reasons=(words.carried_over(since, tax_year), *result.reasons))


def is_adult_in_facility(
    is_in_facility: bool | None, birth_date: date, month: Month
) -> bool | None:
    """施設入所 at the age of 20 or more in `month` (docs/rules.md §5 S); None where it is not known.

    Who turns 20 inside a month counts from the next one: which of the two it is, is not settled.
    """
    twenty_years_ago = month.first_day.replace(year=month.year - _ADULT_AGE)
    return is_in_facility if birth_date <= twenty_years_ago else False


def _contradictions(facts: HouseholdFacts, figures: CategoryFigures) -> tuple[Reason, ...]:
    """Facts that do not go together: told, and left to whoever can check them.

    None is an error of a field: assistance may begin in a year whose tax was set before it.
    """
    levy, salary = facts.adjusted_levy_yen, facts.gross_salary_yen
    found = []
    if facts.has_spouse is False and facts.is_spouse_taxed:
        found.append(words.taxed_spouse_of_nobody())
    if facts.receives_public_assistance:
        is_paying = facts.is_taxed or facts.spouse_tax or levy
        return (*found, *((words.assistance_and_tax(),) if is_paying else ()))
    if facts.is_taxed is False and facts.spouse_tax is False and levy:
        found.append(words.exempt_with_levy(levy))
    limit = figures.exempt_salary_yen
    if facts.is_taxed is not None and salary is not None and facts.is_taxed is (salary < limit):
        found.append(words.tax_against_salary(facts.is_taxed, salary, limit))
    return tuple(found)


def _find(facts: HouseholdFacts, figures: CategoryFigures) -> _Finding:
    if facts.receives_public_assistance:
        return _Finding((Category.PUBLIC_ASSISTANCE,), (words.public_assistance(),))
    is_taxed, why = _is_household_taxed(facts, figures)
    questions = _open_questions(facts, is_taxed)
    if is_taxed is None:
        taxed = _taxed(facts, figures)
        candidates = (Category.LOW_INCOME, *taxed.candidates)
        reasons = (words.tax_unknown(), *why)
        return _Finding(_with_assistance(facts, candidates), reasons, questions)
    if not is_taxed:
        return _Finding(_with_assistance(facts, (Category.LOW_INCOME,)), why, questions)
    found = _taxed(facts, figures)
    candidates = _with_assistance(facts, found.candidates)
    return _Finding(candidates, (*why, *found.reasons), questions)


def _with_assistance(
    facts: HouseholdFacts, candidates: tuple[Category, ...]
) -> tuple[Category, ...]:
    """Public assistance stays possible until somebody has said no."""
    if facts.receives_public_assistance is None:
        return (Category.PUBLIC_ASSISTANCE, *candidates)
    return candidates


def _is_household_taxed(
    facts: HouseholdFacts, figures: CategoryFigures
) -> tuple[bool | None, tuple[Reason, ...]]:
    """Whether person or spouse pays the tax: one taxed is enough, both must be known for a no."""
    is_taxed, why = _is_person_taxed(facts, figures)
    if is_taxed:
        return True, why
    if facts.spouse_tax:
        return True, (*why, words.spouse_taxed())
    if is_taxed is None or facts.spouse_tax is None:
        return None, why
    return False, (*why, words.exempt_household())


def _is_person_taxed(
    facts: HouseholdFacts, figures: CategoryFigures
) -> tuple[bool | None, tuple[Reason, ...]]:
    if facts.is_taxed is not None:
        return facts.is_taxed, (words.person_taxed(facts.is_taxed),)
    if facts.gross_salary_yen is None:
        return None, ()
    is_below = facts.gross_salary_yen < figures.exempt_salary_yen
    why = words.by_salary(facts.gross_salary_yen, figures.exempt_salary_yen)
    return not is_below, (why,)


def _taxed(facts: HouseholdFacts, figures: CategoryFigures) -> _Finding:
    """Among the taxed: the home is asked before the amount."""
    if facts.lives_in_special_home:
        return _Finding((Category.GENERAL_2,), (words.special_home(),))
    if facts.adjusted_levy_yen is None:
        both = (Category.GENERAL_1, Category.GENERAL_2)
        return _Finding(both, (words.levy_unknown(figures.levy_limit_yen),))
    is_below = facts.adjusted_levy_yen < figures.levy_limit_yen
    why = words.by_levy(facts.adjusted_levy_yen, figures.levy_limit_yen)
    if not is_below:
        return _Finding((Category.GENERAL_2,), (why,))
    if facts.lives_in_special_home is None:
        return _Finding((Category.GENERAL_1, Category.GENERAL_2), (why, words.home_unknown()))
    return _Finding((Category.GENERAL_1,), (why,))


def _open_questions(facts: HouseholdFacts, is_taxed: bool | None) -> tuple[str, ...]:
    asked = {
        words.ASK_ASSISTANCE: facts.receives_public_assistance is None,
        words.ASK_TAX: facts.is_taxed is None and facts.gross_salary_yen is None,
        words.ASK_SPOUSE: is_taxed is None and facts.spouse_tax is None,
        words.ASK_HOME: is_taxed is not False and facts.lives_in_special_home is None,
        words.ASK_LEVY: is_taxed is not False
        and facts.adjusted_levy_yen is None
        and not facts.lives_in_special_home,
    }
    return tuple(question for question, is_open in asked.items() if is_open)


def _either(one: bool | None, other: bool | None) -> bool | None:
    if one or other:
        return True
    return None if one is None or other is None else False
