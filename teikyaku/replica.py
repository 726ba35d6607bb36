"""Reads that may be a little late: while a report is made, the router leads them to the standby.

Nothing reads the standby unless `late_reads` is open around it, which the middleware of the desk does
for the pages that it names. Whatever is written goes to the primary, and from then on everything of the
same request is read there too.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from threading import Lock
from typing import Any

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, DatabaseError, connections, models

REPLICA = "replica"
# Only what the product itself keeps: sessions, counts of limits and second factors are of this moment.
APPS = frozenset({"accounts", "clients", "plans", "billing"})
# How long an answer about the standby holds in one process.
ASKED_EVERY_SECONDS = 5
_AGE = (
    "SELECT pg_is_in_recovery(), pg_last_wal_replay_lsn() >= %s::pg_lsn, "
    "EXTRACT(epoch FROM clock_timestamp() - pg_last_xact_replay_timestamp())"
)
_alias: ContextVar[str] = ContextVar("alias", default=DEFAULT_DB_ALIAS)


@contextmanager
def late_reads() -> Iterator[None]:
    """What is read in the block may come from the standby, until something is written in it."""
    token = _alias.set(REPLICA)
    try:
        yield
    finally:
        _alias.reset(token)


def reading_alias() -> str:
    """The database that is read just now."""
    return _alias.get()


class ReplicaRouter:
    """Django asks it for each query; see `late_reads`."""

    def db_for_read(self, model: type[models.Model], **_hints: Any) -> str:
        """The standby inside of `late_reads`, for the product's own rows."""
        return reading_alias() if model._meta.app_label in APPS else DEFAULT_DB_ALIAS

    def db_for_write(self, model: type[models.Model], **_hints: Any) -> str:
        """The primary, where from now on this request reads too (but for counts and sessions)."""
        if model._meta.app_label in APPS:
            _alias.set(DEFAULT_DB_ALIAS)
        return DEFAULT_DB_ALIAS

    def allow_relation(self, *_rows: Any, **_hints: Any) -> bool:
        """Both hold the same rows."""
        return True

    def allow_migrate(self, db: str, *_args: Any, **_hints: Any) -> bool:
        """The standby gets its tables from the primary."""
        return db != REPLICA


@dataclass(slots=True)
class _Asked:
    """What one process knows of the standby's age in seconds (None: not to be read), and until when."""

    age: float | None = None
    until: float = 0.0


_asked, _lock = _Asked(), Lock()


def age_of_replica() -> float | None:
    """By how many seconds the standby is late; None where it does not answer, or is one no more.

    Asked every few seconds only: what comes is never more than that older.
    """
    with _lock:
        if time.monotonic() < _asked.until:
            return _asked.age
        # One asks; who comes meanwhile goes by what was known.
        _asked.until = time.monotonic() + ASKED_EVERY_SECONDS
    age = _measured()
    _asked.age = age
    return age


def give_up_replica() -> None:
    """It failed just now: read the primary for some seconds, then ask again."""
    connections[REPLICA].close()
    _asked.age, _asked.until = None, time.monotonic() + ASKED_EVERY_SECONDS


def forget_age() -> None:
    """Ask anew the next time."""
    _asked.age, _asked.until = None, 0.0


def _measured() -> float | None:
    with connections[DEFAULT_DB_ALIAS].cursor() as cursor:
        cursor.execute("SELECT pg_current_wal_lsn()::text")
        (written,) = cursor.fetchone()
    try:
        with connections[REPLICA].cursor() as cursor:
            cursor.execute(_AGE, [written])
            is_standby, has_all, seconds = cursor.fetchone()
    except DatabaseError:
        connections[REPLICA].close()
        return None
    if not is_standby:
        return None
    if has_all:
        return 0.0
    return None if seconds is None else max(float(seconds), 0.0)


def is_usable(age: float | None) -> bool:
    """Whether reports may be read from a standby that is so late."""
    return age is not None and age <= settings.REPLICA_MOST_SECONDS
