"""Where scans lie: the private storage, under names that tell nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from hashlib import sha256

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from teikyaku.ids import new_public_id

FOLDER = "attachments"
BLOCK = 64 * 1024


def write(body: bytes, ending: str) -> str:
    """Store `body`; its name in the storage: random, in one of 256 folders.

    What finds no room leaves no piece behind. Raises OSError then.
    """
    name = new_public_id().hex
    place = f"{FOLDER}/{name[:2]}/{name}.{ending}"
    try:
        return default_storage.save(place, ContentFile(body))
    except OSError:
        default_storage.delete(place)
        raise


def remove(names: Iterable[str]) -> None:
    """Erase what lies under these names; empty names and what is gone are passed over."""
    for name in names:
        if name:
            default_storage.delete(name)


def digest_of(name: str) -> str | None:
    """SHA-256 of what lies under `name`, in hex; None where nothing lies there."""
    found = sha256()
    try:
        with default_storage.open(name, "rb") as file:
            while block := file.read(BLOCK):
                found.update(block)
    except FileNotFoundError:
        return None
    return found.hexdigest()


def names_before(at: datetime) -> Iterator[str]:
    """Every name in the storage that was written before `at`."""
    if not default_storage.exists(FOLDER):
        return
    folders, _files = default_storage.listdir(FOLDER)
    for folder in sorted(folders):
        for file in sorted(default_storage.listdir(f"{FOLDER}/{folder}")[1]):
            name = f"{FOLDER}/{folder}/{file}"
            if default_storage.get_modified_time(name) < at:
                yield name


def exists(name: str) -> bool:
    """Whether something lies under `name`."""
    return default_storage.exists(name)
