"""Sealing and opening: age, for public keys. Whoever has the backups has nothing without the key."""

from __future__ import annotations

import os
import tempfile
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

import pyrage
from django.conf import settings

from teikyaku.desk.backup.errors import BackupError

COMMENT = "#"


def new_key() -> tuple[str, str]:
    """(secret, public) of a new pair: the secret opens, the public one seals."""
    identity = pyrage.x25519.Identity.generate()
    return str(identity), str(identity.to_public())


def recipients_of(keys: Iterable[str]) -> list[Any]:
    """Public keys as age takes them. Raises BackupError for none, or for what is no public key."""
    found = []
    for key in keys:
        try:
            found.append(pyrage.x25519.Recipient.from_str(key.strip()))
        except pyrage.RecipientError as error:
            raise BackupError(f"公開鍵が読めません（age1… で始まる文字）: {key[:8]}…") from error
    if not found:
        raise BackupError("公開鍵がありません。BACKUP_RECIPIENTS か --recipient に入れてください。")
    return found


def identities_of(file: Path) -> list[Any]:
    """The secret keys of a file, one a line. Raises BackupError where it holds none."""
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise BackupError(f"鍵のファイルが読めません: {file}") from error
    keys = [line.strip() for line in lines if line.strip() and not line.startswith(COMMENT)]
    try:
        found = [pyrage.x25519.Identity.from_str(key) for key in keys]
    except pyrage.IdentityError as error:
        raise BackupError(
            "鍵のファイルの中に、鍵（AGE-SECRET-KEY-…）でない行があります。"
        ) from error
    if not found:
        raise BackupError("鍵のファイルに鍵がありません。")
    return found


@contextmanager
def sealed(to: Path, recipients: list[Any]) -> Iterator[IO[bytes]]:
    """What is written into the block arrives sealed at `to`, which appears whole or not at all.

    A pipe between two threads: nothing unsealed ever lies on the disk, and memory stays flat.
    """
    with _half(to) as out:
        read_end, write_end = os.pipe()
        sealing = _Side(lambda reader: pyrage.encrypt_io(reader, out, recipients), read_end)
        try:
            with os.fdopen(write_end, "wb") as writer:
                yield writer
        except BrokenPipeError:
            pass  # the other end stopped first: it says why
        finally:
            sealing.join()
        sealing.raise_error()


@contextmanager
def _half(to: Path) -> Iterator[IO[bytes]]:
    """What becomes `to` at the end of the block, and goes where the block breaks off.

    Raises BackupError where another run of the same second grows there, and leaves that alone.
    """
    beside = half_of(to)
    try:
        out = open(beside, "xb", opener=_private)  # noqa: SIM115 (closed below)
    except FileExistsError as error:
        raise BackupError(
            "同じ秒に始まった別のバックアップが動いています。そちらが終わるのを待ってください。"
        ) from error
    try:
        with out:
            yield out
            out.flush()
            os.fsync(out.fileno())
        beside.replace(to)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise


def half_of(to: Path) -> Path:
    """Where a backup grows until it is whole."""
    return to.with_name(f".{to.name}.new")


@contextmanager
def opened(file: Path, identities: list[Any]) -> Iterator[IO[bytes]]:
    """The content of a sealed file. Raises BackupError for a wrong key or a broken file.

    It is unsealed into an unnamed file of the temporary folder: age proves the end of a file only
    at its end, and nothing of it may be used before that.
    """
    with tempfile.TemporaryFile(dir=settings.BACKUP_WORK) as plain:
        try:
            with file.open("rb") as sealed_file:
                pyrage.decrypt_io(sealed_file, plain, identities)
        except (OSError, pyrage.DecryptError) as error:
            if isinstance(error, OSError) and error.errno is not None:
                raise BackupError(
                    f"バックアップを読むところで止まりました: {error.strerror}"
                ) from error
            raise BackupError(
                "バックアップが開けません。鍵が違うか、ファイルが途中で切れているか壊れています。"
            ) from error
        plain.seek(0)
        yield plain


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


class _Side:
    """One end of the pipe, worked off in a thread; its error comes out of `finish`."""

    def __init__(self, work: Callable[[IO[bytes]], None], read_end: int) -> None:
        self._error: BaseException | None = None
        self._thread = threading.Thread(target=self._run, args=(work, read_end), daemon=True)
        self._thread.start()

    def _run(self, work: Callable[[IO[bytes]], None], read_end: int) -> None:
        with os.fdopen(read_end, "rb") as reader:
            try:
                work(reader)
            except BaseException as error:  # told by raise_error
                self._error = error

    def join(self) -> None:
        """Wait for the end of the work."""
        self._thread.join()

    def raise_error(self) -> None:
        """Raise BackupError where the work failed."""
        if self._error is not None:
            raise BackupError("バックアップを書けませんでした（空き容量など）。") from self._error
