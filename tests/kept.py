"""The cast, built once in a run and copied back for each later test: thousands of writes saved.

So is a world around it that many tests begin with: its build asks for the cast itself. What the
actions wrote is kept as raw rows, so that the copy is what the build left, histories and audit lines
included. Where a test has written rows of its own under the same keys, it is built anew.
"""

from __future__ import annotations

import pickle
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.apps import apps
from django.db import IntegrityError, connection, transaction

from tests.emptied import whole_already


@dataclass(frozen=True, slots=True)
class _Kept:
    """The rows by table and column, and the people in memory, pickled."""

    tables: dict[str, tuple[list[str], list[Sequence[Any]]]]
    people: bytes


_kept: dict[tuple[str, date], _Kept] = {}
# PostgreSQL: what puts them back.
_scripts: dict[tuple[str, date], str] = {}


def kept(build: Callable[[date], Any], today: date) -> Any:
    """What `build(today)` returns and stores, from memory where it was built before."""
    key = (build.__qualname__, today)
    if key not in _kept:
        before = _keys()
        people = build(today)
        _kept[key] = _Kept(_rows_since(before), pickle.dumps(people))
        return people
    try:
        with transaction.atomic(), whole_already():
            _put_back(key)
    except IntegrityError:
        return build(today)
    return pickle.loads(_kept[key].people)


def _models() -> list[Any]:
    models = apps.get_models(include_auto_created=True)
    return [model for model in models if model._meta.managed and not model._meta.proxy]


def _keys() -> dict[str, set[Any]]:
    """The keys on file, by table."""
    return {
        model._meta.db_table: set(model._base_manager.values_list("pk", flat=True))
        for model in _models()
    }


def _rows_since(
    before: dict[str, set[Any]],
) -> dict[str, tuple[list[str], list[Sequence[Any]]]]:
    found = {}
    quote = connection.ops.quote_name
    with connection.cursor() as cursor:
        for model in _models():
            table, key = model._meta.db_table, model._meta.pk.column
            columns = [field.column for field in model._meta.local_concrete_fields]
            cursor.execute(f"SELECT {', '.join(map(quote, columns))} FROM {quote(table)}")
            place = columns.index(key)
            old = {model._meta.pk.get_db_prep_value(pk, connection) for pk in before[table]}
            rows = [row for row in cursor.fetchall() if row[place] not in old]
            if rows:
                found[table] = (columns, rows)
    return found


def _put_back(key: tuple[str, date]) -> None:
    tables = _kept[key].tables
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            if key not in _scripts:
                _scripts[key] = _script(cursor, tables)
            cursor.execute(_scripts[key])
            return
        for table, (columns, rows) in tables.items():
            places = ", ".join(["%s"] * len(columns))
            cursor.executemany(f"{_insert(table, columns)} ({places})", rows)


def _insert(table: str, columns: list[str]) -> str:
    quote = connection.ops.quote_name
    return f"INSERT INTO {quote(table)} ({', '.join(map(quote, columns))}) VALUES"


def _script(cursor: Any, tables: dict[str, tuple[list[str], list[Sequence[Any]]]]) -> str:
    """All rows in one text with their values in it: one question to the server instead of hundreds."""
    return ";\n".join(
        f"{_insert(table, columns)} "
        + ", ".join(cursor.mogrify(f"({', '.join(['%s'] * len(columns))})", row) for row in rows)
        for table, (columns, rows) in tables.items()
    )
