"""Work in a process of its own that is killed (-9): after a statement, or at a moment."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.db import connection, connections


class Killer:
    """Kills its own process after so many statements that write, the moment each is executed."""

    def __init__(self, after: int) -> None:
        self.left = after

    def __call__(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        found = execute(sql, params, many, context)
        if not sql.startswith("SELECT") or "nextval" in sql:
            self.left -= 1
        if self.left <= 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return found


NEVER = 1_000_000


def forked(work: Callable[[], Any]) -> int:
    """The process id of a child that does the work with connections of its own, and ends."""
    connections.close_all()
    if child := os.fork():
        return child
    status = 1
    try:
        work()
        status = 0
    finally:
        os._exit(status)


def was_killed(child: int) -> bool:
    """Wait for a child. It was killed, or it ended well: an error in it is one here."""
    _pid, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status) or os.WEXITSTATUS(status) == 0
    return os.WIFSIGNALED(status)


def killed_within(work: Callable[[], Any], seconds: float) -> bool:
    """Do the work in a child and kill it after so long; whether it was still at it."""
    child = forked(work)
    time.sleep(seconds)
    os.kill(child, signal.SIGKILL)
    return was_killed(child)


def killed_after(work: Callable[[], Any], statements: int) -> bool:
    """Do the work in a child that dies after so many statements that write; whether it did."""

    def run() -> None:
        with connection.execute_wrapper(Killer(statements)):
            work()

    return was_killed(forked(run))


def measured(work: Callable[[], Any], note: Path) -> tuple[float, int]:
    """Do the work in a child, undisturbed: its seconds, and how many statements write."""

    def run() -> None:
        began, counter = time.perf_counter(), Killer(NEVER)
        with connection.execute_wrapper(counter):
            work()
        note.write_text(f"{time.perf_counter() - began} {NEVER - counter.left}")

    assert not was_killed(forked(run))
    seconds, statements = note.read_text().split()
    return float(seconds), int(statements)
