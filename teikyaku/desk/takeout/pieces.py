"""Pieces of work on the file, each done at least once a call and then for as long as there is time.

The lines of the data lie beside the ZIP from the first moment on; from them alone come its data
files and the sheets of the workbook, whatever was written in the office since.
"""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from time import monotonic

from teikyaku.accounts.models import Office
from teikyaku.desk.takeout.columns import as_values, notes_of
from teikyaku.desk.takeout.entries import add, add_from, archive
from teikyaku.desk.takeout.errors import TakeoutError
from teikyaku.desk.takeout.file_rows import FileRows
from teikyaku.desk.takeout.files import Missing, ToPut, content_of
from teikyaku.desk.takeout.note import BOOK, NOTE, Note, keep
from teikyaku.desk.takeout.tables import tables
from teikyaku.desk.takeout.workbook import Names, columns_workbook, page_sheet
from teikyaku.spreadsheet_pieces import bind, put_sheet, sheets_in

BOOK_PART = f"{BOOK}.part"


def data_file_of(label: str) -> str:
    """As `columns.data_file`, by the label of a model."""
    return f"data/{label.lower()}.jsonl"


def is_over(until: float | None) -> bool:
    """Whether the time of this call is over; None: it has no end."""
    return until is not None and monotonic() >= until


def go_on(folder: Path, note: Note, office: Office, until: float | None) -> None:
    """Do what is left in its order until the time is over, at least one piece. Raises TakeoutError."""
    stages: list[tuple[Callable[[], object], Callable[[], None]]] = [
        (lambda: note.unpacked, lambda: _pack(folder, note, until)),
        (lambda: not note.has_book, lambda: _put_book(folder, note, office, until)),
        (lambda: note.todo, lambda: _put_files(folder, note, until)),
    ]
    for is_left, work in stages:
        if is_left():
            work()
            keep(folder, note)
            if is_over(until):
                return


def _pack(folder: Path, note: Note, until: float | None) -> None:
    """Data files into the ZIP. What a crash of the machine left of one is no data: then all begins anew."""
    with archive(folder, "a") as into:
        while note.unpacked:
            label = note.unpacked[0]
            name = data_file_of(label)
            place = folder / name
            add_from(into, note, name, place)
            if note.entries[name].sha256 != note.tables[label].sha256:
                (folder / NOTE).unlink(missing_ok=True)
                raise TakeoutError(
                    "記録のまとめが途中で切れました。「続ける」で、はじめから作り直します。"
                )
            note.unpacked.pop(0)
            if is_over(until):
                return


def _put_book(folder: Path, note: Note, office: Office, until: float | None) -> None:
    """Sheet after sheet, then the whole workbook and the descriptions of the columns into the ZIP."""
    place = folder / BOOK_PART
    if sheets_in(place) != len(note.filled):
        place.unlink(missing_ok=True)  # killed while a sheet was written
        note.filled.clear()
    rows = FileRows(office, folder)
    names = Names.of(rows)
    models = {model._meta.label: model for model in tables()}
    while note.pages_left:
        page = note.pages_left[0]
        sheet = page_sheet(rows, page, models.get(page.label), names, note.pages)
        note.filled.append((page.title, put_sheet(place, len(note.filled) + 1, sheet)))
        if is_over(until):
            return
    bind(place, note.filled)
    notes = notes_of(models[label] for label in note.tables)
    with archive(folder, "a") as into:
        text = json.dumps(as_values(notes), ensure_ascii=False, indent=1)
        add(into, note, "columns.json", text.encode())
        add(into, note, "columns.xlsx", columns_workbook(notes))
        add_from(into, note, BOOK, place, zipfile.ZIP_STORED)


def _put_files(folder: Path, note: Note, until: float | None) -> None:
    """Scans, papers, reports, claim files."""
    with archive(folder, "a") as into:
        while note.todo:
            _put(into, note, note.todo.pop(0))
            if is_over(until):
                return


def _put(into: zipfile.ZipFile, note: Note, file: ToPut) -> None:
    note.labels[file.name] = file.label
    try:
        content = content_of(file)
    except Missing as error:
        note.missing[file.name] = str(error)
        return
    # Pictures and PDFs are packed already.
    add(into, note, file.name, content, zipfile.ZIP_STORED)
