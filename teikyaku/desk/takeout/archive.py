"""The ZIP, a piece at a time: first the data of one moment, then file after file, last the manifest.

What has been written lies in a folder of the takeout, with a note beside it; who is stopped goes on
from there. Where the two do not fit together (killed in the middle of a write) all begins anew: so
running it twice, or again, gives one whole file or none. Memory stays flat: rows and entries are
streamed, and one scan at a time is held.
"""

from __future__ import annotations

import fcntl
import json
import shutil
import zipfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from hashlib import sha256
from pathlib import Path
from time import monotonic
from typing import IO, Any

from django.conf import settings

from teikyaku.accounts.models import Office
from teikyaku.desk.backup.make import migrations
from teikyaku.desk.backup.manifest import Counted
from teikyaku.desk.takeout.columns import as_values, data_file, notes_of
from teikyaku.desk.takeout.file_rows import FileRows
from teikyaku.desk.takeout.files import Missing, ToPut, content_of, files_of
from teikyaku.desk.takeout.manifest import MANIFEST, TakeoutManifest
from teikyaku.desk.takeout.readme import README, readme
from teikyaku.desk.takeout.rows import OfficeRows, snapshot
from teikyaku.desk.takeout.tables import LEFT_OUT, tables
from teikyaku.desk.takeout.values import line_of
from teikyaku.desk.takeout.workbook import columns_workbook, files_workbook, office_workbook

BOOK = "office.xlsx"
ZIP, PART, NOTE, LOCK = "office.zip", "office.zip.part", "note.json", "lock"


@dataclass(slots=True)
class Note:
    """覚え書き what lies in the ZIP so far, and what is still to go in."""

    made_at: str
    on: str
    tables: dict[str, Counted] = field(default_factory=dict)
    entries: dict[str, Counted] = field(default_factory=dict)
    labels: dict[str, str] = field(default_factory=dict)
    missing: dict[str, str] = field(default_factory=dict)
    todo: list[ToPut] = field(default_factory=list)
    total: int = 0

    @property
    def rows(self) -> int:
        """How many rows are in it."""
        return sum(table.size for table in self.tables.values())

    @property
    def has_book(self) -> bool:
        """Whether the workbook lies there: a piece of its own, made from the data in the file."""
        return BOOK in self.entries

    @property
    def left(self) -> int:
        """How many files are still to go in, the workbook among them."""
        return len(self.todo) + (not self.has_book)


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
        return _noted(folder)
    until = None if seconds is None else monotonic() + seconds
    is_sound = _is_sound(folder)
    note = _noted(folder) if is_sound else _begin(folder, office, on, at)
    # What came before may have taken long: then the next piece waits for the next request.
    is_due = is_sound
    if not note.has_book and (is_due or until is None or monotonic() < until):
        note, is_due = _put_book(folder, note, office), False
    if note.has_book and (is_due or until is None or monotonic() < until):
        note = _put_files(folder, note, until)
    if not note.left:
        _finish(folder, note, office)
    return note


def _is_sound(folder: Path) -> bool:
    """Whether the ZIP holds exactly what the note says."""
    try:
        with zipfile.ZipFile(folder / PART) as archive:
            return set(archive.namelist()) == set(_noted(folder).entries)
    except (OSError, ValueError, KeyError, TypeError, zipfile.BadZipFile):
        return False


def _noted(folder: Path) -> Note:
    values = json.loads((folder / NOTE).read_bytes())
    for name in ("tables", "entries"):
        values[name] = {key: Counted(**each) for key, each in values[name].items()}
    values["todo"] = [ToPut(**each) for each in values["todo"]]
    return Note(**values)


def _keep(folder: Path, note: Note) -> None:
    beside = folder / f".{NOTE}"
    beside.write_text(json.dumps(asdict(note), ensure_ascii=False), encoding="utf-8")
    beside.replace(folder / NOTE)


@contextmanager
def _archive(folder: Path, mode: str) -> Iterator[zipfile.ZipFile]:
    place = folder / PART
    with zipfile.ZipFile(place, mode, zipfile.ZIP_DEFLATED, compresslevel=6) as archive:  # type: ignore[call-overload]
        yield archive
    place.chmod(0o600)


def _begin(folder: Path, office: Office, on: date, at: datetime) -> Note:
    """The data as one moment saw it, its descriptions, and the list of files to come."""
    note = Note(made_at=at.isoformat(), on=on.isoformat())
    with _archive(folder, "w") as archive, snapshot():
        found = OfficeRows(office, on)
        models = found.choose()
        _add(archive, note, README, readme(office, on, settings.VERSION).encode("utf-8-sig"))
        for model in models:
            lines = (line_of(model, row, found) for row in found.of(model))
            counted = _add_lines(archive, note, data_file(model), lines)
            note.tables[model._meta.label] = counted
        notes = notes_of(models)
        text = json.dumps(as_values(notes), ensure_ascii=False, indent=1)
        _add(archive, note, "columns.json", text.encode())
        _add(archive, note, "columns.xlsx", columns_workbook(notes))
        note.todo = list(files_of(found))
        note.total = note.left
    _keep(folder, note)
    return note


def _put_book(folder: Path, note: Note, office: Office) -> Note:
    """The workbook, from the data that lies in the file: whatever was written in the office since."""
    counts = {label: table.size for label, table in note.tables.items()}
    with zipfile.ZipFile(folder / PART) as data:
        models = [each for each in tables() if each._meta.label in counts]
        book = office_workbook(FileRows(office, data), models, counts)
    with _archive(folder, "a") as archive:
        _add(archive, note, BOOK, book)
    _keep(folder, note)
    return note


def _put_files(folder: Path, note: Note, until: float | None) -> Note:
    """At least one file a time."""
    if not note.todo:
        return note
    with _archive(folder, "a") as archive:
        while note.todo:
            file = note.todo.pop(0)
            _put(archive, note, file)
            if until is not None and monotonic() > until:
                break
    _keep(folder, note)
    return note


def _put(archive: zipfile.ZipFile, note: Note, file: ToPut) -> None:
    note.labels[file.name] = file.label
    try:
        content = content_of(file)
    except Missing as error:
        note.missing[file.name] = str(error)
        return
    # Pictures and PDFs are packed already.
    _add(archive, note, file.name, content, zipfile.ZIP_STORED)


def _finish(folder: Path, note: Note, office: Office) -> None:
    """List and manifest, then the file appears under its name, whole."""
    with _archive(folder, "a") as archive:
        _add(archive, note, "files.xlsx", files_workbook(_listed(note)))
        manifest = manifest_of(note, office)
        archive.writestr(MANIFEST, manifest.to_json())
    _keep(folder, note)
    (folder / PART).replace(folder / ZIP)


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


def data_file_of(label: str) -> str:
    """As `columns.data_file`, by the label of a model."""
    return f"data/{label.lower()}.jsonl"


def _add(
    archive: zipfile.ZipFile, note: Note, name: str, content: bytes,
    packed: int = zipfile.ZIP_DEFLATED,
) -> None:  # fmt: skip
    archive.writestr(name, content, compress_type=packed)
    note.entries[name] = Counted(len(content), sha256(content).hexdigest())


def _add_lines(archive: zipfile.ZipFile, note: Note, name: str, lines: Iterable[bytes]) -> Counted:
    """A data file, line by line. How many rows it holds, and the SHA-256 of its bytes."""
    digest, count, size = sha256(), 0, 0
    with archive.open(name, "w", force_zip64=True) as out:
        write = _both(out, digest.update)
        for line in lines:
            write(line + b"\n")
            count += 1
            size += len(line) + 1
    note.entries[name] = Counted(size, digest.hexdigest())
    return Counted(count, digest.hexdigest())


def _both(out: IO[bytes], update: Callable[[bytes], Any]) -> Callable[[bytes], None]:
    def write(line: bytes) -> None:
        out.write(line)
        update(line)

    return write


def remove(folder: Path) -> None:
    """Everything of a takeout goes from the disk. Safe to run again."""
    shutil.rmtree(folder, ignore_errors=True)
