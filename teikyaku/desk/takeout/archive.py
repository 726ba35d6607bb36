"""The ZIP, a piece at a time: the data of one moment, its packing, sheet after sheet, file after file.

Only writing the lines of the data is one piece, since they are of one moment; everything else comes
from them, for a few seconds a request. What has been made lies in a folder of the takeout, with a note
beside it; who is stopped goes on from there. Where the two do not fit together (killed in the middle
of a write) all begins anew: so running it twice, or again, gives one whole file or none. Memory stays
flat: rows and entries are streamed; one scan, or one sheet, at a time is held.
"""

from __future__ import annotations

import fcntl
import shutil
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from time import monotonic

from django.conf import settings

from teikyaku.accounts.models import Office
from teikyaku.desk.backup.make import migrations
from teikyaku.desk.backup.manifest import Counted
from teikyaku.desk.takeout.entries import PART, add, archive, write_lines
from teikyaku.desk.takeout.files import files_of
from teikyaku.desk.takeout.manifest import MANIFEST, TakeoutManifest
from teikyaku.desk.takeout.note import NOTE, Note, keep, noted
from teikyaku.desk.takeout.pieces import BOOK_PART, data_file_of, go_on, is_over
from teikyaku.desk.takeout.readme import README, readme
from teikyaku.desk.takeout.rows import OfficeRows, snapshot
from teikyaku.desk.takeout.tables import LEFT_OUT
from teikyaku.desk.takeout.values import lines_of
from teikyaku.desk.takeout.workbook import book_pages, files_workbook

ZIP, LOCK, DATA = "office.zip", "lock", "data"


@contextmanager
def alone(folder: Path) -> Iterator[bool]:
    """Whether nobody else works in the folder; held until the end of the block."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    with (folder / LOCK).open("wb") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            yield False
            return
        yield True


def work_on(
    folder: Path, office: Office, *, on: date, at: datetime, seconds: float | None = None
) -> Note:
    """Go on with the file for about so many seconds (None: to its end). Call it inside `alone`.

    Nothing is left (`Note.left`) once the whole file lies there. Raises TakeoutError.
    """
    if (folder / ZIP).exists():
        return noted(folder)
    until = None if seconds is None else monotonic() + seconds
    note = _sound(folder)
    if note is None:
        note = _begin(folder, office, on, at)
        if is_over(until):
            return note  # the next piece waits for the next request
    go_on(folder, note, office, until)
    if not note.left:
        _finish(folder, note, office)
    return note


def _sound(folder: Path) -> Note | None:
    """The note, where the ZIP holds exactly what it says."""
    try:
        note = noted(folder)
        with zipfile.ZipFile(folder / PART) as found:
            return note if set(found.namelist()) == set(note.entries) else None
    except (OSError, ValueError, KeyError, TypeError, zipfile.BadZipFile):
        return None


def _begin(folder: Path, office: Office, on: date, at: datetime) -> Note:
    """The lines of all tables as one moment saw them, and the list of what is to be made of them."""
    (folder / NOTE).unlink(missing_ok=True)  # of lines that go now
    (folder / BOOK_PART).unlink(missing_ok=True)
    shutil.rmtree(folder / DATA, ignore_errors=True)
    (folder / DATA).mkdir(mode=0o700)
    note = Note(made_at=at.isoformat(), on=on.isoformat())
    with snapshot():
        found = OfficeRows(office, on)
        models = found.choose()
        for model in models:
            place = folder / data_file_of(model._meta.label)
            note.tables[model._meta.label] = write_lines(place, lines_of(model, found))
        note.todo = list(files_of(found))
    note.unpacked = list(note.tables)
    note.pages = book_pages(models, {label: table.size for label, table in note.tables.items()})
    note.total, note.files = note.left, len(note.todo) + 1
    with archive(folder, "w") as into:
        add(into, note, README, readme(office, on, settings.VERSION).encode("utf-8-sig"))
    keep(folder, note)
    return note


def _finish(folder: Path, note: Note, office: Office) -> None:
    """List and manifest, then the file appears under its name, whole; what it was made from goes."""
    with archive(folder, "a") as into:
        add(into, note, "files.xlsx", files_workbook(_listed(note)))
        into.writestr(MANIFEST, manifest_of(note, office).to_json())
    keep(folder, note)
    (folder / PART).replace(folder / ZIP)
    (folder / BOOK_PART).unlink(missing_ok=True)
    shutil.rmtree(folder / DATA, ignore_errors=True)


def _listed(note: Note) -> Iterator[tuple[str, str, int, str, str]]:
    for name, label in note.labels.items():
        counted = note.entries.get(name, Counted(0, ""))
        yield name, label, counted.size, counted.sha256, note.missing.get(name, "")


def manifest_of(note: Note, office: Office) -> TakeoutManifest:
    """What the file must hold."""
    data = {data_file_of(label) for label in note.tables}
    return TakeoutManifest(
        made_at=note.made_at, on=note.on, product=settings.VERSION,
        office={"number": office.number, "name": office.name, "public_id": str(office.public_id)},
        migrations=migrations(), tables=note.tables,
        files={name: each for name, each in note.entries.items() if name not in data},
        missing=note.missing, left_out=LEFT_OUT,
    )  # fmt: skip


def remove(folder: Path) -> None:
    """Everything of a takeout goes from the disk. Safe to run again."""
    shutil.rmtree(folder, ignore_errors=True)
