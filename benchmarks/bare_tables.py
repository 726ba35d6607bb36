"""Tables without indexes and checks while many rows go in; both come back as they were.

Building an index once over all rows costs a fraction of keeping it up row by row. Nothing is checked
meanwhile: the rows are copies of rows that were.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from typing import Any

from django.db import OperationalError, connection

Say = Callable[[str], None]


def bare_tables(cursor: Any, tables: list[str], say: Say) -> AbstractContextManager[None]:
    """Inside the block the tables have neither indexes nor triggers nor checks of references."""
    if connection.vendor == "postgresql":
        return _on_postgres(cursor, tables, say)
    return _on_sqlite(cursor, tables)


@contextmanager
def _on_sqlite(cursor: Any, tables: list[str]) -> Iterator[None]:
    """Indexes behind UNIQUE within a table stay: SQLite cannot drop them."""
    cursor.execute("PRAGMA foreign_keys = OFF")
    # No journal is quicker still, where nobody else has the file open; a gain, never a need.
    with suppress(OperationalError):
        cursor.execute("PRAGMA journal_mode = OFF")
    cursor.execute("PRAGMA synchronous = OFF")
    cursor.execute("PRAGMA cache_size = -1000000")
    marks = ", ".join(["%s"] * len(tables))
    cursor.execute(
        "SELECT type, name, sql FROM sqlite_master WHERE type IN ('index', 'trigger') "
        f"AND sql IS NOT NULL AND tbl_name IN ({marks})",
        tables,
    )
    found = cursor.fetchall()
    for kind, name, _sql in found:
        cursor.execute(f'DROP {kind} "{name}"')
    yield
    for _kind, _name, sql in found:
        cursor.execute(sql.replace("%", "%%"), [])
    cursor.execute("PRAGMA journal_mode = WAL")
    cursor.execute("PRAGMA synchronous = NORMAL")
    cursor.execute("PRAGMA cache_size = -2000")
    cursor.execute("PRAGMA foreign_keys = ON")


_CONSTRAINTS = """
    SELECT c.relname, k.conname, pg_get_constraintdef(k.oid)
    FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid
    WHERE c.relname = ANY(%s) AND k.contype IN ('u', 'x')
"""
_INDEXES = """
    SELECT c.relname, i.relname, pg_get_indexdef(i.oid)
    FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid JOIN pg_class c ON c.oid = x.indrelid
    WHERE c.relname = ANY(%s) AND NOT x.indisprimary
      AND NOT EXISTS (SELECT 1 FROM pg_constraint k WHERE k.conindid = i.oid AND k.contype <> 'f')
"""


@contextmanager
def _on_postgres(cursor: Any, tables: list[str], say: Say) -> Iterator[None]:
    cursor.execute("SET session_replication_role = replica")
    cursor.execute("SET maintenance_work_mem = '1GB'")
    cursor.execute(_CONSTRAINTS, [tables])
    constraints = cursor.fetchall()
    cursor.execute(_INDEXES, [tables])
    indexes = cursor.fetchall()
    for table, name, _definition in constraints:
        cursor.execute(f'ALTER TABLE "{table}" DROP CONSTRAINT "{name}" CASCADE')
    for _table, name, _definition in indexes:
        cursor.execute(f'DROP INDEX "{name}"')
    yield
    for _table, _name, definition in indexes:
        cursor.execute(definition)
    for table, name, definition in constraints:
        cursor.execute(f'ALTER TABLE "{table}" ADD CONSTRAINT "{name}" {definition}')
    say("statistics")
    for table in tables:
        cursor.execute(
            f"SELECT setval(pg_get_serial_sequence(%s, 'id'), (SELECT max(id) FROM \"{table}\"))",
            [table],
        )
        cursor.execute(f'VACUUM (ANALYZE) "{table}"')
    cursor.execute("SET session_replication_role = DEFAULT")
    cursor.execute("RESET maintenance_work_mem")
