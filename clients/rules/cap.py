"""負担上限月額 the months of a cap: which tax year it follows, and how long it runs.

Source: docs/rules.md §5 (M: July of year Y to June of Y+1 follows the municipal tax of Y, which is
the income of Y−1) and §4 (S: a cap is counted in months; a first one may start inside a month).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from clients.rules.citing import by_practice
from teikyaku.periods import Month, Period
from teikyaku.reasons import Reason

_FIRST_CALENDAR_MONTH = 7  # the tax year begins with July


@dataclass(frozen=True, slots=True, order=True)
class CapMonths:
    """適用期間 of one cap: whole months, inclusive."""

    first_month: Month
    last_month: Month

    @property
    def tax_year(self) -> int:
        """The year of the municipal tax that the cap follows."""
        return tax_year_for(self.first_month)

    def contains(self, month: Month) -> bool:
        """Whether the cap counts for `month`."""
        return self.first_month <= month <= self.last_month


def tax_year_for(month: Month) -> int:
    """年度 of the municipal tax behind the cap of `month`: 2026-06 → 2025, 2026-07 → 2026."""
    return month.year if month.month >= _FIRST_CALENDAR_MONTH else month.year - 1


def income_year_for(month: Month) -> int:
    """The calendar year of the income behind the cap of `month`: the year before the tax year."""
    return tax_year_for(month) - 1


def last_cap_month(month: Month) -> Month:
    """The June with which the tax year of `month` ends."""
    return Month(tax_year_for(month) + 1, _FIRST_CALENDAR_MONTH - 1)


def cap_months(first_day_of_decision: date, last_day_of_decision: date | None = None) -> CapMonths:
    """適用期間 of the first cap under a decision.

    It counts for the whole month in which the decision begins, also from inside it, and runs to the
    next June, or to the month of the decision's last day where that comes first.
    Raises ValueError where the decision ends before it begins.
    """
    if last_day_of_decision is not None and last_day_of_decision < first_day_of_decision:
        raise ValueError("the decision ends before it begins")
    first_month = Month.of(first_day_of_decision)
    june = last_cap_month(first_month)
    if last_day_of_decision is None:
        return CapMonths(first_month, june)
    return CapMonths(first_month, min(june, Month.of(last_day_of_decision)))


def all_cap_months(
    first_day_of_decision: date, last_day_of_decision: date
) -> tuple[CapMonths, ...]:
    """Every cap that a decision needs, without a gap: each July begins a new one."""
    spans = [cap_months(first_day_of_decision, last_day_of_decision)]
    last_month = Month.of(last_day_of_decision)
    while spans[-1].last_month < last_month:
        first_month = spans[-1].last_month + 1
        spans.append(CapMonths(first_month, min(last_cap_month(first_month), last_month)))
    return tuple(spans)


# --- The yearly review ------------------------------------------------------------------------


def review_year(on: date) -> int:
    """収入状況の見直し that is looked at on `on`: the year whose July begins the new caps.

    Until June it lies ahead; from July on it is the running one, because whoever still waits has no
    cap since July.
    """
    return on.year


def first_month_of(tax_year: int) -> Month:
    """July of a tax year: the first month of the caps that follow its tax."""
    return Month(tax_year, _FIRST_CALENDAR_MONTH)


def months_of(tax_year: int) -> CapMonths:
    """July of a tax year to June of the next: what a review is about."""
    first = first_month_of(tax_year)
    return CapMonths(first, last_cap_month(first))


def reviewed_months(tax_year: int, granted: Period) -> CapMonths | None:
    """適用期間 of the cap that a review gives: the tax year, as far as the decision reaches.

    `granted` is the period of the decision (or of several in a row). None where it ends before July
    or begins after the next June: then there is nothing to review.
    """
    year = months_of(tax_year)
    first = max(year.first_month, Month.of(granted.starts_on))
    last = year.last_month
    if granted.ends_on is not None:
        last = min(last, Month.of(granted.ends_on))
    return CapMonths(first, last) if first <= last else None


def review_reasons(tax_year: int) -> tuple[Reason, ...]:
    """Why the months are what they are, in words."""
    year = months_of(tax_year)
    return (
        by_practice(
            5,
            "cap.tax_year",
            f"{year.first_month.label}から{year.last_month.label}までの負担上限月額は、"
            f"{tax_year}年度の市民税（{tax_year - 1}年の収入）で決めます。",
        ),
        by_practice(
            5,
            "cap.inside_decision",
            "上限額の月は、支給決定期間より前にも後にも延びません。決定が途中で終わる方は、終わる月までです。",
        ),
    )
