"""終わりの時間軸: how much of what ends in each of the coming twelve months."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date

from django.urls import reverse

from plans.queries.expiry import Expiries, expiry_labels
from teikyaku.accounts.models import Membership, Office
from teikyaku.periods import Month

MONTHS = 12


@dataclass(frozen=True, slots=True)
class AxisCell:
    """How many things of one kind end in one month, and the list of them."""

    count: int
    url: str


@dataclass(frozen=True, slots=True)
class AxisRow:
    """One kind over the months."""

    label: str
    cells: tuple[AxisCell, ...]


@dataclass(frozen=True, slots=True)
class EndAxis:
    """Kinds by months; `late` counts what has passed unsettled."""

    months: tuple[Month, ...]
    rows: tuple[AxisRow, ...]
    late: int
    late_url: str

    @property
    def by_month(self) -> list[tuple[Month, list[tuple[str, AxisCell]]]]:
        """The months with something in them, for a narrow screen."""
        found = [
            (month, [(row.label, row.cells[n]) for row in self.rows if row.cells[n].count])
            for n, month in enumerate(self.months)
        ]
        return [(month, cells) for month, cells in found if cells]


def end_axis(office: Office, on: date, staff: Membership | None = None) -> EndAxis:
    """Everything that ends at the office from this month on (one query for each kind).

    Only of the people in charge of `staff`, where given; the links keep to that.
    """
    first = Month.of(on)
    months = tuple(Month.span(first, first + (MONTHS - 1)))
    found = Counter[tuple[str, Month]]()
    late = 0
    user_id = staff.user_id if staff else None
    for day, kind in Expiries(office, on, MONTHS, user_id=user_id).days():
        if day < on:
            late += 1
        else:
            found[kind, Month.of(day)] += 1
    url = reverse("expiry")
    whose = f"&staff={staff.public_id}" if staff else ""
    rows = tuple(
        AxisRow(
            label,
            tuple(
                AxisCell(found[kind, month], f"{url}?kind={kind}&month={month}{whose}")
                for month in months
            ),
        )
        for kind, label in expiry_labels().items()
    )
    return EndAxis(months, rows, late, f"{url}?late=1{whose}")
