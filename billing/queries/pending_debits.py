"""口座振替 that waits for its result: of which months, and from which day."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date
from typing import Any

from django.db.models import QuerySet

from billing.models import DebitEntry, Invoice, MonthLine
from teikyaku.prepared import prepared


def pending() -> QuerySet[Any]:
    """Debits whose result is not known yet, of files that were not withdrawn."""
    return DebitEntry.objects.filter(result=None, file__withdrawal=None)


def pending_days(invoices: Iterable[Invoice]) -> dict[MonthLine, date]:
    """By the line of the person's month, the day of the debit that waits for its result (one query).

    Whichever paper of the month is in the file.
    """
    lines = {row.line for row in invoices}
    rows = _debited.rows(
        enrolments={enrolment for enrolment, _month in lines},
        months=tuple(sorted({month for _enrolment, month in lines})),
    )
    return {(who, month): on for who, month, on in rows if (who, month) in lines}


@prepared("enrolments")
def _debited(enrolments: Collection[int], months: tuple[date, ...]) -> QuerySet[Any, Any]:
    rows = pending().filter(invoice__enrolment__in=enrolments, invoice__month__in=months)
    keys = ("invoice__enrolment", "invoice__month", "file__debit_on")
    return rows.order_by("file__debit_on").values_list(*keys)
