"""From which month on an office claims here: the one answer to whose 給付費 is awaited and booked."""

from __future__ import annotations

from datetime import date

from django.db.models import F, Q

from teikyaku.accounts.models import Office
from teikyaku.accounts.queries.office_start import is_billed_here
from teikyaku.periods import Month

_SETTING, _START = "claim_setting__first_month", "start__first_month"


def first_claimed_month(office: Office) -> Month | None:
    """The first service month that is claimed with this software; None: every one is (one query).

    Told with the claim files, or by the first month that the office bills here; the later one holds.
    """
    told = Office.objects.filter(pk=office.pk).values_list(_SETTING, _START).first() or ()
    return later_of(*told)


def later_of(*told: date | None) -> Month | None:
    """Of what was told in the two places, the month that holds."""
    days = [day for day in told if day is not None]
    return Month.of(max(days)) if days else None


def is_claimed_here(month: str, office: str) -> Q:
    """The same as a condition: `month` is a column of first days, `office` the way to the office."""
    first = f"{office}__{_SETTING}"
    is_told = Q(**{f"{office}__claim_setting": None}) | Q(**{first: None})
    return (is_told | Q(**{f"{month}__gte": F(first)})) & is_billed_here(month, office)
