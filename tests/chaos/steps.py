"""What a process writes, counted step by step where another process can read it; it may die at a step."""

from __future__ import annotations

import mmap
import os
import signal
import struct
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.db import connection

# A statement that writes; a paper or another file that is written, renamed or removed; a program.
STATEMENT, PAPER, PROGRAM = "s", "p", "x"
WRITTEN = os.O_WRONLY | os.O_RDWR
HEAD = struct.Struct("qdd")
MOST = 8_000


def writes(sql: str) -> bool:
    """Whether the statement changes something."""
    return not sql.lstrip().startswith("SELECT") or "nextval" in sql


class Steps:
    """The steps of one run in a file that is shared: how many, of which kind, the first and last moment."""

    def __init__(self, file: Path, below: Path) -> None:
        """`below`: the folder whose files count."""
        self.below, self.killed_at = f"{below}{os.sep}", 0
        file.write_bytes(bytes(HEAD.size + MOST))
        self.file = file
        self._open()

    def _open(self) -> None:
        with self.file.open("r+b") as shared:
            self.shared = mmap.mmap(shared.fileno(), 0)

    @classmethod
    def of_another(cls, file: Path, below: Path) -> Steps:
        """The steps that another process reads: this one counts."""
        found = cls.__new__(cls)
        found.file, found.below, found.killed_at = file, f"{below}{os.sep}", 0
        found._open()
        return found

    def clear(self) -> None:
        self.shared[:] = bytes(len(self.shared))

    @property
    def done(self) -> int:
        return int(HEAD.unpack_from(self.shared)[0])

    @property
    def kinds(self) -> str:
        """One letter for each step."""
        return self.shared[HEAD.size : HEAD.size + self.done].decode()

    @property
    def seconds(self) -> float:
        """From the first step to the last."""
        _done, first, last = HEAD.unpack_from(self.shared)
        return float(last - first)

    def count(self, kind: str) -> None:
        """One more; here the process may end."""
        done, first, _last = HEAD.unpack_from(self.shared)
        moment = time.perf_counter()
        self.shared[HEAD.size + done] = ord(kind)
        HEAD.pack_into(self.shared, 0, done + 1, first or moment, moment)
        if done + 1 == self.killed_at:
            # With what it has started, where it was given a group of its own.
            (os.killpg if os.getpgrp() == os.getpid() else os.kill)(os.getpid(), signal.SIGKILL)

    def watch(self, killed_at: int = 0) -> None:
        """Count from here on in this process, to its end; 0: it lives."""
        self.killed_at = killed_at
        connection.execute_wrappers.append(self._statement)
        sys.addaudithook(self._file)

    def _statement(self, execute: Callable[..., Any], sql: str, *more: Any) -> Any:
        found = execute(sql, *more)
        if writes(sql):
            self.count(STATEMENT)
        return found

    def _file(self, event: str, values: tuple[Any, ...]) -> None:
        if event == "subprocess.Popen":
            self.count(PROGRAM)
        elif event in ("os.remove", "os.rename") or (
            event == "open" and (values[2] or 0) & WRITTEN
        ):
            self._paper(values[0])

    def _paper(self, name: Any) -> None:
        if isinstance(name, str | os.PathLike) and os.fspath(name).startswith(self.below):
            self.count(PAPER)
