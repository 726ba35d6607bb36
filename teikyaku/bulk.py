"""Many new rows at once: COPY on PostgreSQL, executemany on SQLite.

For frozen and append-only models only. No `save`, no signal and no history row is made, and no
Python validation runs; the database's constraints hold as always.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

from django.db import connection, models, transaction

ROWS_AT_A_TIME = 2_000


@transaction.atomic
def insert_rows(model: type[models.Model], rows: Iterable[Mapping[str, Any]]) -> list[int]:
    """Insert all of `rows` or none, as they come; return their keys in the same order.

    A row maps names of fields to values; of a foreign key either name (`client`, `client_id`) with
    the row or its key. A field that a row leaves out gets its default. Keys come from the table's
    own sequence, so that rows written otherwise never collide. Raises TypeError for a model with
    history, and for a name that the model does not have; IntegrityError as `save` does.
    """
    if hasattr(model._meta, "simple_history_manager_attribute"):
        raise TypeError(f"{model.__name__} keeps history: its rows are saved one by one")
    names = _names(model)
    fields = [each for each in model._meta.local_concrete_fields if not each.primary_key]
    plain = [_plain_type(each) for each in fields]
    write = _copy if connection.vendor == "postgresql" else _execute_many
    source = iter(rows)
    keys: list[int] = []
    while chunk := [
        _values(model, names, fields, plain, row) for row in islice(source, ROWS_AT_A_TIME)
    ]:
        taken = _take_keys(model, len(chunk))
        write(model, fields, ((key, *row) for key, row in zip(taken, chunk, strict=True)))
        keys += taken
    return keys


def _names(model: type[models.Model]) -> dict[str, str]:
    """Every name that a row may use, and the field that it means."""
    fields = model._meta.local_concrete_fields
    return {name: each.name for each in fields for name in (each.name, each.attname)}


def _values(
    model: type[models.Model],
    names: Mapping[str, str],
    fields: Sequence[Any],
    plain: Sequence[type | None],
    row: Mapping[str, Any],
) -> list[Any]:
    unknown = [name for name in row if name not in names or names[name] == model._meta.pk.name]
    if unknown:
        raise TypeError(f"{model.__name__} rows cannot set {', '.join(sorted(unknown))}")
    given = {names[name]: value for name, value in row.items()}
    return [_value(each, own, given) for each, own in zip(fields, plain, strict=True)]


def _plain_type(field: Any) -> type | None:
    """The type of which a field's values go to the database as they are; None: each is prepared."""
    while field.is_relation:
        field = field.target_field
    if isinstance(field, models.IntegerField):
        return int
    return str if type(field) in (models.CharField, models.TextField) else None


def _value(field: Any, plain: type | None, given: Mapping[str, Any]) -> Any:
    value = given[field.name] if field.name in given else field.get_default()
    if type(value) is plain:  # most of them: a member of an enumeration is none
        return value
    if isinstance(value, models.Model):
        value = getattr(value, field.target_field.attname)
    return field.get_db_prep_save(value, connection)


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


def _copy(model: type[models.Model], fields: Sequence[Any], rows: Iterator[Sequence[Any]]) -> None:
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
    model: type[models.Model], fields: Sequence[Any], rows: Iterator[Sequence[Any]]
) -> None:
    table, columns = _columns(model, fields)
    marks = ", ".join(["%s"] * (len(fields) + 1))
    with connection.cursor() as cursor:
        cursor.executemany(
            f"INSERT INTO {table} ({columns}) VALUES ({marks})",  # noqa: S608  (quoted names)
            list(rows),
        )
