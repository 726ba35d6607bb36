"""Spreadsheets: rows written out as an XLSX workbook, with real dates and numbers.

Rows are taken one by one, so a list of any length needs little memory. Text is always text: what a
person typed never becomes a formula.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from io import BytesIO

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet._write_only import WriteOnlyWorksheet
from openpyxl.worksheet.datavalidation import DataValidation

from teikyaku.periods import Month
from teikyaku.sheet_charts import Bars, draw

TITLE_LENGTH = 31
CELL_LENGTH = 32_767
# Down to this row a column offers its choices: as many lines as are taken from one file, and the headings.
CHOICE_ROWS = 10_001
_BAD_IN_TITLE = re.compile(r"[\[\]:*?/\\]")
# What spreadsheet programs read as the start of a formula, also when a file is pasted or resaved.
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
_HEAD_FONT = Font(bold=True)
_HEAD_FILL = PatternFill("solid", fgColor="F3F4F6")
_HEAD_ALIGNMENT = Alignment(vertical="center", wrap_text=True)
_TEXT_ALIGNMENT = Alignment(vertical="top", wrap_text=True)
_ALIGNMENT = Alignment(vertical="top")


class Kind(StrEnum):
    """種類 of a column: how its values are shown, and which are taken."""

    TEXT = "text"
    DATE = "date"
    MONTH = "month"
    YEN = "yen"
    UNITS = "units"
    NUMBER = "number"


_FORMATS = {
    Kind.TEXT: "@",
    Kind.DATE: "yyyy/mm/dd",
    Kind.MONTH: "yyyy/mm",
    Kind.YEN: '#,##0"円"',
    Kind.UNITS: "#,##0",
    Kind.NUMBER: "General",
}
_WIDTHS = {
    Kind.TEXT: 20,
    Kind.DATE: 12,
    Kind.MONTH: 10,
    Kind.YEN: 14,
    Kind.UNITS: 10,
    Kind.NUMBER: 10,
}
_TAKEN: dict[Kind, tuple[type, ...]] = {
    Kind.TEXT: (str,),
    Kind.DATE: (date,),
    Kind.MONTH: (date, Month),
    Kind.YEN: (int,),
    Kind.UNITS: (int,),
    Kind.NUMBER: (int, Decimal),
}

Value = str | int | Decimal | date | Month | None


@dataclass(frozen=True, slots=True)
class Column:
    """列: its heading, what it holds, and its width in characters (0: the usual one of its kind).

    `choices`: cells of another sheet, as "'List'!$A$2:$A$9", that the program offers here; what is
    not among them can still be typed.
    """

    label: str
    kind: Kind = Kind.TEXT
    width: int = 0
    choices: str = ""
    is_kept_text: bool = False
    """Whether what people fill in below stays text: 2025/10 and 0150 as they are typed."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """シート. A row has one value per column; None is an empty cell. A month is a Month or a date in it."""

    title: str
    columns: Sequence[Column]
    rows: Iterable[Sequence[Value]]
    bars: Bars | None = None
    """Which of its numbers are drawn beside the rows; None draws nothing."""


class SheetError(ValueError):
    """A row does not fit its columns; the message says where, and shows no values."""


def workbook(sheets: Iterable[Sheet], *, mark: str = "") -> bytes:
    """The XLSX file of `sheets`, each with a frozen head and filters.

    `mark`: what every sheet says of its figures, beside its title and above each printed page; the cells
    stay as they are, so that the file is read back as it was written.

    Raises SheetError for a row of another length, a value that is not of its column's kind (floats
    and instants are of none), or a workbook without a sheet.
    """
    book = new_book()
    taken: set[str] = set()
    file = BytesIO()
    try:
        for sheet in sheets:
            title = _title(f"{mark}・{sheet.title}" if mark else sheet.title, taken)
            taken.add(title.casefold())
            page = book.create_sheet(title)
            page.oddHeader.center.text = mark or None
            _write(page, sheet)
    finally:
        # Also after an error: saving removes the temporary files of the rows, which name people.
        if taken:
            book.save(file)
    if not taken:
        raise SheetError("a workbook needs a sheet")
    return file.getvalue()


def new_book() -> Workbook:
    """An empty workbook whose sheets are streamed."""
    book = Workbook(write_only=True)
    book.properties.creator = "teikyaku"
    return book


def titles(wanted: Iterable[str]) -> list[str]:
    """The titles that sheets of these names get in one workbook."""
    taken: set[str] = set()
    found = []
    for each in wanted:
        found.append(_title(each, taken))
        taken.add(found[-1].casefold())
    return found


def keep_styles(page: WriteOnlyWorksheet) -> None:
    """Every style of ours, in one order: so a sheet of one workbook is at home in another one."""
    cells = [_head(page, Column(""))]
    for kind in Kind:
        column = _ColumnCells(page, Column("", kind))
        cells += column.both
    for cell in cells:
        _ = cell.style_id  # asking for it keeps it


def _title(wanted: str, taken: set[str]) -> str:
    """A title that the program opens: 31 characters at most, no []:*?/\\, none twice."""
    clean = ILLEGAL_CHARACTERS_RE.sub("", _BAD_IN_TITLE.sub("・", wanted)).strip().strip("'")
    clean = _cut(clean, TITLE_LENGTH) or "シート"
    title, number = clean, 1
    while title.casefold() in taken:
        number += 1
        ending = f" ({number})"
        title = _cut(clean, TITLE_LENGTH - len(ending)) + ending
    return title


def _cut(text: str, length: int) -> str:
    """`text` cut to `length` as the programs count: 𠮷 is two (UTF-16)."""
    return text.encode("utf-16-le")[: 2 * length].decode("utf-16-le", "ignore")


def _write(page: WriteOnlyWorksheet, sheet: Sheet) -> None:
    keep_styles(page)
    # Widths and panes come before the first row: rows are streamed.
    page.freeze_panes = "A2"
    for position, column in enumerate(sheet.columns, 1):
        width = column.width or _WIDTHS[column.kind]
        dimension = page.column_dimensions[get_column_letter(position)]
        dimension.width = width
        if column.is_kept_text:
            dimension.number_format = _FORMATS[Kind.TEXT]
    page.append([_head(page, column) for column in sheet.columns])
    columns = [_ColumnCells(page, column) for column in sheet.columns]
    last = 1
    for last, row in enumerate(sheet.rows, 2):
        if len(row) != len(columns):
            raise SheetError(f"{sheet.title}: row {last} has {len(row)} of {len(columns)} values")
        page.append([cells.holding(value, last) for cells, value in zip(columns, row, strict=True)])
    for position, column in enumerate(sheet.columns, 1):
        if column.choices:
            page.data_validations.append(_choice(column.choices, get_column_letter(position)))
    page.auto_filter.ref = f"A1:{get_column_letter(len(columns))}{last}"
    if sheet.bars is not None:
        formats = [_FORMATS[column.kind] for column in sheet.columns]
        draw(page, sheet.title, sheet.bars, formats=formats, last=last)


def _choice(cells: str, letter: str) -> DataValidation:
    rows = f"{letter}2:{letter}{CHOICE_ROWS}"
    return DataValidation(type="list", formula1=cells, allow_blank=True, sqref=rows)


def _head(page: WriteOnlyWorksheet, column: Column) -> WriteOnlyCell:
    cell = WriteOnlyCell(page)
    _set_text(cell, column.label)
    cell.font, cell.fill, cell.alignment = _HEAD_FONT, _HEAD_FILL, _HEAD_ALIGNMENT
    return cell


class _ColumnCells:
    """The cells of one column: a row is written at once, so the next one reuses them and their style."""

    def __init__(self, page: WriteOnlyWorksheet, column: Column) -> None:
        self._column = column
        self._plain = self._styled(page)
        self._guarded = self._styled(page)
        # The mark of a leading apostrophe: it stays text when somebody edits or resaves the cell.
        self._guarded.quotePrefix = True

    @property
    def both(self) -> tuple[WriteOnlyCell, WriteOnlyCell]:
        """As it is, and as what looks like a formula is shown."""
        return self._plain, self._guarded

    def holding(self, value: Value, row: int) -> WriteOnlyCell | None:
        """The cell with `value`; None stays empty. Raises SheetError for another kind of value."""
        if value is None:
            return None
        self._check(value, row)
        if isinstance(value, str):
            cell = self._guarded if value.startswith(_FORMULA_STARTS) else self._plain
            _set_text(cell, value)
            return cell
        self._plain.value = value.first_day if isinstance(value, Month) else value
        # Setting a date gives the cell a format of openpyxl's own.
        self._plain.number_format = _FORMATS[self._column.kind]
        return self._plain

    def _check(self, value: Value, row: int) -> None:
        column = self._column
        # A bool is an int and a datetime a date to Python; to a reader they are neither.
        if not isinstance(value, _TAKEN[column.kind]) or isinstance(value, bool | datetime):
            kind = type(value).__name__
            raise SheetError(f"{column.label}: row {row} holds {kind}, not {column.kind}")
        if isinstance(value, str) and len(value) > CELL_LENGTH:
            raise SheetError(f"{column.label}: row {row} holds more text than a cell takes")

    def _styled(self, page: WriteOnlyWorksheet) -> WriteOnlyCell:
        cell = WriteOnlyCell(page)
        is_text = self._column.kind is Kind.TEXT
        cell.alignment = _TEXT_ALIGNMENT if is_text else _ALIGNMENT
        cell.number_format = _FORMATS[self._column.kind]
        return cell


def _set_text(cell: WriteOnlyCell, text: str) -> None:
    cell.value = ILLEGAL_CHARACTERS_RE.sub("", text)
    # openpyxl reads "=…" as a formula and "#N/A" as an error; here both are what somebody typed.
    cell.data_type = "s"
