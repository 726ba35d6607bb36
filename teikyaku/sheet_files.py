"""Long tables in files of others: sheets and their rows one by one, in bounded memory.

Workbooks (XLSX) and CSV in UTF-8 or cp932. Cells are text, as `workbook_rows` reads them; merged
cells hold their text in every cell that they cover.
"""

from __future__ import annotations

import io
import re
import warnings
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from typing import IO, Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from openpyxl import load_workbook
from openpyxl.utils import get_column_letter
from openpyxl.utils.cell import range_boundaries
from openpyxl.utils.exceptions import InvalidFileException

from teikyaku.table_files import CELL_LENGTH, csv_rows
from teikyaku.workbook_rows import COLUMNS, MERGED_CELLS, cell_text, is_workbook

MAX_BYTES = 15 * 1024 * 1024
MAX_ROWS = 10_000
# What the parts of such a workbook come to at most when they are unpacked.
UNPACKED_BYTES = 300 * 1024 * 1024
# Titles and headings that people write above the first line.
LINES_ABOVE = 12
_MERGED = re.compile(rb'<mergeCell ref="([A-Z]{1,3}[0-9]{1,7}:[A-Z]{1,3}[0-9]{1,7})"')
_BLOCK, _OVERLAP = 1 << 20, 64
_BROKEN = (
    zipfile.BadZipFile, InvalidFileException, KeyError, ValueError, TypeError, OSError, EOFError,
    zlib.error, SyntaxError, AttributeError, IndexError, NotImplementedError,
)  # fmt: skip

Row = tuple[int, list[str]]


@dataclass(frozen=True, slots=True)
class SheetFile:
    """One sheet: its name ("" for CSV) and the rows at its top that hold something."""

    name: str
    top: tuple[Row, ...]


def cell_name(position: int, line: int) -> str:
    """C12: the cell of a column (from 0) and a line, as spreadsheet programs call it."""
    return f"{get_column_letter(position + 1)}{line}"


def sheets_in(file: IO[bytes]) -> list[SheetFile]:
    """The visible sheets that hold something, each with its first rows.

    Raises ValidationError in plain words for what is no table.
    """
    found = []
    with _reading(file) as sheets:
        for name, rows in sheets:
            top = tuple(islice(rows, LINES_ABOVE))
            if top:
                found.append(SheetFile(name, top))
    if not found:
        raise ValidationError(_("ファイルに何も入っていません。"))
    return found


def rows_in(file: IO[bytes], sheet: str) -> Iterator[Row]:
    """The rows of one sheet that hold something, one by one. Raises ValidationError as above."""
    with _reading(file) as sheets:
        for name, rows in sheets:
            if name == sheet:
                yield from rows
                return


@contextmanager
def _reading(file: IO[bytes]) -> Iterator[Iterator[tuple[str, Iterator[Row]]]]:
    file.seek(0)
    head = file.read(8)
    file.seek(0)
    if not is_workbook(head):
        rows = csv_rows(file.read(), MAX_ROWS + LINES_ABOVE)
        yield iter([("", ((number, _cut(cells)) for number, cells in rows))])
        return
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of parts of the page that are not read
            _refuse_huge(file)
            book = load_workbook(file, read_only=True, data_only=True)
            try:
                yield (
                    (page.title, _sheet_rows(file, page))
                    for page in book.worksheets
                    if page.sheet_state == "visible"
                )
            finally:
                book.close()
    except ValidationError:
        raise
    except _BROKEN as error:
        raise ValidationError(
            _("ファイルを表計算ソフトのブックとして読めません。XLSXかCSVで保存し直してください。")
        ) from error


def _refuse_huge(file: IO[bytes]) -> None:
    with zipfile.ZipFile(file) as parts:
        if sum(part.file_size for part in parts.infolist()) > UNPACKED_BYTES:
            raise ValidationError(
                _("ファイルが大きすぎます。要らないシートや画像を消してください。")
            )
    file.seek(0)


def _sheet_rows(file: IO[bytes], page: Any) -> Iterator[Row]:
    anchors = _merged(file, page._worksheet_path)
    texts: dict[tuple[int, int], str] = {}
    page.reset_dimensions()  # what a program wrote of its size is often wrong
    for number, values in enumerate(page.iter_rows(max_col=COLUMNS, values_only=True), 1):
        cells = [_text(value) for value in values]
        for column in range(1, COLUMNS + 1) if anchors else ():
            anchor = anchors.get((number, column))
            if anchor is None:
                continue
            if anchor == (number, column):
                texts[anchor] = cells[column - 1] if column <= len(cells) else ""
            elif text := texts.get(anchor):
                cells += [""] * (column - len(cells))
                cells[column - 1] = text
        if any(cells):
            yield number, cells


def _merged(file: IO[bytes], path: str) -> dict[tuple[int, int], tuple[int, int]]:
    """For each cell in a merged area the first cell of the area; large areas are decoration."""
    found: dict[tuple[int, int], tuple[int, int]] = {}
    position = file.tell()
    with zipfile.ZipFile(file) as parts, parts.open(path.lstrip("/")) as part:
        rest = b""
        while block := part.read(_BLOCK):
            for match in _MERGED.finditer(rest + block):
                first, top, last, bottom = range_boundaries(match[1].decode())
                if (last - first + 1) * (bottom - top + 1) > MERGED_CELLS:
                    continue
                for row in range(top, bottom + 1):
                    for column in range(first, last + 1):
                        found[row, column] = (top, first)
            rest = block[-_OVERLAP:]
    file.seek(position)
    return found


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "○" if value else ""
    return cell_text(value).strip()[:CELL_LENGTH]


def _cut(cells: list[str]) -> list[str]:
    quoted = (re.match(r'^="(.*)"$', cell.strip()) for cell in cells)
    return [
        (match[1] if match else cell.strip())[:CELL_LENGTH]
        for cell, match in zip(cells, quoted, strict=True)
    ]


def in_memory(body: bytes) -> IO[bytes]:
    """Bytes at hand as a file."""
    return io.BytesIO(body)
