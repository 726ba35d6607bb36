"""Making a backup: dump, attachments and manifest, sealed into one file; then the old ones go."""

from __future__ import annotations

import io
import os
import re
import shutil
import tarfile
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import IO

from django.conf import settings
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from teikyaku.accounts.actions.takeout import FOLDER as TAKEOUTS
from teikyaku.desk.backup.checksums import file_checksum
from teikyaku.desk.backup.databases import dump, vendor
from teikyaku.desk.backup.errors import BackupError
from teikyaku.desk.backup.manifest import Counted, Manifest
from teikyaku.desk.backup.rotation import to_remove
from teikyaku.desk.backup.sealing import half_of, recipients_of, sealed

DATABASE, MANIFEST, FILES = "database", "manifest.json", "files/"
PREFIX, SUFFIX, STAMP = "teikyaku-", ".tar.age", "%Y%m%dT%H%M%S"
MAKING, BRINGING_BACK = "teikyaku-backup-", "teikyaku-restore-"
"""How the folders begin in which the unsealed copy lies while a backup is made, or brought back."""
# With what `tempfile` puts behind it: a key or a folder that somebody named so by hand is none of ours.
_WORK_FOLDER = re.compile(rf"(?:{MAKING}|{BRINGING_BACK})[a-z0-9_]{{8}}")
# No run lasts so long (the unit ends it after six hours): who left it was killed.
A_RUN_AT_MOST = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Made:
    """作ったバックアップ where it lies, its bytes, and what is in it."""

    file: Path
    size: int
    tables: int
    rows: int
    files: int
    removed: int


def make_backup(*, folder: Path, recipients: list[str], keep_days: int, at: datetime) -> Made:
    """One more backup in `folder`; those that are too old go once it lies there whole.

    The database is copied first, the attachments after it: every file that a row names is in it
    (docs/keeping.md). Raises BackupError; the former backups then stay as they were.
    """
    keys = recipients_of(recipients)
    if not folder.is_dir():
        raise BackupError(f"バックアップを置くフォルダーがありません: {folder}")
    remove_halves(folder, at)
    file = folder / f"{PREFIX}{at.strftime(STAMP)}{SUFFIX}"
    if file.exists():
        raise BackupError("同じ時刻のバックアップがもうあります。少し待ってからもう一度。")
    try:
        manifest = _write(file, keys, at)
    except OSError as error:
        raise BackupError(f"バックアップを書けませんでした: {error.strerror}") from error
    removed = remove_old(folder, at, keep_days)
    rows = sum(table.size for table in manifest.tables.values())
    return Made(
        file, file.stat().st_size, len(manifest.tables), rows, len(manifest.files), len(removed)
    )


def _write(file: Path, keys: list[object], at: datetime) -> Manifest:
    with (
        tempfile.TemporaryDirectory(prefix=MAKING, dir=settings.BACKUP_WORK) as work,
        sealed(file, keys) as out,
        tarfile.open(fileobj=out, mode="w|") as tar,
    ):
        copy = Path(work) / DATABASE
        tables = dump(copy)
        database = file_checksum(copy)
        tar.add(copy, DATABASE)
        manifest = Manifest(
            made_at=at.isoformat(), product=settings.VERSION, vendor=vendor(),
            migrations=migrations(), database=database, tables=tables,
            files=dict(_add_files(tar, settings.MEDIA_ROOT)),
        )  # fmt: skip
        _add(tar, MANIFEST, io.BytesIO(content := manifest.to_json()), len(content))
    return manifest


def migrations() -> tuple[str, ...]:
    """What has been migrated here, in order of names."""
    return tuple(
        sorted(f"{app}.{name}" for app, name in MigrationRecorder(connection).applied_migrations())
    )


def _add_files(tar: tarfile.TarFile, root: Path) -> Iterator[tuple[str, Counted]]:
    """Every attachment, with its checksum; one that is erased meanwhile is left out.

    Files that an office takes along stay out too: they are gone in a few days, and hold nothing else.
    """
    for path in sorted(path for path in root.rglob("*") if path.is_file()):
        name = path.relative_to(root).as_posix()
        if name.startswith(f"{TAKEOUTS}/"):
            continue
        try:
            counted = file_checksum(path)
            with path.open("rb") as content:
                _add(tar, FILES + name, content, counted.size)
        except FileNotFoundError:
            continue
        yield name, counted


def _add(tar: tarfile.TarFile, name: str, content: IO[bytes], size: int) -> None:
    entry = tarfile.TarInfo(name)
    entry.size, entry.mode = size, 0o600
    tar.addfile(entry, content)


def kept(folder: Path) -> dict[datetime, Path]:
    """The backups of a folder by the time in their name; other files are none of ours."""
    files = ((made_at(file.name), file) for file in folder.glob(f"{PREFIX}*{SUFFIX}"))
    return {made: file for made, file in files if made is not None}


def made_at(name: str) -> datetime | None:
    """When a backup was made (Tokyo, without zone), as its name says; None for any other file."""
    if not (name.startswith(PREFIX) and name.endswith(SUFFIX)):
        return None
    try:
        return datetime.strptime(name.removeprefix(PREFIX).removesuffix(SUFFIX), STAMP)  # noqa: DTZ007
    except ValueError:
        return None


def remove_old(folder: Path, at: datetime, keep_days: int) -> list[Path]:
    """Remove what the rotation no longer keeps; the files that went."""
    files = kept(folder)
    gone = [files[moment] for moment in to_remove(files, at.replace(tzinfo=None), keep_days)]
    for file in gone:
        file.unlink(missing_ok=True)
    return gone


def remove_halves(folder: Path, at: datetime) -> None:
    """Remove what killed runs left: half files beside the backups, and unsealed copies.

    They would fill the disk, and the copies are open to whoever reads it.
    """
    work = Path(settings.BACKUP_WORK or tempfile.gettempdir())
    for path in folder.glob(half_of(Path(f"{PREFIX}*{SUFFIX}")).name):
        if _is_left_over(path, at):
            path.unlink(missing_ok=True)
    for path in work.iterdir():
        if _WORK_FOLDER.fullmatch(path.name) and path.is_dir() and _is_left_over(path, at):
            shutil.rmtree(path, ignore_errors=True)


def _is_left_over(path: Path, at: datetime) -> bool:
    """Whether nobody has written there for longer than any run lasts, and it is ours to remove."""
    try:
        told = path.lstat()
    except FileNotFoundError:
        return False
    is_ours = told.st_uid == os.geteuid() and not path.is_symlink()
    return is_ours and told.st_mtime < (at - A_RUN_AT_MOST).timestamp()
