"""By when a month's report goes to the person, as the operator has set it."""

from __future__ import annotations

from datetime import date

from plans.rules.report_day import FIGURE, report_due_on
from teikyaku.accounts.queries.figures import figure
from teikyaku.figures import first_month_of
from teikyaku.periods import Month


def report_day(month: Month) -> date | None:
    """The last day for the report of `month`; None where nobody has set one (one query)."""
    if month < first_month_of(FIGURE):
        return None
    return report_due_on(month, int(figure(FIGURE, month).value))
