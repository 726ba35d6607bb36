"""Long runs over many rows: what is asked once for all of them, and steps that are undone at once.

Both hold inside their block alone, in one thread; outside of it everything is as ever.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, TypeVar

from django.db import connection

T = TypeVar("T")

_held: ContextVar[dict[Hashable, Any] | None] = ContextVar("asked_once", default=None)
_rehearsed: ContextVar[bool] = ContextVar("rehearsed", default=False)


@contextmanager
def asked_once() -> Iterator[None]:
    """Answers of `once` are kept to the end of the block: for a few seconds of one request or command."""
    token = _held.set({})
    try:
        yield
    finally:
        _held.reset(token)


def once(key: Hashable, ask: Callable[[], T]) -> T:
    """The answer under this key; asked anew each time outside of `asked_once`."""
    held = _held.get()
    if held is None:
        return ask()
    if key not in held:
        held[key] = ask()
    found: T = held[key]
    return found


@contextmanager
def rehearsed() -> Iterator[None]:
    """What is written inside is undone by whoever opened the block: no trail of it is kept."""
    token = _rehearsed.set(True)
    try:
        yield
    finally:
        _rehearsed.reset(token)


@contextmanager
def without_savepoints() -> Iterator[None]:
    """Inside a transaction that is undone as a whole: the steps in it are not undone one by one.

    Where one of them fails and another one goes on, Django raises TransactionManagementError: such a
    run is to be done again with savepoints. They are a third of the statements of a long action.
    """
    # Django's own switch, which has no public name.
    connection._savepoint_allowed = lambda: False  # type: ignore[attr-defined]
    try:
        yield
    finally:
        del connection._savepoint_allowed  # type: ignore[attr-defined]


def is_rehearsed() -> bool:
    """Whether the step is one that is undone: history and audit need no line of it."""
    return _rehearsed.get()
