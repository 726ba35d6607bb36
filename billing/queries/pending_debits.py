"""口座振替 that waits for its result: of which months, and from which day."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import QuerySet

from billing.models import DebitEntry, Invoice, MonthLine


def pending() -> QuerySet[Any]:
    """Debits whose result is not known yet, of files that were not withdrawn."""
    return DebitEntry.objects.filter(result=None, file__withdrawal=None)


def pending_days(invoices: Iterable[Invoice]) -> dict[MonthLine, date]:
    """By the line of the person's month, the day of the debit that waits for its result (one query).

    Whichever paper of the month is in the file.
    """
    lines = {row.line for row in invoices}
    keys = ("invoice__enrolment", "invoice__month", "file__debit_on")
    rows = pending().filter(
        invoice__enrolment__in={enrolment for enrolment, _month in lines},
        invoice__month__in={month for _enrolment, month in lines},
    )
    return {
        (who, month): on
        for who, month, on in rows.order_by("file__debit_on").values_list(*keys)
        if (who, month) in lines
    }
