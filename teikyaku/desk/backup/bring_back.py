"""Bringing a backup back into an empty place, proven table by table and file by file."""

from __future__ import annotations

import shutil
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from django.conf import settings
from django.db.migrations.loader import MigrationLoader

from teikyaku.desk.backup.checksums import file_checksum
from teikyaku.desk.backup.databases import is_empty, load, vendor
from teikyaku.desk.backup.errors import BackupError
from teikyaku.desk.backup.make import BRINGING_BACK, DATABASE, FILES, MANIFEST
from teikyaku.desk.backup.manifest import Counted, Manifest, differing
from teikyaku.desk.backup.sealing import identities_of, opened


@dataclass(frozen=True, slots=True)
class Unpacked:
    """中身 of a backup, unpacked into a folder of its own and held against its manifest."""

    folder: Path
    manifest: Manifest

    @property
    def database(self) -> Path:
        """The dump."""
        return self.folder / DATABASE

    @property
    def files(self) -> Path:
        """The attachments."""
        return self.folder / FILES


@contextmanager
def unpacked(file: Path, key_file: Path) -> Iterator[Unpacked]:
    """Open a backup and hold every byte of it against its manifest; gone with the block.

    Raises BackupError for a wrong key, a broken file, and for anything that is missing in it,
    came in addition or is not what the manifest says.
    """
    with (
        tempfile.TemporaryDirectory(prefix=BRINGING_BACK, dir=settings.BACKUP_WORK) as work,
        opened(file, identities_of(key_file)) as plain,
    ):
        folder = Path(work)
        try:
            with tarfile.open(fileobj=plain, mode="r|") as tar:
                _take_out(tar, folder)
        except tarfile.TarError as error:
            raise BackupError("バックアップの中身が読めません。") from error
        manifest = _manifest(folder)
        content = Unpacked(folder, manifest)
        wrong = differing(manifest.files, files_below(content.files))
        if wrong or file_checksum(content.database) != manifest.database:
            raise BackupError(f"目録と違うものがあります: {'、'.join(wrong[:5]) or DATABASE}")
        yield content


def _take_out(tar: tarfile.TarFile, folder: Path) -> None:
    """Plain files below the folder, and nothing else.

    Not `extractall(filter=…)`, which the Python of Debian 12 (3.11.2) does not know yet.
    """
    for entry in tar:
        place = folder / entry.name
        if not entry.isreg() or not _is_below(place, folder):
            raise BackupError("バックアップの中身が読めません。")
        content = tar.extractfile(entry)
        assert content is not None  # noqa: S101  (a regular file has one)
        place.parent.mkdir(parents=True, exist_ok=True)
        with content, place.open("xb") as kept:
            shutil.copyfileobj(content, kept)


def _is_below(place: Path, folder: Path) -> bool:
    return place.resolve().is_relative_to(folder.resolve())


def _manifest(folder: Path) -> Manifest:
    try:
        return Manifest.from_json((folder / MANIFEST).read_bytes())
    except FileNotFoundError as error:
        raise BackupError("バックアップに目録がありません。") from error


def files_below(root: Path) -> dict[str, Counted]:
    """Every file below a folder with its checksum; none where there is no folder."""
    return {
        PurePosixPath(path.relative_to(root)).as_posix(): file_checksum(path)
        for path in root.rglob("*")
        if path.is_file()
    }


def restore(content: Unpacked) -> None:
    """Attachments first, the database last: it is what makes the place no longer empty.

    Stopped in the middle and run again, it goes on: what it had put there is put there again.
    Raises BackupError where the place is not empty, for a backup of the other kind of database, and
    where what was loaded is not what was saved.
    """
    if content.manifest.vendor != vendor():
        raise BackupError(
            f"{content.manifest.vendor} のバックアップです。この設定の {vendor()} には戻せません。"
        )
    if newer := set(content.manifest.migrations) - known_migrations():
        raise BackupError(
            f"このプログラムより新しい版のバックアップです（{sorted(newer)[0]}）。先に更新してください。"
        )
    if not is_empty():
        raise BackupError("データベースが空ではありません。空の場所に復元してください。")
    strange = files_below(settings.MEDIA_ROOT).keys() - content.manifest.files.keys()
    if strange:
        raise BackupError(
            f"MEDIA_ROOT に、このバックアップにないファイルが{len(strange)}件あります。空の場所に復元してください。"
        )
    _place_files(content, settings.MEDIA_ROOT)
    load(content.database, content.manifest.tables)


def known_migrations() -> set[str]:
    """Every migration that this program brings."""
    loader = MigrationLoader(None, ignore_no_migrations=True)
    return {f"{app}.{name}" for app, name in loader.disk_migrations}


def _place_files(content: Unpacked, root: Path) -> None:
    for name in content.manifest.files:
        place = root / name
        place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        shutil.copyfile(content.files / name, place)
        place.chmod(0o600)
