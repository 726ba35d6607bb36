"""Reading an XLSX workbook: its sheets as rows of text, as a person sees them.

Merged cells hold their text in every cell that they cover, so that a group's name stands in each of
its rows. Formulas count by the value that was last saved with them.
"""

from __future__ import annotations

import io
import re
import warnings
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext_lazy as _
from openpyxl import load_workbook
from openpyxl.utils.cell import range_boundaries
from openpyxl.utils.exceptions import InvalidFileException

_XLSX, _XLS = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
# What the parts of a small workbook come to at most when they are unpacked.
UNPACKED_BYTES = 30 * 1024 * 1024
# A few kilobytes may unfold to what takes minutes and gigabytes to read: so they are counted first.
# Cells and rows of all sheets, with those that only hold a format.
CELLS = 300_000
# Cells in merged areas that are no decoration.
MERGED_IN_ALL = 200_000
# Marks that are not of cells (texts, formats, comments).
MARKS = 300_000
COLUMNS = 60
# Formats often reach far below what is written; what stands below this line is not looked at.
LAST_ROW = 10_000
# Merged areas larger than this are decoration.
MERGED_CELLS = 2_000
# One text between two marks: spreadsheet programs themselves stop at 32,767 characters.
TEXT_BYTES = 1 << 20
_BLOCK = 1 << 16
# A name with or without a prefix, which may be of any letters.
_PREFIX = rb"<(?:[^\s<>/:!?]+:)?"
_CELL = re.compile(_PREFIX + rb"(?:c|row)[\s/>]")
# What stands within cells: it may be more than the cells are.
_IN_CELLS = re.compile(_PREFIX + rb"(?:v|f|is|t)[\s/>]")
_AREA = re.compile(
    _PREFIX + rb"mergeCell\s[^>]*?ref\s*=\s*[\"']([A-Z]{1,3}[0-9]{1,7}:[A-Z]{1,3}[0-9]{1,7})[\"']"
)
_MARK = re.compile(rb"<[^\s<>/!?]")
_OTHER_MARKS = re.compile(rb"<!(?:DOCTYPE|ENTITY)")
_ENCODING = re.compile(rb"\s*<\?xml[^>]*?encoding\s*=\s*[\"']([^\"']*)")
_BOMS = (b"\xff\xfe", b"\xfe\xff")
_UTF8_BOM, _EBCDIC = b"\xef\xbb\xbf", b"Lo\xa7\x94"


class NotAWorkbook(ValueError):
    """The bytes are no XLSX workbook, or one far larger than a table of this kind."""


class OfNumbers(NotAWorkbook):
    """The file is one of Numbers (Apple): it is to be exported."""

    words = _(
        "Numbersのファイルです。Numbersで開き、「ファイル」→「書き出す」→「Excel」を選んでXLSXにしてから、入れ直してください。"
    )


class TooMuch(NotAWorkbook):
    """The workbook is small as a file and too much when it is read."""

    words = _(
        "ファイルが重すぎて読めません（書式だけのセルや、結合したセルが多すぎます）。要る表だけを新しいブックに貼り付けて（値のみ）、入れ直してください。"
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
            _refuse_heavy(parts)
        with warnings.catch_warnings():
            # Of drop-downs and other parts of the page that are not read.
            warnings.simplefilter("ignore")
            return _read(body, most)
    except NotAWorkbook:
        raise
    # A damaged part ends in whatever the parser meets: all of it means that it cannot be read.
    except (zipfile.BadZipFile, InvalidFileException, KeyError, ValueError, TypeError,
            OSError, EOFError, zlib.error, SyntaxError, AttributeError, IndexError, NotImplementedError) as error:  # fmt: skip
        raise NotAWorkbook(str(error)) from error


def _read(body: bytes, most: int) -> list[tuple[str, list[tuple[int, list[str]]]]]:
    """Row by row: nothing comes to life that only covers cells (merged areas, links, formats)."""
    book = load_workbook(io.BytesIO(body), read_only=True, data_only=True, keep_links=False)
    try:
        pages = [page for page in book.worksheets if page.sheet_state == "visible"]
        return [(page.title, _rows(page, most)) for page in pages]
    finally:
        book.close()


def _refuse_heavy(parts: zipfile.ZipFile) -> None:
    """Raises TooMuch for what takes too long to read, found by its marks without building anything.

    Every part counts, whatever it is called: a workbook says itself which of them is a sheet.
    """
    if sum(part.file_size for part in parts.infolist()) > UNPACKED_BYTES:
        raise TooMuch
    cells = in_cells = marks = 0
    for part in parts.infolist():
        if not _is_marked(parts, part):
            continue
        for piece in _pieces(parts, part):
            if _OTHER_MARKS.search(piece):
                raise NotAWorkbook("marks of its own")
            in_piece = len(_CELL.findall(piece)), len(_IN_CELLS.findall(piece))
            cells, in_cells = cells + in_piece[0], in_cells + in_piece[1]
            marks += len(_MARK.findall(piece)) - sum(in_piece)
            if cells > CELLS or in_cells > 3 * CELLS or marks > MARKS:
                raise TooMuch


def _is_marked(parts: zipfile.ZipFile, part: zipfile.ZipInfo) -> bool:
    """Whether a part holds marks; pictures and settings of printers do not.

    Raises NotAWorkbook for marks in other letters than UTF-8, which could not be counted.
    """
    with parts.open(part) as unpacked:
        head = unpacked.read(_BLOCK).removeprefix(_UTF8_BOM)
    declared = _ENCODING.match(head)
    is_wide = head.startswith(_BOMS) or b"\0" in head[:4]
    begun = head.removeprefix(_BOMS[0]).removeprefix(_BOMS[1]).replace(b"\0", b"").lstrip()
    is_marked = begun[:1] in (b"", b"<")
    is_other = (is_marked and is_wide) or head.startswith(_EBCDIC)
    if is_other or (declared and declared[1].lower() != b"utf-8"):
        raise NotAWorkbook("not in UTF-8")
    return is_marked


def _pieces(parts: zipfile.ZipFile, part: zipfile.ZipInfo) -> Iterator[bytes]:
    """The unpacked part in pieces, none of which ends within a mark."""
    rest = b""
    with parts.open(part) as unpacked:
        while block := unpacked.read(_BLOCK):
            whole, mark, begun = (rest + block).rpartition(b"<")
            yield whole
            rest = mark + begun
            if len(rest) > TEXT_BYTES:
                raise TooMuch
    yield rest


def _size_of(area: str) -> int:
    first, top, last, bottom = range_boundaries(area)
    return max(0, (last - first + 1) * (bottom - top + 1))


def _rows(page: Any, most: int) -> list[tuple[int, list[str]]]:
    merged = _merged(page)
    texts: dict[tuple[int, int], str] = {}
    found: list[tuple[int, list[str]]] = []
    written = page.iter_rows(max_row=LAST_ROW, max_col=COLUMNS, values_only=True)
    for number, values in enumerate(written, 1):
        cells = [cell_text(value) for value in values]
        for column in range(1, len(cells) + 1) if merged else ():
            anchor = merged.get((number, column))
            if anchor == (number, column):
                texts[anchor] = cells[column - 1]
            elif anchor:
                cells[column - 1] = texts.get(anchor, "")
        if any(cells):
            found.append((number, cells))
        if len(found) > most:
            break
    width = max((_width(cells) for _number, cells in found), default=0)
    return [(number, cells[:width]) for number, cells in found]


def _width(cells: list[str]) -> int:
    return max(column for column, text in enumerate(cells, 1) if text)


def _merged(page: Any) -> dict[tuple[int, int], tuple[int, int]]:
    """For each merged cell the first one of its area."""
    found: dict[tuple[int, int], tuple[int, int]] = {}
    left = MERGED_IN_ALL
    archive = page.parent._archive
    for piece in _pieces(archive, archive.getinfo(page._worksheet_path)):
        for area in _AREA.findall(piece):
            first, top, last, bottom = range_boundaries(area.decode())
            size = max(0, (last - first + 1) * (bottom - top + 1))
            left -= size if size <= MERGED_CELLS else 0
            if left < 0:
                raise TooMuch
            if size <= MERGED_CELLS:
                found |= {
                    (row, column): (top, first)
                    for row in range(top, bottom + 1)
                    for column in range(first, last + 1)
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
