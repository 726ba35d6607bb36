"""A checksum of every table, the same before a backup and after a restore of the same database kind."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

from teikyaku.desk.backup.manifest import Counted

CHUNK = 5_000
# Answers as text depend on these: said, so that another server's defaults change nothing.
SAY_IT_ALIKE = (
    "SET LOCAL DateStyle = 'ISO, MDY'; SET LOCAL TimeZone = 'UTC'; "
    "SET LOCAL IntervalStyle = 'postgres'; SET LOCAL extra_float_digits = 1; "
    "SET LOCAL bytea_output = 'hex'"
)

# Of a table without rows.
NOTHING = Counted(0, hashlib.sha256().hexdigest())


def sqlite_checksums(file: Path) -> dict[str, Counted]:
    """Of every table in an SQLite file that nobody writes to; rows in the order of their rowid."""
    with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as connection:
        names = connection.execute(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
        ).fetchall()
        return {name: _sqlite_table(connection, name) for (name,) in sorted(names)}


def _sqlite_table(connection: sqlite3.Connection, table: str) -> Counted:
    columns = sorted(row[1] for row in connection.execute(f'PRAGMA table_info("{table}")'))
    listed = ", ".join(f'"{column}"' for column in columns)
    rows = connection.execute(f'SELECT {listed} FROM "{table}" ORDER BY rowid')  # noqa: S608
    return _counted(repr(row).encode() for row in _in_chunks(rows))


def _in_chunks(rows: sqlite3.Cursor) -> Iterator[tuple[Any, ...]]:
    while chunk := rows.fetchmany(CHUNK):
        yield from chunk


def postgres_checksums(cursor: Any) -> dict[str, Counted]:
    """Of every table of the schema `public`, as this transaction sees them; rows in order of key.

    `cursor` is a psycopg cursor inside a transaction. The rows never gather in memory: COPY streams.
    """
    cursor.execute(SAY_IT_ALIKE)
    cursor.execute(
        "SELECT c.relname, array_agg(a.attname::text ORDER BY a.attname) FROM pg_class c "
        "JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped "
        "WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace GROUP BY c.relname"
    )
    tables = sorted(cursor.fetchall())
    return {name: _postgres_table(cursor, name, columns) for name, columns in tables}


def _postgres_table(cursor: Any, table: str, columns: list[str]) -> Counted:
    listed = ", ".join(f'"{column}"' for column in columns)
    ordered = '"id"' if "id" in columns else listed
    question = f'COPY (SELECT {listed} FROM "{table}" ORDER BY {ordered}) TO STDOUT'  # noqa: S608
    with cursor.copy(question) as copy:
        return _counted(bytes(row) for row in copy)


def _counted(rows: Iterator[bytes]) -> Counted:
    sha, count = hashlib.sha256(), 0
    for row in rows:
        sha.update(row)
        count += 1
    return Counted(count, sha.hexdigest())


def file_checksum(file: Path) -> Counted:
    """Bytes and SHA-256 of a file."""
    with file.open("rb") as content:
        digest = hashlib.file_digest(content, "sha256").hexdigest()
    return Counted(file.stat().st_size, digest)
