"""The closed months of one enrolment, newest first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from billing.models import PersonMonth
from clients.models import Enrolment

SHOWN = 12


@dataclass(frozen=True, slots=True)
class PersonMonthRow:
    """One closed month: units, total cost, copayment, benefit (yen)."""

    public_id: UUID
    month: date
    units: int
    total_cost_yen: int
    copayment_yen: int
    benefit_yen: int


def months_of(enrolment: Enrolment) -> tuple[PersonMonthRow, ...]:
    """At most a year of closed months (one query)."""
    rows = PersonMonth.objects.standing().filter(enrolment=enrolment).order_by("-month")[:SHOWN]
    return tuple(
        PersonMonthRow(
            public_id=row.public_id,
            month=row.month,
            units=row.units,
            total_cost_yen=row.total_cost_yen,
            copayment_yen=row.copayment_yen,
            benefit_yen=row.benefit_yen,
        )
        for row in rows
    )
