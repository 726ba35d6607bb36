"""いまいる人だけの数: what figures over years lack where an office moved in, said once for all of them."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext as _

from clients.rules.retention import COUNTED_FISCAL_YEARS, retention_span
from clients.rules.work_record import HIRED_WITHIN_YEARS, hired_within
from teikyaku.era import fiscal_year_label
from teikyaku.periods import Month, fiscal_year, fiscal_year_period


def lacks_of_rate(first_here: Month | None, year: int) -> str:
    """Whom 就労定着率 of `year` lacks and from when it has everybody; "" where it has."""
    return lacks(first_here, retention_span(year).starts_on, COUNTED_FISCAL_YEARS)


def lacks_of_record(first_here: Month | None, year: int) -> str:
    """As `lacks_of_rate`, of 就労定着実績体制加算."""
    return lacks(first_here, hired_within(year).starts_on, HIRED_WITHIN_YEARS)


def lacks(first_here: Month | None, counted_from: date, years: int) -> str:
    """Of a figure over so many fiscal years, counted from a day on.

    Whoever ended before the office wrote here is on file only where somebody brought them along: the
    others here are those who stayed.
    """
    if first_here is None or first_here.first_day <= counted_from:
        return ""
    text = _(
        "ここでの記録は%(month)sからです。その前に利用が終わった人は、移行で「利用終了日」と一緒に入れた人しか"
        "数えていないので、実際より高く出ることがあります。%(year)sの数から、全員がそろいます。"
    )
    complete = fiscal_year_label(complete_year(first_here, years))
    return text % {"month": first_here.label, "year": complete}


def complete_year(first_here: Month, years: int) -> int:
    """The first fiscal year whose figure counts nobody of before: its years all lie after the move."""
    year = fiscal_year(first_here.first_day)
    is_whole = fiscal_year_period(year).starts_on == first_here.first_day
    return year + years + (0 if is_whole else 1)
