"""覚え書き of a file that is being made: what lies there so far, and what is still to go in."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path

from teikyaku.desk.backup.manifest import Counted
from teikyaku.desk.takeout.files import ToPut
from teikyaku.desk.takeout.workbook import BookPage

NOTE = "note.json"
BOOK = "office.xlsx"


@dataclass(slots=True)
class Note:
    """覚え書き of the work; stored after each piece, so that the next one goes on from there."""

    made_at: str
    on: str
    tables: dict[str, Counted] = field(default_factory=dict)
    """Rows and SHA-256 of each table's lines, all of one moment."""
    unpacked: list[str] = field(default_factory=list)
    """Tables whose lines still lie beside the ZIP."""
    pages: list[BookPage] = field(default_factory=list)
    """Every sheet of the workbook."""
    filled: list[tuple[str, str]] = field(default_factory=list)
    """Title and cells of the sheets that are made; the first so many of the pages."""
    entries: dict[str, Counted] = field(default_factory=dict)
    """Bytes and SHA-256 of what lies in the ZIP."""
    labels: dict[str, str] = field(default_factory=dict)
    missing: dict[str, str] = field(default_factory=dict)
    todo: list[ToPut] = field(default_factory=list)
    total: int = 0
    """How many pieces of work there were when the lines had been written."""
    files: int = 0
    """How many files go in, the workbook among them."""

    @property
    def rows(self) -> int:
        """How many rows are in it."""
        return sum(table.size for table in self.tables.values())

    @property
    def has_book(self) -> bool:
        """Whether the workbook lies in the ZIP, whole."""
        return BOOK in self.entries

    @property
    def pages_left(self) -> list[BookPage]:
        """The sheets that are still to be made."""
        return self.pages[len(self.filled) :]

    @property
    def left(self) -> int:
        """How many pieces are still to do: tables to pack, sheets, the workbook, files."""
        book = 0 if self.has_book else len(self.pages_left) + 1
        return len(self.unpacked) + book + len(self.todo)


def noted(folder: Path) -> Note:
    """The note of a folder. Raises OSError, ValueError, KeyError or TypeError where there is none."""
    values = json.loads((folder / NOTE).read_bytes())
    for name in ("tables", "entries"):
        values[name] = {key: Counted(**each) for key, each in values[name].items()}
    values["todo"] = [ToPut(**each) for each in values["todo"]]
    values["pages"] = [BookPage(**each) for each in values["pages"]]
    values["filled"] = [(title, cells) for title, cells in values["filled"]]
    return Note(**values)


def keep(folder: Path, note: Note) -> None:
    """Store it, whole or not at all."""
    beside = folder / f".{NOTE}"
    beside.write_text(json.dumps(asdict(note), ensure_ascii=False), encoding="utf-8")
    beside.replace(folder / NOTE)
