"""One closed month, unfolded, with its papers and payments."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from billing.calculation import copayment
from billing.documents import name_on, why_this_amount
from billing.models import Invoice, Payment, PersonMonth
from billing.queries.payments import is_standing, payments_of
from billing.rules.payment import Balance
from teikyaku.reasons import Step


@dataclass(frozen=True, slots=True)
class PersonMonthDetail:
    """What the page of a closed month shows beside the frozen row."""

    name: str
    steps: tuple[Step, ...]
    why: tuple[str, ...]
    invoice: Invoice | None
    """The one that stands: not replaced by another."""
    balance: Balance | None
    payments: tuple[Payment, ...]
    """All of them, taken back ones too, oldest first."""


def get_person_month(row: PersonMonth, on: date) -> PersonMonthDetail:
    """Name, arithmetic and papers of a frozen row; the sums are those that were frozen."""
    managed = None
    if row.copayment_yen != min(row.cap_yen, row.one_tenth_yen):
        managed = row.copayment_yen
    sums = copayment(row.units, row.unit_price, row.cap_yen, managed)
    invoices = Invoice.objects.filter(person_month=row, document__replaced_by=None)
    invoice = invoices.select_related("document").first()
    payments = payments_of([row.pk])[row.pk]
    paid = sum(payment.amount_yen for payment in payments if is_standing(payment))
    return PersonMonthDetail(
        name=name_on(row.client, on),
        steps=sums.steps,
        why=why_this_amount(row),
        invoice=invoice,
        balance=Balance(invoice.amount_yen, paid) if invoice else None,
        payments=tuple(payments),
    )
