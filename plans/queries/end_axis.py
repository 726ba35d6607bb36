"""終わりの時間軸: how much of what ends in each of the coming twelve months."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from plans.queries.expiry_list import Tally
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


def axis_of(
    tally: Tally, labels: Mapping[str, str], on: date, url: str, whose: str = ""
) -> EndAxis:
    """The axis of what `tally` counted, from this month on; `whose` is kept in every link."""
    first = Month.of(on)
    months = tuple(Month.span(first, first + (MONTHS - 1)))
    found = Counter[tuple[str, Month]]()
    late = 0
    for (day, kind), count in tally.counts.items():
        if day < on:
            late += count
        else:
            found[kind, Month.of(day)] += count
    rows = tuple(
        AxisRow(
            label,
            tuple(
                AxisCell(found[kind, month], f"{url}?kind={kind}&month={month}{whose}")
                for month in months
            ),
        )
        for kind, label in labels.items()
    )
    return EndAxis(months, rows, late, f"{url}?late=1{whose}")
