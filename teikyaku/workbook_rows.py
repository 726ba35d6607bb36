"""Reading an XLSX workbook: its sheets as rows of text, as a person sees them.

Merged cells hold their text in every cell that they cover, so that a group's name stands in each of
its rows. Formulas count by the value that was last saved with them.
"""

from __future__ import annotations

import io
import warnings
import zipfile
import zlib
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext_lazy as _
from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

_XLSX, _XLS = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
# What the parts of a small workbook come to at most when they are unpacked.
UNPACKED_BYTES = 30 * 1024 * 1024
COLUMNS = 60
# Formats often reach far below what is written; what stands below this line is not looked at.
LAST_ROW = 10_000
# Merged areas larger than this are decoration.
MERGED_CELLS = 2_000


class NotAWorkbook(ValueError):
    """The bytes are no XLSX workbook, or one far larger than a table of this kind."""


class OfNumbers(NotAWorkbook):
    """The file is one of Numbers (Apple): it is to be exported."""

    words = _(
        "Numbersのファイルです。Numbersで開き、「ファイル」→「書き出す」→「Excel」を選んでXLSXにしてから、入れ直してください。"
    )


def is_workbook(body: bytes) -> bool:
    """Whether the bytes begin as a workbook does, of today's kind or of the old one."""
    return body.startswith((_XLSX, _XLS))


def is_numbers(names: Iterable[str]) -> bool:
    """Whether the parts of a file are those of Numbers, which is no workbook of this kind."""
    return any(name.endswith(".iwa") or name == "Index.zip" for name in names)


def sheets_of(body: bytes, most: int) -> list[list[tuple[int, list[str]]]]:
    """For each visible sheet its rows that hold something, with their numbers; `most` + 1 at most.

    Raises NotAWorkbook.
    """
    return [rows for _name, rows in named_sheets(body, most)]


def named_sheets(body: bytes, most: int) -> list[tuple[str, list[tuple[int, list[str]]]]]:
    """The same, each with its name. Raises NotAWorkbook."""
    try:
        with zipfile.ZipFile(io.BytesIO(body)) as parts:
            if is_numbers(parts.namelist()):
                raise OfNumbers
            if sum(part.file_size for part in parts.infolist()) > UNPACKED_BYTES:
                raise NotAWorkbook("too large when unpacked")
        with warnings.catch_warnings():
            # Of drop-downs and other parts of the page that are not read.
            warnings.simplefilter("ignore")
            book = load_workbook(io.BytesIO(body), data_only=True)
    except NotAWorkbook:
        raise
    # A damaged part ends in whatever the parser meets: all of it means that it cannot be read.
    except (zipfile.BadZipFile, InvalidFileException, KeyError, ValueError, TypeError,
            OSError, EOFError, zlib.error, SyntaxError, AttributeError, IndexError, NotImplementedError) as error:  # fmt: skip
        raise NotAWorkbook(str(error)) from error
    pages = [page for page in book.worksheets if page.sheet_state == "visible"]
    return [(page.title, _rows(page, most)) for page in pages]


def _rows(page: Any, most: int) -> list[tuple[int, list[str]]]:
    merged = _merged(page)
    found: list[tuple[int, list[str]]] = []
    written = page.iter_rows(
        max_row=min(page.max_row, LAST_ROW), max_col=min(page.max_column, COLUMNS), values_only=True
    )
    for number, values in enumerate(written, 1):
        cells = [
            cell_text(merged.get((number, column), value)) for column, value in enumerate(values, 1)
        ]
        if any(cells):
            found.append((number, cells))
        if len(found) > most:
            break
    return found


def _merged(page: Any) -> dict[tuple[int, int], Any]:
    found: dict[tuple[int, int], Any] = {}
    for area in page.merged_cells.ranges:
        if area.size["rows"] * area.size["columns"] > MERGED_CELLS:
            continue
        value = page.cell(area.min_row, area.min_col).value
        found |= {
            (row, column): value
            for row in range(area.min_row, area.max_row + 1)
            for column in range(area.min_col, area.max_col + 1)
        }
    return found


def cell_text(value: Any) -> str:
    """What stands in a cell, as text: days as 2026-04-01, whole numbers without a point."""
    match value:
        case None:
            return ""
        case datetime():
            return value.date().isoformat()
        case date():
            return value.isoformat()
        case float() if value.is_integer():
            return str(int(value))
        # The shortest spelling that means this number: 10.3 is "10.3".
        case float():
            return repr(value)
    return str(value).strip()
