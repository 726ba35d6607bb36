"""The trail of a long run: what history and audit keep of many facts is written together, in its order."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from functools import cache
from typing import Any

from django.db import connection, models

from teikyaku.bulk import insert_rows

# In whatever reads or writes a history or the audit.
_OF_A_TRAIL = ("historical", "accounts_auditevent")


class Trail:
    """Rows of histories and of the audit that wait: of each table in the order in which they came."""

    def __init__(self) -> None:
        self.kept: list[tuple[type[models.Model], Mapping[str, Any]]] = []
        self.written = 0
        self.is_writing = False

    def keep(self, model: type[models.Model], row: Mapping[str, Any]) -> None:
        """One row more, by names of fields."""
        self.kept.append((model, row))

    def write(self) -> None:
        """Write what waits: a statement for each table."""
        waiting, self.written = self.kept[self.written :], len(self.kept)
        rows: dict[type[models.Model], list[Mapping[str, Any]]] = {}
        for model, row in waiting:
            rows.setdefault(model, []).append(row)
        self.is_writing = True
        try:
            for model, found in rows.items():
                insert_rows(model, found)
        finally:
            self.is_writing = False

    @contextmanager
    def step(self) -> Iterator[None]:
        """A step in a savepoint of its own: where it is undone, its trail is none."""
        kept, written = len(self.kept), self.written
        try:
            yield
        except BaseException:
            # What was written meanwhile of earlier steps is undone with the savepoint.
            del self.kept[kept:]
            self.written = written
            raise

    def whole(
        self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any
    ) -> Any:
        """Whoever asks for a trail on the way finds it whole."""
        is_asked = self.written < len(self.kept) and not self.is_writing
        if is_asked and any(table in sql for table in _OF_A_TRAIL):
            self.write()
        return execute(sql, params, many, context)


_gathering: ContextVar[Trail | None] = ContextVar("gathering", default=None)


def gathering() -> Trail | None:
    """What the trail of a fact goes to; None where each line of it is written at once."""
    return _gathering.get()


@contextmanager
def gathered() -> Iterator[Trail]:
    """The trail of all that is stored inside is written at the end of the block; inside one transaction.

    Steps in it that may be undone by themselves go into `Trail.step`, and what undoes parts of itself
    into `at_once`: else a line would tell of what did not happen.
    """
    trail = Trail()
    token = _gathering.set(trail)
    try:
        with connection.execute_wrapper(trail.whole):
            yield trail
            trail.write()
    finally:
        _gathering.reset(token)


@contextmanager
def at_once() -> Iterator[None]:
    """Each line of the trail is written where it comes, as ever."""
    token = _gathering.set(None)
    try:
        yield
    finally:
        _gathering.reset(token)


def keep_history(
    trail: Trail, row: Any, kind: str, *, at: datetime, user_id: int, reason: str | None
) -> None:
    """What the history keeps of a row as it stands ("+": a new one, "~": a change)."""
    model = _history_of(row.__class__)
    if model is None:
        return
    values = {field.attname: getattr(row, field.attname) for field in model.tracked_fields}
    if hasattr(model, "history_relation"):
        values["history_relation_id"] = row.pk
    told = {"history_date": at, "history_type": kind, "history_user_id": user_id}
    trail.keep(model, {**values, **told, "history_change_reason": reason})


@cache
def _history_of(model: type[models.Model]) -> Any:
    """The model of its history; None where none is kept. To ask the manager for it takes long."""
    name = getattr(model._meta, "simple_history_manager_attribute", "")
    return getattr(model, name).model if name else None
