"""Many new rows at once: COPY on PostgreSQL, executemany of many rows a statement on SQLite.

For frozen and append-only models only. No `save`, no signal and no history row is made, and no
Python validation runs; the database's constraints hold as always.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from itertools import chain, groupby, islice
from operator import itemgetter
from typing import Any
from uuid import UUID

from django.db import connection, models, transaction

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
    if hasattr(model._meta, "simple_history_manager_attribute"):
        raise TypeError(f"{model.__name__} keeps history: its rows are saved one by one")
    write = _copy if connection.vendor == "postgresql" else _execute_many
    source, spelling = iter(rows), _Spelling(model)
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


class _Spelling:
    """How the values of a model's rows go to the database, field by field."""

    def __init__(self, model: type[models.Model]) -> None:
        self.model = model
        self.fields = [each for each in model._meta.local_concrete_fields if not each.primary_key]
        self.columns = [_Column(each) for each in self.fields]
        self.sources: dict[tuple[str, ...], list[str | None]] = {}

    def of(self, rows: Sequence[Mapping[str, Any]]) -> list[list[Any]]:
        """The values of the rows, field by field."""
        alike = [self._of_alike(names, list(same)) for names, same in groupby(rows, key=tuple)]
        return [list(chain.from_iterable(column)) for column in zip(*alike, strict=True)]

    def _of_alike(self, names: tuple[str, ...], rows: list[Mapping[str, Any]]) -> list[list[Any]]:
        """As `of` for rows that bring the same names."""
        sources = self.sources.get(names) or self._sources(names)
        return [
            column.defaults(len(rows)) if name is None else column.all([row[name] for row in rows])
            for column, name in zip(self.columns, sources, strict=True)
        ]

    def place(self, name: str) -> int:
        """Where the field of this name stands."""
        return [each.name for each in self.fields].index(name)

    def _sources(self, names: tuple[str, ...]) -> list[str | None]:
        """By field: under which name rows with these names bring it; None: they leave it out."""
        known = {name: each for each in self.fields for name in (each.name, each.attname)}
        if unknown := sorted(name for name in names if name not in known):
            raise TypeError(f"{self.model.__name__} rows cannot set {', '.join(unknown)}")
        given = {known[name].name: name for name in names}
        self.sources[names] = [given.get(each.name) for each in self.fields]
        return self.sources[names]


class _Column:
    """A field's values as the database takes them; of the types that repeat, each worked out once."""

    REPEATED = frozenset({bool, date, datetime, Decimal, type(None)})

    def __init__(self, field: Any) -> None:
        self.field = field
        self.plain = {_plain_type(field), type(None)}
        self.known = _Known(self._spelled)
        self.is_hex = type(field) is models.UUIDField and connection.vendor == "sqlite"

    def defaults(self, count: int) -> list[Any]:
        """The values of so many rows that leave the field out."""
        field = self.field
        if field.has_default() and callable(field.default):  # each has its own
            return self.all([field.get_default() for _row in range(count)])
        return [self.of(field.get_default())] * count

    def all(self, values: list[Any]) -> list[Any]:
        """Many values of the field: of most fields they go as they are."""
        kinds = set(map(type, values))
        if kinds <= self.plain:
            return values
        if kinds <= self.REPEATED:
            return list(map(self.known.__getitem__, values))
        if self.is_hex and kinds == {UUID}:
            return [each.hex for each in values]
        return list(map(self.of, values))

    def of(self, value: Any) -> Any:
        """Any value of the field."""
        if type(value) in self.plain:
            return value  # a member of an enumeration is none
        return self.known[value] if type(value) in self.REPEATED else self._spelled(value)

    def _spelled(self, value: Any) -> Any:
        if isinstance(value, models.Model):
            value = getattr(value, self.field.target_field.attname)
        return self.field.get_db_prep_save(value, connection)


class _Known(dict[Any, Any]):
    """How values are spelled, each worked out when it is first asked for."""

    def __init__(self, spell: Callable[[Any], Any]) -> None:
        self.spell = spell

    def __missing__(self, value: Any) -> Any:
        self[value] = self.spell(value)
        return self[value]


def _plain_type(field: Any) -> type | None:
    """The type of which a field's values go to the database as they are; None: each is prepared."""
    while field.is_relation:
        field = field.target_field
    if isinstance(field, models.IntegerField):
        return int
    return str if type(field) in (models.CharField, models.TextField) else None


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
