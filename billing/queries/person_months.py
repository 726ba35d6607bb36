"""The closed months of one enrolment, newest first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from billing.models import PersonMonth
from clients.models import Enrolment
from teikyaku.prepared import prepared

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
    return tuple(PersonMonthRow(*row) for row in _months.rows(enrolment=enrolment.pk))


@prepared("enrolment")
def _months(enrolment: int) -> QuerySet[Any, Any]:
    rows = PersonMonth.objects.standing().filter(enrolment=enrolment).order_by("-month")
    return rows.values_list(
        "public_id", "month", "units", "total_cost_yen", "copayment_yen", "benefit_yen"
    )[:SHOWN]
