"""Many new rows at once: COPY on PostgreSQL, executemany of many rows a statement on SQLite.

For frozen and append-only models only. No `save`, no signal and no history row is made, and no
Python validation runs; the database's constraints hold as always.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import chain, islice
from operator import itemgetter
from typing import Any

from django.db import connection, models, transaction

from teikyaku.bulk_spelling import Spelling

ROWS_AT_A_TIME = 2_000
# Rows of one statement on SQLite, most first, and how many values one may hold at least anywhere.
ROWS_TOGETHER, MARKS = (128, 16, 1), 32_766


@transaction.atomic
def insert_rows(
    model: type[models.Model], rows: Iterable[Mapping[str, Any]], *, by: str | None = None
) -> list[int]:
    """Insert all of `rows` or none, as they come; return their keys in the same order.

    `by` names a field that rows of other writers may share: rows are written in its order, whatever
    their keys, so that two writers wait for each other and do not lock each other out.

    A row maps names of fields to values; of a foreign key either name (`client`, `client_id`) with
    the row or its key. A field that a row leaves out gets its default. Keys come from the table's
    own sequence, so that rows written otherwise never collide. Raises TypeError for a model with
    history, and for a name that the model does not have; IntegrityError as `save` does.
    """
    refuse_history(model)
    write = _copy if connection.vendor == "postgresql" else _execute_many
    source, spelling = iter(rows), Spelling(model)
    keys: list[int] = []
    while chunk := list(islice(source, ROWS_AT_A_TIME)):
        columns = spelling.of(chunk)
        taken = _take_keys(model, len(chunk))
        spelled = list(zip(taken, *columns, strict=True))
        if by is not None:
            spelled.sort(key=itemgetter(1 + spelling.place(by)))
        write(model, spelling.fields, spelled)
        keys += taken
    return keys


def refuse_history(model: type[models.Model]) -> None:
    """Raise TypeError for a model whose rows each leave a row of history."""
    if hasattr(model._meta, "simple_history_manager_attribute"):
        raise TypeError(f"{model.__name__} keeps history: its rows are saved one by one")


def insert_all(rows: Sequence[models.Model]) -> None:
    """Insert new model objects, all of one kind, as `insert_rows` does, and give them their keys."""
    if not rows:
        return
    model = type(rows[0])
    names = [each.attname for each in model._meta.local_concrete_fields if not each.primary_key]
    keys = insert_rows(model, ({name: getattr(row, name) for name in names} for row in rows))
    for row, key in zip(rows, keys, strict=True):
        row.pk = key
        row._state.adding, row._state.db = False, connection.alias


def _take_keys(model: type[models.Model], count: int) -> list[int]:
    table, pk = model._meta.db_table, model._meta.pk.column
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT nextval(pg_get_serial_sequence(%s, %s)) FROM generate_series(1, %s)",
                [connection.ops.quote_name(table), pk, count],
            )
            return [key for (key,) in cursor.fetchall()]
        # SQLite keeps the last key of an AUTOINCREMENT table in a table of its own; writing it
        # takes the lock, so that nobody takes the same keys before these rows are there.
        cursor.execute("UPDATE sqlite_sequence SET seq = seq + %s WHERE name = %s", [count, table])
        if not cursor.rowcount:
            cursor.execute(
                "INSERT INTO sqlite_sequence (name, seq) VALUES (%s, %s)", [table, count]
            )
        cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [table])
        (last,) = cursor.fetchone()
        return list(range(last - count + 1, last + 1))


def _columns(model: type[models.Model], fields: Sequence[Any]) -> tuple[str, str]:
    quote = connection.ops.quote_name
    columns = ", ".join(quote(each.column) for each in (model._meta.pk, *fields))
    return quote(model._meta.db_table), columns


def _copy(model: type[models.Model], fields: Sequence[Any], rows: Iterable[Sequence[Any]]) -> None:
    table, columns = _columns(model, fields)
    # Django wraps the errors of execute, but not those of COPY.
    with (
        connection.wrap_database_errors,
        connection.cursor() as cursor,
        cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as copy,
    ):
        for row in rows:
            copy.write_row(row)


def _execute_many(
    model: type[models.Model], fields: Sequence[Any], rows: Sequence[Sequence[Any]]
) -> None:
    """As many rows in one statement as make a round number: each statement opens every index anew."""
    table, columns = _columns(model, fields)
    width, first = len(fields) + 1, 0
    marks = f"({', '.join(['%s'] * width)})"
    with connection.cursor() as cursor:
        for size in (each for each in ROWS_TOGETHER if each == 1 or each * width <= MARKS):
            whole = (len(rows) - first) // size * size
            if not whole:
                continue
            starts = range(first, first + whole, size)
            cursor.executemany(
                f"INSERT INTO {table} ({columns}) VALUES {', '.join([marks] * size)}",  # noqa: S608  (quoted names)
                [tuple(chain.from_iterable(rows[n : n + size])) for n in starts],
            )
            first += whole
