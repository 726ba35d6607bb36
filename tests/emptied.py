"""A database after a test that committed: emptied where something stands in it, and nowhere else.

Django empties each of some two hundred tables and then writes the permissions of every model anew, which
takes longer than most tests that commit. What it would write again is left standing.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.core.management.color import no_style
from django.db import connection, transaction
from django.test import TransactionTestCase

# Written by the migrations themselves, for every model.
LEFT = {"django_content_type", "auth_permission"}


def empty_again() -> None:
    """Take every row out of every table, but what the migrations write for each model."""
    tables = held()
    if not tables:
        return
    if connection.vendor == "postgresql" and owns_the_server():
        _empty_quietly(tables)
        return
    statements = connection.ops.sql_flush(
        no_style(), tables, allow_cascade=connection.vendor == "postgresql"
    )
    connection.ops.execute_sql_flush(statements)


def held() -> list[str]:
    """The tables with rows."""
    names = sorted(set(connection.introspection.django_table_names(only_existing=True)) - LEFT)
    asked = ", ".join(f"EXISTS(SELECT 1 FROM {connection.ops.quote_name(name)})" for name in names)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {asked}")
        return [name for name, holds in zip(names, cursor.fetchone(), strict=True) if holds]


def _empty_quietly(tables: list[str]) -> None:
    """Row by row; for TRUNCATE makes a file for every table and index anew."""
    with transaction.atomic(), whole_already(), connection.cursor() as cursor:
        for name in tables:
            cursor.execute(f"DELETE FROM {connection.ops.quote_name(name)}")


def owns_the_server() -> bool:
    """Whether PostgreSQL lets the tests do anything; another one may be given to them."""
    with connection.cursor() as cursor:
        cursor.execute("SHOW is_superuser")
        return bool(cursor.fetchone()[0] == "on")


@contextmanager
def whole_already() -> Iterator[None]:
    """Inside the block, in a transaction, PostgreSQL does not ask of each row what it refers to.

    For rows that were asked when they were first written. SQLite asks at the end, of all at once.
    """
    if connection.vendor != "postgresql" or not owns_the_server():
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
    yield
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = origin")


@contextmanager
def only_where_rows_are() -> Iterator[None]:
    """Inside the block a test that commits leaves the database as `empty_again` does."""

    def after(_case: Any) -> None:
        empty_again()

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", after)
        yield
