"""The least that storing a closed month can cost on a database: its rows, nothing computed.

The rows that a close has just written are set aside, taken out of their tables, and put back in two
ways, each in one transaction over all offices, with every index, constraint and trigger in place.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from django.db import connection, models, transaction

from billing.models import MonthClosing, PersonMonth, PersonMonthLine
from teikyaku.accounts.models import AuditEvent

TABLES: tuple[type[models.Model], ...] = (MonthClosing, PersonMonth, PersonMonthLine, AuditEvent)


class Floors:
    """The rows that come after this moment, and what it takes to write them."""

    def __init__(self) -> None:
        self.rows: dict[str, int] = {}
        self.processor_seconds = 0.0
        """Of the floor that was measured last; on SQLite the work of the database is in it."""
        self.last = {model: _last(model) for model in TABLES}

    def take(self) -> None:
        """Set the new rows aside and take them out."""
        with connection.cursor() as cursor:
            for model in TABLES:
                cursor.execute(f"CREATE TEMPORARY TABLE {_aside(model)} AS {self._new(model)}")
                cursor.execute(f"SELECT count(*) FROM {_aside(model)}")
                self.rows[model._meta.db_table] = cursor.fetchone()[0]
        self.empty()

    def end(self) -> None:
        """Forget them."""
        with connection.cursor() as cursor:
            for model in TABLES:
                cursor.execute(f"DROP TABLE {_aside(model)}")

    def by_select(self) -> float:
        """Seconds of one INSERT … SELECT a table."""

        def write(cursor: Any) -> None:
            for model in TABLES:
                table = model._meta.db_table
                cursor.execute(f"INSERT INTO {table} SELECT * FROM {_aside(model)} ORDER BY id")

        return self._timed(write)

    def from_memory(self) -> float:
        """Seconds of COPY (SQLite: executemany) of rows that are in memory, as the database has them."""
        held: list[tuple[str, list[Any]]] = []
        with connection.cursor() as cursor:
            for model in TABLES:
                cursor.execute(f"SELECT * FROM {_aside(model)} ORDER BY id")
                held.append((model._meta.db_table, _plain(model, cursor.fetchall())))

        def write(cursor: Any) -> None:
            for table, rows in held:
                _put(cursor, table, rows)

        return self._timed(write)

    def _timed(self, write: Callable[[Any], None]) -> float:
        began, used = time.perf_counter(), time.process_time()
        with transaction.atomic(), connection.cursor() as cursor:
            write(cursor)
        seconds = time.perf_counter() - began
        self.processor_seconds = time.process_time() - used
        self.empty()
        return seconds

    def _new(self, model: type[models.Model]) -> str:
        return f"SELECT * FROM {model._meta.db_table} WHERE id > {self.last[model]}"

    def empty(self) -> None:
        """Take out what has come since."""
        with connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                cursor.execute("SET session_replication_role = replica")
            for model in reversed(TABLES):
                cursor.execute(f"DELETE FROM {model._meta.db_table} WHERE id > {self.last[model]}")
            if connection.vendor == "postgresql":
                cursor.execute("SET session_replication_role = DEFAULT")
                for model in TABLES:
                    cursor.execute(f"VACUUM (ANALYZE) {model._meta.db_table}")


def _last(model: type[models.Model]) -> int:
    return int(model._default_manager.aggregate(last=models.Max("pk"))["last"] or 0)


def _aside(model: type[models.Model]) -> str:
    return f"aside_{model._meta.db_table}"


def _plain(model: type[models.Model], rows: list[Any]) -> list[Any]:
    """Rows as COPY takes them: what PostgreSQL hands out of a JSON column goes back as text."""
    places = [
        n for n, field in enumerate(model._meta.concrete_fields)
        if isinstance(field, models.JSONField)
    ]  # fmt: skip
    if not places or connection.vendor != "postgresql":
        return rows
    import json

    return [
        tuple(json.dumps(v) if n in places and not isinstance(v, str) else v for n, v in enumerate(row))
        for row in rows
    ]  # fmt: skip


def _put(cursor: Any, table: str, rows: list[Any]) -> None:
    if not rows:
        return
    if connection.vendor == "postgresql":
        with cursor.copy(f"COPY {table} FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)
        return
    marks = ", ".join(["%s"] * len(rows[0]))
    cursor.executemany(f"INSERT INTO {table} VALUES ({marks})", rows)
