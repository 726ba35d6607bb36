"""Long tables in files of others: all their sheets, in bounded memory and time.

Workbooks (XLSX) and CSV in UTF-8 or cp932. Cells are text, as `workbook_rows` reads them; merged
cells hold their text in every cell that they cover. All of it is read before anything is stored, so
that nobody waits for a file.
"""

from __future__ import annotations

import io
import re
import warnings
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import IO, Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from openpyxl.utils import get_column_letter
from openpyxl.utils.exceptions import InvalidFileException

from teikyaku.sheet_marks import BETWEEN, COLOURED, Fills, coloured
from teikyaku.sheet_parts import Merged, Parts
from teikyaku.table_files import CELL_LENGTH, csv_rows, of_old_kind
from teikyaku.workbook_rows import cell_text

MAX_BYTES = 15 * 1024 * 1024
MAX_ROWS = 10_000
# Columns that are read of a sheet; what stands farther right is said, not read.
COLUMNS = 200
# Titles and headings that people write above the first line.
LINES_ABOVE = 30
# Formats reach far below what is written: after so many empty rows nothing is looked for.
EMPTY_ROWS = 2_000
# All texts of a file, in characters.
CHARACTERS = 30_000_000
_XLSX, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
# As numbers below one day and a few days are shown where a format of hours was lost.
_HOURS_BEFORE = date(1900, 3, 1)
_FIRST_DAYS = datetime(1899, 12, 31)  # noqa: DTZ001  (cells know no zones)
_BROKEN = (
    zipfile.BadZipFile, InvalidFileException, KeyError, ValueError, TypeError, OSError, EOFError,
    zlib.error, SyntaxError, AttributeError, IndexError, NotImplementedError,
)  # fmt: skip

Row = tuple[int, list[str]]


@dataclass(frozen=True, slots=True)
class SheetFile:
    """One sheet: its name ("" for CSV) and the rows that hold something, cut behind the last text."""

    name: str
    rows: list[Row]
    is_too_long: bool = False
    """Whether it has more rows than are taken; then the rest was not read."""
    columns_beyond: int = 0
    """How many columns stand farther right than those that are read."""
    marks: Mapping[int, str] = field(default_factory=dict)
    """By row number: that it is hidden, struck out (some of its cells), coloured, or has notes."""

    @property
    def top(self) -> list[Row]:
        """Where titles and headings stand."""
        return self.rows[:LINES_ABOVE]


def cell_name(position: int, line: int) -> str:
    """C12: the cell of a column (from 0) and a line, as spreadsheet programs call it."""
    return f"{get_column_letter(position + 1)}{line}"


def sheets_in(file: IO[bytes]) -> list[SheetFile]:
    """The visible sheets that hold something.

    Raises ValidationError in plain words for what is no table, is locked, or is too much.
    """
    file.seek(0)
    head = file.read(4)
    file.seek(0)
    if head == _OLE:
        raise ValidationError(of_old_kind(file.read()))
    found = _workbook(file) if head == _XLSX else [_csv(file.read())]
    found = [sheet for sheet in found if sheet.rows]
    if not found:
        raise ValidationError(_("ファイルに何も入っていません。"))
    return found


def _csv(body: bytes) -> SheetFile:
    rows = [(number, _cut(cells)) for number, cells in csv_rows(body, MAX_ROWS + LINES_ABOVE)]
    beyond = max((len(cells) for _number, cells in rows), default=0) - COLUMNS
    kept = [(number, cells[:COLUMNS]) for number, cells in rows]
    return SheetFile("", kept, len(rows) > MAX_ROWS + LINES_ABOVE, max(beyond, 0))


def _workbook(file: IO[bytes]) -> list[SheetFile]:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of parts of the page that are not read
            parts = Parts(file)
            try:
                budget = _Budget()
                return [_sheet(parts, name, path, budget) for name, path in parts.sheets()]
            finally:
                parts.close()
    except ValidationError:
        raise
    except _BROKEN as error:
        raise ValidationError(
            _("ファイルを表計算ソフトのブックとして読めません。XLSXかCSVで保存し直してください。")
        ) from error


class _Budget:
    """How much text is left of what is taken of one file."""

    def __init__(self) -> None:
        self._left = CHARACTERS

    def take(self, cells: Iterable[str]) -> None:
        """Raises ValidationError where there is more than a table of people holds."""
        self._left -= sum(map(len, cells))
        if self._left < 0:
            raise ValidationError(
                _("ファイルの文字が多すぎます。要る表だけを別のファイルにして入れてください。")
            )


def _sheet(parts: Parts, name: str, path: str, budget: _Budget) -> SheetFile:
    rows: list[Row] = []
    marks: dict[int, str] = {}
    beyond, last = 0, 0
    merged = parts.merged(path, COLUMNS, MAX_ROWS + EMPTY_ROWS)
    fills: dict[int, Fills] = {}
    for number, cells, width, mark, colours in _filled(parts, path, merged):
        if number - last > EMPTY_ROWS:
            break
        if not any(cells):
            continue
        last, beyond = number, max(beyond, width - COLUMNS)
        budget.take(cells)
        rows.append((number, cells))
        fills[number] = colours
        if mark:
            marks[number] = mark
        if len(rows) > MAX_ROWS + LINES_ABOVE:
            return SheetFile(name, rows, is_too_long=True, columns_beyond=beyond)
    for number in coloured(fills):
        marks[number] = BETWEEN.join(filter(None, (marks.get(number), COLOURED)))
    return SheetFile(name, rows, marks=marks, columns_beyond=beyond)


def _filled(
    parts: Parts, path: str, merged: Merged
) -> Iterator[tuple[int, list[str], int, str, Fills]]:
    """Number, cells, width, mark and colours of each row that the part holds."""
    texts: dict[tuple[int, int], str] = {}
    for number, values, mark, colours in parts.rows(path):
        found = {cell["column"]: text for cell in values if (text := _text(cell["value"]))}
        width = max(found, default=0)
        if merged:
            _spread(found, number, merged, texts)
        last = min(max(found, default=0), COLUMNS)
        yield number, [found.get(column, "") for column in range(1, last + 1)], width, mark, colours


def _spread(
    found: dict[int, str], number: int, merged: Merged, texts: dict[tuple[int, int], str]
) -> None:
    """A merged cell's text in every cell of this row that it covers."""
    for column in range(1, COLUMNS + 1):
        anchor = merged.get((number, column))
        if anchor == (number, column):
            texts[anchor] = found.get(column, "")
        elif anchor is not None and texts.get(anchor):
            found[column] = texts[anchor]


def _text(value: Any) -> str:
    """What stands in a cell; hours as 30:15, also beyond a day."""
    match value:
        case None:
            return ""
        case bool():
            return "○" if value else ""
        case timedelta():
            return _hours(value)
        case time():
            return f"{value.hour}:{value.minute:02d}"
        case datetime() if value.date() < _HOURS_BEFORE:
            return _hours(value.replace(tzinfo=None) - _FIRST_DAYS)
    return cell_text(value).strip()[:CELL_LENGTH]


def _hours(span: timedelta) -> str:
    minutes = round(span.total_seconds() / 60)
    return f"{minutes // 60}:{minutes % 60:02d}"


def _cut(cells: list[str]) -> list[str]:
    quoted = (re.match(r'^="(.*)"$', cell.strip()) for cell in cells)
    found = [
        (match[1] if match else cell.strip())[:CELL_LENGTH]
        for cell, match in zip(cells, quoted, strict=True)
    ]
    while found and not found[-1]:
        found.pop()
    return found


def in_memory(body: bytes) -> IO[bytes]:
    """Bytes at hand as a file."""
    return io.BytesIO(body)
