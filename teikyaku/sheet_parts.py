"""The parts inside a workbook, read as a stream within limits: what no table needs ends the reading.

A workbook is small as a file and may be huge when it is unpacked. So bytes, seconds, the length of
one text and the number of merged cells have their bounds, each with its own words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from time import monotonic, thread_time
from typing import IO, Any, NamedTuple
from zipfile import ZipFile

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from openpyxl.reader.excel import ExcelReader
from openpyxl.styles.stylesheet import apply_stylesheet
from openpyxl.utils.cell import range_boundaries
from openpyxl.worksheet._reader import WorkSheetParser

from teikyaku.sheet_marks import BETWEEN, HIDDEN, NOTE, Fills, Styles, notes_in
from teikyaku.workbook_rows import OfNumbers, is_numbers

# What the parts that are read come to at most when they are unpacked: the texts of all sheets (they
# lie in memory together), and one sheet (it streams by).
TEXTS_BYTES = 60 * 1024 * 1024
SHEET_BYTES = 300 * 1024 * 1024
# For how long one file is read, in seconds of the processor: a busy machine refuses nobody.
SECONDS = 20.0
# By the clock, where the machine is so slow that whoever waits would get no answer at all: the web
# server in front gives up after 90 s.
CLOCK_SECONDS = 75.0
# One text between two marks: spreadsheet programs themselves stop at 32,767 characters.
TEXT_BYTES = 1024 * 1024
# Cells that lie in merged areas; a list of 10,000 people with a few merged columns has less.
MERGED_IN_ALL = 200_000
# Merged areas larger than this are decoration.
MERGED_CELLS = 2_000
_BLOCK, _OVERLAP = 1 << 16, 64
_MERGED = re.compile(rb'<mergeCell ref="([A-Z]{1,3}[0-9]{1,7}:[A-Z]{1,3}[0-9]{1,7})"')
_ROWS_END = b"</sheetData>"
_SHEET_END = b"</worksheet>"

Cells = list[dict[str, Any]]
Merged = dict[tuple[int, int], tuple[int, int]]


class Until(NamedTuple):
    """Until when a file is read: seconds of the processor, and of the clock."""

    processor: float
    clock: float

    @classmethod
    def of_now(cls) -> Until:
        """For a file whose reading begins."""
        return cls(thread_time() + SECONDS, monotonic() + CLOCK_SECONDS)


class Parts:
    """The sheets of one workbook. Raises ValidationError in plain words for what is too much."""

    def __init__(self, file: IO[bytes]) -> None:
        self.until = Until.of_now()
        with ZipFile(file) as archive:
            if is_numbers(archive.namelist()):
                raise ValidationError(OfNumbers.words)
            _refuse_huge(archive)
        file.seek(0)
        self._reader = ExcelReader(file, read_only=True, data_only=True, keep_links=False)
        self._reader.read_manifest()
        self._reader.read_strings()
        self._reader.read_workbook()
        apply_stylesheet(self._reader.archive, self._reader.wb)
        self._styles = Styles(self._reader.wb)

    def sheets(self) -> Iterator[tuple[str, str]]:
        """Name and path of each visible sheet of cells."""
        for sheet, rel in self._reader.parser.find_sheets():
            is_read = rel.target in self._reader.valid_files and "chartsheet" not in rel.Type
            if is_read and sheet.state == "visible":
                yield sheet.name, rel.target

    def rows(self, path: str) -> Iterator[tuple[int, Cells, str, Fills]]:
        """The rows that the part holds, with their numbers, marks and colours; a row may hold nothing."""
        book, notes = self._reader.wb, notes_in(self._reader, path)
        with self._reader.archive.open(path) as source:
            parser = WorkSheetParser(
                _Stream(source, self.until), self._reader.shared_strings, data_only=True,
                epoch=book.epoch, date_formats=book._date_formats,
                timedelta_formats=book._timedelta_formats,
            )  # fmt: skip
            for number, cells in parser.parse():
                # What the parser keeps of each row is taken out: it would grow with the sheet.
                told = parser.row_dimensions.pop(str(number), {})
                mark = self._mark(told, cells, notes.get(number, ()))
                yield number, cells, mark, self._styles.fills(cells)

    def _mark(self, told: dict[str, Any], cells: Cells, notes: Sequence[str]) -> str:
        hidden = HIDDEN if told.get("hidden") in ("1", "true") else ""
        marks = [hidden, self._styles.struck(cells), *(NOTE + note for note in notes)]
        return BETWEEN.join(filter(None, marks))

    def merged(self, path: str, columns: int, rows: int) -> Merged:
        """For each merged cell within so many columns and rows the first cell of its area."""
        found: Merged = {}
        left = MERGED_IN_ALL
        with self._reader.archive.open(path) as part:
            rest = b""
            while block := part.read(_BLOCK):
                _refuse_late(self.until)
                for match in _MERGED.finditer(rest + block):
                    left -= _cover(found, match[1].decode(), columns, rows)
                    _refuse_merged(left)
                rest = block[-_OVERLAP:]
        return found

    def close(self) -> None:
        """The file stays open; what was unpacked goes."""
        self._reader.archive.close()


class _Stream:
    """The rows of one sheet alone: what stands behind them (styles, links, drop-downs) is not read."""

    def __init__(self, source: IO[bytes], until: Until) -> None:
        self._source, self._until = source, until
        self._held, self._plain, self._is_over = b"", 0, False

    def read(self, _size: int = -1) -> bytes:
        """The next piece; raises ValidationError where it takes too long or one text is no cell."""
        if self._is_over:
            return b""
        _refuse_late(self._until)
        block = self._source.read(_BLOCK)
        found = self._held + block
        self._refuse_long(block)
        end = found.find(_ROWS_END)
        if end >= 0 or not block:
            self._is_over = True
            return found[: end + len(_ROWS_END)] + _SHEET_END if end >= 0 else found
        self._held = found[-len(_ROWS_END) :]
        # Nothing yet is no end: a parser stops at an empty piece.
        return found[: -len(_ROWS_END)] or self.read()

    def _refuse_long(self, block: bytes) -> None:
        mark = block.rfind(b"<")
        self._plain = self._plain + len(block) if mark < 0 else len(block) - mark
        if self._plain > TEXT_BYTES:
            raise ValidationError(
                _("1つのセルに、とても長い文が入っています。そのセルを消してから入れてください。")
            )


def _refuse_late(until: Until) -> None:
    if thread_time() > until.processor or monotonic() > until.clock:
        raise ValidationError(
            _("ファイルが重すぎて、読み終わりません。要る表だけを新しいブックに貼り付けて（値のみ）、入れ直してください。")
        )  # fmt: skip


def _refuse_huge(archive: ZipFile) -> None:
    """Pictures do not count: they are never unpacked."""
    parts = [part for part in archive.infolist() if part.filename.endswith((".xml", ".rels"))]
    sheets = [part for part in parts if part.filename.startswith("xl/worksheets/")]
    texts = sum(part.file_size for part in parts) - sum(part.file_size for part in sheets)
    if texts > TEXTS_BYTES or any(part.file_size > SHEET_BYTES for part in sheets):
        raise ValidationError(
            _("ファイルが大きすぎます。要る表だけを新しいブックに貼り付けて（値のみ）、入れ直してください。")
        )  # fmt: skip


def _cover(found: Merged, area: str, columns: int, rows: int) -> int:
    """How many cells of an area were written down; a damaged file has areas that overlap."""
    first, top, last, bottom = range_boundaries(area)
    if (last - first + 1) * (bottom - top + 1) > MERGED_CELLS:
        return 0
    reached = range(first, min(last, columns) + 1)
    for row in range(top, min(bottom, rows) + 1):
        for column in reached:
            found[row, column] = (top, first)
    return max(0, min(bottom, rows) - top + 1) * len(reached)


def _refuse_merged(left: int) -> None:
    if left < 0:
        raise ValidationError(
            _("結合したセルが多すぎて読めません。「セルの結合」を解いて（または値だけを新しいシートに貼り付けて）、入れ直してください。")
        )  # fmt: skip
