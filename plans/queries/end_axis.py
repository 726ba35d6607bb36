"""終わりの時間軸: how much of what ends in each of the coming twelve months."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from plans.queries.expiry_list import Tally
from teikyaku.periods import Month

MONTHS = 12


@dataclass(frozen=True, slots=True)
class AxisCell:
    """How many things of one kind end in one month, and the list of them."""

    month: Month
    count: int
    url: str

    @property
    def month_words(self) -> str:
        """The month as a column is headed: within twelve of them its number says which."""
        return _("%(n)s月") % {"n": self.month.month}

    @property
    def year_words(self) -> str:
        """The year, where a cell stands for itself."""
        return _("%(n)s年") % {"n": self.month.year}


@dataclass(frozen=True, slots=True)
class AxisRow:
    """One kind over the months."""

    label: str
    cells: tuple[AxisCell, ...]

    @property
    def is_empty(self) -> bool:
        """Whether nothing of the kind ends: it takes no line."""
        return not any(cell.count for cell in self.cells)

    @property
    def year_firsts(self) -> frozenset[Month]:
        """The months from which a later year than this one's begins, of those that hold something."""
        filled = [cell.month for cell in self.cells if cell.count]
        year, found = self.cells[0].month.year, set()
        for month in filled:
            if month.year != year:
                year = month.year
                found.add(month)
        return frozenset(found)


# The picture of an axis, in its own units: a column for each month, the highest bar, where it stands.
COLUMN, HIGHEST, GROUND = 20, 30, 42


@dataclass(frozen=True, slots=True)
class AxisBar:
    """How much of all kinds ends in a month, as a bar of the picture."""

    month: Month
    count: int
    x: int
    height: int
    """Of HIGHEST; a month that holds anything is never without a bar."""

    @property
    def y(self) -> int:
        """Its upper edge."""
        return GROUND - self.height

    @property
    def middle(self) -> int:
        """Where its words stand."""
        return self.x + COLUMN // 2

    @property
    def words_at(self) -> int:
        """The line on which its number is written."""
        return self.y - 3


@dataclass(frozen=True, slots=True)
class EndAxis:
    """Kinds by months; `late` counts what has passed unsettled."""

    months: tuple[Month, ...]
    rows: tuple[AxisRow, ...]
    late: int
    late_url: str

    @property
    def is_empty(self) -> bool:
        """Whether nothing ends in any of the months."""
        return all(row.is_empty for row in self.rows)


def bars_of(axis: EndAxis) -> tuple[AxisBar, ...]:
    """The axis as a small picture: of each month how much, the fullest one highest."""
    counts = [sum(row.cells[n].count for row in axis.rows) for n in range(len(axis.months))]
    most = max(counts, default=0) or 1
    return tuple(
        AxisBar(month, count, n * COLUMN, -(-count * HIGHEST // most))
        for n, (month, count) in enumerate(zip(axis.months, counts, strict=True))
    )


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
                AxisCell(month, found[kind, month], f"{url}?kind={kind}&month={month}{whose}")
                for month in months
            ),
        )
        for kind, label in labels.items()
    )
    return EndAxis(months, rows, late, f"{url}?late=1{whose}")
