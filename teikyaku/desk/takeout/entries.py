"""Entries of the ZIP, each noted with its size and its SHA-256."""

from __future__ import annotations

import zipfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path

from teikyaku.desk.backup.manifest import Counted
from teikyaku.desk.takeout.note import Note

PART = "office.zip.part"
BLOCK = 1 << 20


@contextmanager
def archive(folder: Path, mode: str) -> Iterator[zipfile.ZipFile]:
    """The ZIP that is being made, readable by nobody else."""
    place = folder / PART
    with zipfile.ZipFile(place, mode, zipfile.ZIP_DEFLATED, compresslevel=6) as opened:  # type: ignore[call-overload]
        yield opened
    place.chmod(0o600)


def add(
    into: zipfile.ZipFile, note: Note, name: str, content: bytes,
    packed: int = zipfile.ZIP_DEFLATED,
) -> None:  # fmt: skip
    """An entry from memory."""
    into.writestr(name, content, compress_type=packed)
    note.entries[name] = Counted(len(content), sha256(content).hexdigest())


def add_from(
    into: zipfile.ZipFile, note: Note, name: str, place: Path, packed: int = zipfile.ZIP_DEFLATED
) -> None:
    """An entry from a file of any size."""
    digest, size = sha256(), 0
    entry = zipfile.ZipInfo(name, date_time=(1980, 1, 1, 0, 0, 0))
    entry.compress_type, entry.external_attr = packed, 0o600 << 16
    with place.open("rb") as content, into.open(entry, "w", force_zip64=True) as out:
        while block := content.read(BLOCK):
            out.write(block)
            digest.update(block)
            size += len(block)
    note.entries[name] = Counted(size, digest.hexdigest())


def write_lines(place: Path, lines: Iterable[bytes]) -> Counted:
    """A file of lines. How many there are, and the SHA-256 of its bytes."""
    digest, count = sha256(), 0
    with place.open("wb") as out:
        for line in lines:
            out.write(line)
            digest.update(line)
            count += 1
    place.chmod(0o600)
    return Counted(count, digest.hexdigest())
