"""From which month on an office bills here: the one answer to which months are asked for at all."""

from __future__ import annotations

from datetime import date

from django.db.models import F, Q, QuerySet

from teikyaku.accounts.models import Office, OfficeStart
from teikyaku.periods import Month
from teikyaku.prepared import prepared
from teikyaku.rehearsal import once


def first_month_here(office: Office) -> Month | None:
    """The first month that the office bills here; None where nothing was billed elsewhere (one query).

    Months before it are never shown as lost, overdue or unclosed, and are not closed here.
    """
    rows = once(("first_month_here", office.pk), lambda: _first_months.rows(office=office.pk))
    return Month.of(rows[0]) if rows and rows[0] else None


@prepared("office")
def _first_months(office: int) -> QuerySet[OfficeStart, date | None]:
    return OfficeStart.objects.filter(office=office).values_list("first_month", flat=True)


def last_month_here(office: Office, on: date) -> Month:
    """The month that is to be closed next on `on`: the one before, never one billed elsewhere (one query)."""
    last, first = Month.of(on) - 1, first_month_here(office)
    return last if first is None else max(last, first)


def is_of_before(day: date, first_day: date | None) -> bool:
    """Whether a day lies before the first month billed here: nobody is asked about it, nothing is late."""
    return first_day is not None and day < first_day


def span_here(office: Office, span: tuple[date, date]) -> tuple[date, date]:
    """The part of a span that the office is asked about: from its first month here on (one query)."""
    first = first_month_here(office)
    return span if first is None else (max(span[0], first.first_day), span[1])


def is_billed_here(day: str, office: str = "office") -> Q:
    """Whether the day in a column lies in a month that the row's office bills here."""
    first = f"{office}__start__first_month"
    return Q(**{f"{office}__start": None}) | Q(**{first: None}) | Q(**{f"{day}__gte": F(first)})


def start_of(office: Office) -> OfficeStart | None:
    """What the office said of its beginning here, if it said anything (one query)."""
    return OfficeStart.objects.filter(office=office).select_related("put_away_by__user").first()
