"""By when a month's report goes to the person, as the operator has set it: the one answer to it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from plans.rules.report_day import FIGURE, report_due_on
from teikyaku.accounts.queries.figures import overrides, picked
from teikyaku.figures import Figure, first_month_of
from teikyaku.periods import Month


def report_figure(month: Month, corrected: Iterable[Figure]) -> Figure | None:
    """The day of the following month for the report of `month`; None before the figure begins.

    `corrected` as `overrides` hands them out (no query).
    """
    return picked(FIGURE, month, corrected) if month >= first_month_of(FIGURE) else None


def report_dues(
    first: Month, last: Month, corrected: Iterable[Figure]
) -> Mapping[Month, date | None]:
    """The last day for the reports of each month; None where nobody has set one (no query)."""
    known = tuple(corrected)
    figures = {month: report_figure(month, known) for month in Month.span(first, last)}
    return {
        month: report_due_on(month, int(found.value)) if found else None
        for month, found in figures.items()
    }


def report_day(month: Month) -> date | None:
    """The same of one month (one query)."""
    return report_dues(month, month, overrides(FIGURE))[month]
