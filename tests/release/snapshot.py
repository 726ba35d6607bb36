"""A database as a release left it: its schema in the words of both databases, its rows as text.

Small on purpose: a fictional city with one person of each kind of life (tests/release/make.py).
"""

from __future__ import annotations

import hashlib
import json
import lzma
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

DATA = Path(__file__).resolve().parent / "data"
Row = list[str | None]


class Snapshot:
    """The files of one release."""

    def __init__(self, name: str) -> None:
        self.folder = DATA / name

    @property
    def about(self) -> dict[str, Any]:
        """`commit`, and `heads`: the last migration of each app."""
        return dict(json.loads((self.folder / "about.json").read_text(encoding="utf-8")))

    def schema(self, vendor: str) -> dict[str, str]:
        """The statements before and after the rows."""
        return dict(json.loads(self._read(f"{vendor}.json.xz")))

    def rows(self) -> Iterator[tuple[str, list[str], list[Row]]]:
        """Each table with its columns and rows."""
        for line in self._read("rows.jsonl.xz").splitlines():
            table, columns, rows = json.loads(line)
            yield table, columns, rows

    def write(self, name: str, content: Any) -> None:
        """One file of it."""
        self.folder.mkdir(parents=True, exist_ok=True)
        if name.endswith(".xz"):
            (self.folder / name).write_bytes(lzma.compress(content.encode(), preset=9))
        else:
            (self.folder / name).write_text(content, encoding="utf-8")

    def _read(self, name: str) -> str:
        return lzma.decompress((self.folder / name).read_bytes()).decode()

    def load(self, connection: Any) -> None:
        """Make the tables and fill them, in an empty database."""
        schema = self.schema(connection.vendor)
        load = _into_sqlite if connection.vendor == "sqlite" else _into_postgresql
        with connection.cursor() as cursor:
            load(cursor, schema, self.rows())


def _into_sqlite(cursor: Any, schema: dict[str, str], tables: Any) -> None:
    raw = cursor.connection
    cursor.execute("PRAGMA foreign_keys = OFF")
    raw.executescript(schema["before"])
    cursor.execute("BEGIN")
    for table, columns, rows in tables:
        names = ", ".join(f'"{name}"' for name in columns)
        places = ", ".join("?" * len(columns))
        raw.executemany(f'INSERT INTO "{table}" ({names}) VALUES ({places})', rows)
    cursor.execute("COMMIT")
    raw.executescript(schema["after"])
    cursor.execute("PRAGMA foreign_keys = ON")


def _into_postgresql(cursor: Any, schema: dict[str, str], tables: Any) -> None:
    cursor.execute(schema["before"])
    cursor.execute("SET search_path = public")
    cursor.execute("SET TIME ZONE 'UTC'")
    # Their order, and rows that refer to each other, are the business of who wrote them.
    cursor.execute("SET session_replication_role = replica")
    for table, columns, rows in tables:
        names = ", ".join(f'"{name}"' for name in columns)
        places = ", ".join(["%s"] * len(columns))
        # Client-side: texts without a type, which the columns read in their own way.
        cursor.executemany(f'INSERT INTO "{table}" ({names}) VALUES ({places})', rows)
    cursor.execute("SET session_replication_role = origin")
    cursor.execute(schema["after"])
    cursor.execute("SET search_path = public")
    cursor.execute(
        "SELECT table_name, column_name FROM information_schema.columns"
        " WHERE table_schema = 'public' AND is_identity = 'YES'"
    )
    for table, column in cursor.fetchall():
        cursor.execute(
            f"SELECT setval(pg_get_serial_sequence('\"{table}\"', '{column}'),"
            f' COALESCE((SELECT max("{column}") FROM "{table}"), 0) + 1, false)'
        )


def columns_of(connection: Any) -> dict[tuple[str, str], str]:
    """Every (table, column) with a digest over its values in any order, and how many rows there are."""
    found = {}
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            names = [column[0] for column in cursor.description]
            rows = cursor.fetchall()
            for place, name in enumerate(names):
                found[table, name] = f"{len(rows)}:{_digest(row[place] for row in rows)}"
    return found


def _digest(values: Any) -> str:
    counted = sorted(Counter(_text(value) for value in values).items())
    return hashlib.sha256(repr(counted).encode()).hexdigest()[:16]


def _text(value: Any) -> str:
    """The same before and after, also where a migration only changes how a column is declared."""
    if isinstance(value, bool):
        return str(int(value))
    if isinstance(value, memoryview | bytes):
        return bytes(value).hex()
    return str(value)
