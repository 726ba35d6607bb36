"""The cache in the database, that counts right when several processes count at once."""

from __future__ import annotations

import base64
import pickle
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from django.core.cache.backends.base import DEFAULT_TIMEOUT
from django.core.cache.backends.db import DatabaseCache
from django.db import OperationalError, ProgrammingError, connections, router, transaction


@contextmanager
def _there(table: str) -> Iterator[None]:
    """Without its table nothing is counted, so nothing is let through: a fault that passes.

    The page says so with what was typed (503), as on SQLite, which calls it so itself.
    """
    try:
        yield
    except ProgrammingError as error:
        raise OperationalError(f"no table {table}: manage.py createcachetable") from error


class SharedCache(DatabaseCache):
    """Django's own, whose `incr` reads and writes in two steps: a count between them is lost."""

    def get_many(self, keys: Iterable[Any], version: int | None = None) -> dict[Any, Any]:
        """What stands under these keys. Raises OperationalError where the table is missing."""
        with _there(self._table):  # type: ignore[attr-defined]
            return super().get_many(keys, version)

    def _base_set(self, mode: str, key: str, value: Any, timeout: Any = DEFAULT_TIMEOUT) -> bool:
        """`set`, `add` and `touch`. Raises OperationalError where the table is missing."""
        with _there(self._table):  # type: ignore[attr-defined]
            return super()._base_set(mode, key, value, timeout)  # type: ignore[misc,no-any-return]

    def incr(self, key: str, delta: int = 1, version: int | None = None) -> int:
        """One more, under a lock on the row.

        Raises ValueError where there is no such key, OperationalError where the table is missing.
        Whoever counts asked `add` before, which sees to what is over.
        """
        name = self.make_and_validate_key(key, version=version)
        database = router.db_for_write(self.cache_model_class)
        connection = connections[database]
        table = connection.ops.quote_name(self._table)  # type: ignore[attr-defined]
        # On SQLite the transaction itself is the lock: it begins with IMMEDIATE.
        lock = " FOR UPDATE" if connection.features.has_select_for_update else ""
        with (
            _there(table),
            transaction.atomic(using=database),
            connection.cursor() as cursor,
        ):
            cursor.execute(f"SELECT value FROM {table} WHERE cache_key = %s{lock}", [name])  # noqa: S608
            row = cursor.fetchone()
            if row is None:
                raise ValueError(f"Key '{key}' not found")
            value = int(pickle.loads(base64.b64decode(row[0]))) + delta  # noqa: S301  (our own table)
            text = base64.b64encode(pickle.dumps(value, self.pickle_protocol)).decode()
            cursor.execute(f"UPDATE {table} SET value = %s WHERE cache_key = %s", [text, name])  # noqa: S608
        return value
