"""Both databases: a dump as one moment saw it, and a dump loaded into an empty place."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import tempfile
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import OperationalError, connection, transaction

from teikyaku.desk.backup.checksums import NOTHING, postgres_checksums, sqlite_checksums
from teikyaku.desk.backup.errors import BackupError
from teikyaku.desk.backup.manifest import Counted, differing

HOURS = 6 * 60 * 60
# Who was signed in when it was made is nobody now: a restore never lets one of them in.
SESSIONS = "django_session"
# Options of DATABASE_URL about TLS, which the tools keep to as well.
SECURED = ("sslmode", "sslrootcert", "sslcert", "sslkey")


def vendor() -> str:
    """Which kind of database this installation has."""
    return connection.vendor


def dump(to: Path) -> dict[str, Counted]:
    """Write the whole database as one moment saw it to `to`; the checksum of every table of it.

    Others read and write on meanwhile. Raises BackupError where the tool of the database fails.
    """
    if connection.vendor == "sqlite":
        _copy(to)
        return sqlite_checksums(to)
    # pg_dump looks through the same snapshot as the checksums.
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        cursor.execute("SELECT pg_export_snapshot()")
        (snapshot,) = cursor.fetchone()
        _postgres("pg_dump", "--format=custom", "--no-owner", "--no-privileges",
                  f"--snapshot={snapshot}", f"--file={to}")  # fmt: skip
        return postgres_checksums(cursor.cursor)


def _copy(to: Path) -> None:
    try:
        with connection.cursor() as cursor:
            cursor.execute("VACUUM INTO %s", [str(to)])
    except OperationalError as error:
        raise BackupError(
            f"データベースの写しを書けませんでした（{error}）。ディスクの空きと BACKUP_WORK を見てください。"
        ) from error


def is_empty() -> bool:
    """Whether nothing was ever migrated here. An SQLite file need not be there yet."""
    if connection.vendor == "sqlite":
        file = sqlite_file()
        if not file.exists():
            return True
        with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as plain:
            return plain.execute("SELECT count(*) FROM sqlite_master").fetchone()[0] == 0
    return not connection.introspection.table_names()


def load(file: Path, expected: Mapping[str, Counted]) -> None:
    """Load a dump into the empty database, whole or not at all; every table must be as `expected`.

    But for the sessions, which do not come along: there is no moment at which one of them is good.

    Raises BackupError otherwise; the database is then as empty as before (PostgreSQL: the tables
    that differ are named and stand, so that they can be looked at).
    """
    if connection.vendor == "sqlite":
        _compare(expected, sqlite_checksums(file))
        connection.close()
        _into_place(file, sqlite_file())
        return
    with tempfile.NamedTemporaryFile("w", dir=settings.BACKUP_WORK) as listed:
        listed.write(_without_sessions(_postgres("pg_restore", "--list", str(file))))
        listed.flush()
        _postgres("pg_restore", "--exit-on-error", "--single-transaction", "--no-owner",
                  "--no-privileges", f"--use-list={listed.name}",
                  f"--dbname={connection.settings_dict['NAME']}", str(file))  # fmt: skip
    with transaction.atomic(), connection.cursor() as cursor:
        _compare({**expected, SESSIONS: NOTHING}, postgres_checksums(cursor.cursor))


def _without_sessions(listed: str) -> str:
    """The contents of a dump as pg_restore lists them, without the rows of the sessions."""
    lines = listed.splitlines(keepends=True)
    return "".join(line for line in lines if f" TABLE DATA public {SESSIONS} " not in line)


def _compare(expected: Mapping[str, Counted], found: Mapping[str, Counted]) -> None:
    if names := differing(expected, found):
        raise BackupError(f"バックアップと違う表があります: {'、'.join(names)}")


def _into_place(file: Path, place: Path) -> None:
    """Copied beside and renamed: a crash leaves the place empty."""
    place.parent.mkdir(parents=True, exist_ok=True)
    beside = place.with_name(f".{place.name}.new")
    try:
        shutil.copyfile(file, beside)
        beside.chmod(0o600)
        _end_sessions(beside)
        beside.replace(place)
    finally:
        beside.unlink(missing_ok=True)


def _end_sessions(file: Path) -> None:
    """Before the file is the database of anybody."""
    with closing(sqlite3.connect(file)) as plain, plain:
        plain.execute("PRAGMA secure_delete = ON")
        plain.execute(f"DELETE FROM {SESSIONS}")  # noqa: S608  (our own name)


def sqlite_file() -> Path:
    """Where the SQLite database of this installation lies."""
    return Path(connection.settings_dict["NAME"])


def _postgres(tool: str, *arguments: str) -> str:
    """Run a tool of PostgreSQL on this installation's database; what it printed.

    The password travels in its environment. Raises BackupError where it fails.
    """
    program = shutil.which(tool, path=settings.PG_BIN or None)
    if program is None:
        raise BackupError(
            f"{tool} がありません。Debian なら: apt-get install postgresql-client（別の場所なら PG_BIN）"
        )
    try:
        answer = subprocess.run(  # noqa: S603  (our own arguments)
            [program, *arguments], env={**os.environ, **_environment(connection.settings_dict)},
            capture_output=True, text=True, check=False, timeout=HOURS,
        )  # fmt: skip
    except subprocess.TimeoutExpired as error:
        raise BackupError(f"{tool} が終わらないので止めました。") from error
    if answer.returncode:
        # The first line says what failed; further ones may hold a row.
        said = answer.stderr.strip().splitlines()
        raise BackupError(f"{tool} が失敗しました: {said[0] if said else answer.returncode}")
    return answer.stdout


def _environment(values: Mapping[str, Any]) -> dict[str, str]:
    """As libpq reads it: nothing of it stands in the list of processes.

    The tool goes to the very server that this process talks to: of several in DATABASE_URL, another one
    may be a standby, which knows nothing of our snapshot.
    """
    connection.ensure_connection()
    reached = connection.connection.info
    options = values.get("OPTIONS", {})
    given = {
        "PGHOST": reached.host,
        "PGPORT": reached.port,
        "PGUSER": values.get("USER"),
        "PGPASSWORD": values.get("PASSWORD"),
        "PGDATABASE": values["NAME"],
        **{f"PG{name.upper()}": options.get(name) for name in SECURED},
    }
    return {key: str(value) for key, value in given.items() if value}
