"""How the tables of お金の統計 are put together: rows, columns, and the lists of a month."""

from __future__ import annotations

from django.urls import reverse

from billing.statistics.table import Cell
from teikyaku.periods import Month
from teikyaku.spreadsheets import Column, Kind, Value


def row(*values: Value | Cell) -> tuple[Cell, ...]:
    """A row; what is a Cell already keeps its link."""
    return tuple(value if isinstance(value, Cell) else Cell(value) for value in values)


def people_of(count: int, month: Month, key: str) -> Cell:
    """So many people of one list of the month's page; no link to an empty list."""
    return Cell(count, f"{reverse('month_page', args=[month])}?list={key}" if count else "")


def people(label: str) -> Column:
    """A column that counts."""
    return Column(label, Kind.NUMBER, 14)


def yen(label: str) -> Column:
    """A column of money."""
    return Column(label, Kind.YEN, 18)
