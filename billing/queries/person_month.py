"""One closed month, unfolded."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from billing.calculation import copayment
from billing.documents import name_on, why_this_amount
from billing.models import Invoice, PersonMonth
from teikyaku.reasons import Step


@dataclass(frozen=True, slots=True)
class PersonMonthDetail:
    """What the page of a closed month shows beside the frozen row."""

    name: str
    steps: tuple[Step, ...]
    why: tuple[str, ...]
    invoices: tuple[Invoice, ...]


def get_person_month(row: PersonMonth, on: date) -> PersonMonthDetail:
    """Name, arithmetic and papers of a frozen row; the sums are those that were frozen."""
    managed = None
    if row.copayment_yen != min(row.cap_yen, row.one_tenth_yen):
        managed = row.copayment_yen
    sums = copayment(row.units, row.unit_price, row.cap_yen, managed)
    invoices = Invoice.objects.filter(person_month=row).select_related("document")
    return PersonMonthDetail(
        name=name_on(row.client, on),
        steps=sums.steps,
        why=why_this_amount(row),
        invoices=tuple(invoices),
    )
