"""請求書 that asks for the money of a person's month now, whatever stood in its place before."""

from __future__ import annotations

from datetime import date

from django.db.models import Q

from billing.models import Invoice, MonthLine

# No other paper, and no later row about a time before the move, asks in its place.
STANDING = Q(document__replaced_by=None, opening__replaced_by=None)


def asked_now(invoice: Invoice) -> Invoice:
    """The paper of the invoice's month that no other replaced (one query)."""
    found = standing_invoice(invoice.line)
    assert found is not None  # noqa: S101  (the last of a chain is replaced by nothing)
    return found


def standing_invoice(line: MonthLine) -> Invoice | None:
    """The paper of a person's month that no other replaced; None before the first (one query)."""
    enrolment, month = line
    rows = Invoice.objects.filter(STANDING, enrolment=enrolment, month=month)
    related = ("document", "person_month", "opening", "enrolment")
    found: Invoice | None = rows.select_related(*related).order_by("pk").last()
    return found


def first_issued_on(invoice: Invoice) -> date:
    """The day of the first paper of a person's month, whatever replaced it since (one query)."""
    enrolment, month = invoice.line
    rows = Invoice.objects.filter(enrolment=enrolment, month=month)
    return min(
        row.issued_on
        for row in rows.select_related("document", "opening").defer("document__content")
    )
