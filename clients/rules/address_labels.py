"""宛名ラベル: how the labels of a sheet lie on A4, and which of them a print fills.

Sizes in mm, those of common sheets of labels. Margins differ a little by maker and printer, so that
they are asked for; a sheet lies in the middle of the paper unless said otherwise.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

PAPER_WIDTH_MM, PAPER_HEIGHT_MM = Decimal(210), Decimal(297)


@dataclass(frozen=True, slots=True)
class Sheet:
    """One kind of label sheet: columns × rows of labels of one size (mm)."""

    columns: int
    rows: int
    width_mm: Decimal
    height_mm: Decimal

    @property
    def count(self) -> int:
        """Labels on one sheet."""
        return self.columns * self.rows

    @property
    def top_mm(self) -> Decimal:
        """The margin above where the labels lie in the middle and touch one another."""
        return (PAPER_HEIGHT_MM - self.rows * self.height_mm) / 2

    @property
    def left_mm(self) -> Decimal:
        """The margin at the left, likewise."""
        return (PAPER_WIDTH_MM - self.columns * self.width_mm) / 2


SHEETS: Mapping[str, Sheet] = {
    "12": Sheet(2, 6, Decimal("86.4"), Decimal("42.3")),
    "10": Sheet(2, 5, Decimal("86.4"), Decimal("50.8")),
    "24": Sheet(3, 8, Decimal("66"), Decimal("33.9")),
}


@dataclass(frozen=True, slots=True)
class Layout:
    """A sheet as it lies in the printer: its margins, gaps, and the first label that is still there."""

    sheet: Sheet
    top_mm: Decimal
    left_mm: Decimal
    gap_x_mm: Decimal = Decimal(0)
    """Between two columns."""
    gap_y_mm: Decimal = Decimal(0)
    """Between two rows."""
    first: int = 1
    """The place of the first label that is printed, row by row from 1."""

    @property
    def right_edge_mm(self) -> Decimal:
        """Where the last column ends, from the left of the paper."""
        sheet = self.sheet
        return self.left_mm + sheet.columns * sheet.width_mm + (sheet.columns - 1) * self.gap_x_mm

    @property
    def bottom_edge_mm(self) -> Decimal:
        """Where the last row ends, from the top of the paper."""
        sheet = self.sheet
        return self.top_mm + sheet.rows * sheet.height_mm + (sheet.rows - 1) * self.gap_y_mm

    @property
    def fits_across(self) -> bool:
        """Whether the columns lie on the paper."""
        return self.right_edge_mm <= PAPER_WIDTH_MM

    @property
    def fits_down(self) -> bool:
        """Whether the rows lie on the paper."""
        return self.bottom_edge_mm <= PAPER_HEIGHT_MM

    def sheets_for(self, labels: int) -> int:
        """How many sheets so many labels take; none for none."""
        return -(-(self.first - 1 + labels) // self.sheet.count) if labels else 0
