"""A workbook made a sheet at a time, so that no request has to make all of it.

A sheet is made as a workbook of its own and moved into the file; what binds the sheets together comes
last. Both hold, since every workbook of ours keeps the same styles in the same order and its texts
in the cells.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator, Sequence
from io import BytesIO
from pathlib import Path
from zipfile import ZIP_DEFLATED, BadZipFile, ZipFile

from openpyxl.utils import get_column_letter

from teikyaku.spreadsheets import Sheet, Value, keep_styles, new_book, workbook

SHEETS = "xl/worksheets/"


def put_sheet(place: Path, number: int, sheet: Sheet) -> str:
    """Add the sheet with this number (from 1) to the file. The cells that it fills, as A1:C9.

    Its rows are held in memory, packed: give some ten thousand at most. Raises SheetError.
    """
    rows = _Counting(sheet.rows)
    made = workbook([Sheet(sheet.title, sheet.columns, rows)])
    with (
        ZipFile(BytesIO(made)) as one,
        ZipFile(place, "a", ZIP_DEFLATED) as book,
        one.open(f"{SHEETS}sheet1.xml") as page,
        book.open(_name(number), "w") as out,
    ):
        shutil.copyfileobj(page, out)
    place.chmod(0o600)
    return f"A1:{get_column_letter(len(sheet.columns))}{rows.count + 1}"


def bind(place: Path, filled: Sequence[tuple[str, str]]) -> None:
    """Make the file a workbook: title and cells of each sheet in it, in their order."""
    book = new_book()
    for title, cells in filled:
        page = book.create_sheet(title)
        keep_styles(page)
        page.auto_filter.ref = cells
    whole = BytesIO()
    book.save(whole)
    with ZipFile(whole) as bound, ZipFile(place, "a", ZIP_DEFLATED) as file:
        for name in bound.namelist():
            if not name.startswith(SHEETS):
                file.writestr(name, bound.read(name))


def sheets_in(place: Path) -> int:
    """How many sheets lie in a file that is not bound yet; -1 for one that a kill has left broken."""
    if not place.exists():
        return 0
    try:
        with ZipFile(place) as book:
            names = book.namelist()
    except BadZipFile:
        return -1
    return len(names) if names == [_name(each + 1) for each in range(len(names))] else -1


def _name(number: int) -> str:
    return f"{SHEETS}sheet{number}.xml"


class _Counting:
    """Rows that are counted as they pass."""

    def __init__(self, rows: Iterable[Sequence[Value]]) -> None:
        self._rows, self.count = rows, 0

    def __iter__(self) -> Iterator[Sequence[Value]]:
        for row in self._rows:
            self.count += 1
            yield row
