"""Bars beside the rows of a sheet: the numbers stay in their cells, and the picture follows them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from openpyxl.chart import BarChart, Reference
from openpyxl.utils import get_column_letter
from openpyxl.worksheet._write_only import WriteOnlyWorksheet

# Centimetres: beside a list of twelve months, on one screen.
HEIGHT, WIDTH, WIDTH_OF_A_ROW = 9.0, 16.0, 1.1
WHOLE = 100
# The colours of the pages: the number, what is added to it or stood before, and further ones.
COLOURS = ("1D4ED8", "9CA3AF", "B45309", "0F766E", "7C3AED", "BE185D", "4D7C0F", "334155")


@dataclass(frozen=True, slots=True)
class Bars:
    """棒グラフ of columns of numbers (counted from 0) over the first column of a sheet."""

    columns: Sequence[int]
    is_stacked: bool = False
    """Whether the columns are parts of one whole: one bar for each row."""


def draw(
    page: WriteOnlyWorksheet, title: str, bars: Bars, *, formats: Sequence[str], last: int
) -> None:
    """Right of the columns (`formats`: of each), from their rows down to `last`; nothing without a row."""
    if last < 2 or not bars.columns:  # noqa: PLR2004
        return
    chart = BarChart()
    chart.type, chart.title = "col", title
    chart.grouping = "stacked" if bars.is_stacked else "clustered"
    chart.overlap = WHOLE if bars.is_stacked else None
    for column, colour in zip(bars.columns, COLOURS, strict=False):
        numbers = Reference(page, min_col=column + 1, min_row=1, max_row=last)
        chart.add_data(numbers, titles_from_data=True)
        chart.series[-1].graphicalProperties.solidFill = colour
    chart.set_categories(Reference(page, min_col=1, min_row=2, max_row=last))
    # Without these a program leaves out the axes, and the words along them.
    chart.x_axis.delete = chart.y_axis.delete = False
    chart.x_axis.number_format, chart.y_axis.number_format = formats[0], formats[bars.columns[0]]
    chart.title.overlay = chart.legend.overlay = False
    chart.legend.position = "b"
    if len(bars.columns) == 1:
        chart.legend = None
    chart.height, chart.width = HEIGHT, max(WIDTH, WIDTH_OF_A_ROW * (last - 1))
    page.add_chart(chart, f"{get_column_letter(len(formats) + 2)}2")
