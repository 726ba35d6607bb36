"""Work shared out among processes of this machine, each with database connections of its own.

A process takes the next piece as soon as it is done with one, so that large and small pieces even out.
One that dies takes its piece with it and no more: another is started in its place, and whoever asked is
told. Ctrl-C is for whoever asked alone: the processes end what they are at, and go.
"""

from __future__ import annotations

import multiprocessing
import os
import pickle
import signal
import traceback
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from multiprocessing.connection import Connection, wait
from typing import Any, TypeVar

from django.db import connections

Piece = TypeVar("Piece")
Answer = TypeVar("Answer")


class Lost:
    """In place of an answer: the work ended before it gave one. What it had written stands."""

    def __reduce__(self) -> str:
        return "LOST"  # sent by another process it is the one below, too


LOST = Lost()


def processors() -> int:
    """How many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def can_share() -> bool:
    """Whether work can be shared out here: not inside a transaction, which no other process sees."""
    has_fork = "fork" in multiprocessing.get_all_start_methods()
    return has_fork and not any(each.in_atomic_block for each in connections.all())


def shared_out(
    pieces: Sequence[Piece], work: Callable[[Piece], Answer], count: int
) -> Iterator[tuple[Piece, Answer | Lost]]:
    """Each piece with its answer, as they come, worked out by `count` processes.

    The processes know what this one knows when the first answer is asked for; an answer is sent back,
    so it has to be what `pickle` takes. A piece whose process died, or whose work raised (which is told
    on the standard error), is answered with `LOST`. So are all that wait, where no process is left and
    none can be started.
    """
    connections.close_all()  # one connection in two processes would mix up what they hear
    team = _Team(pieces, work)
    try:
        for _each in range(min(count, len(pieces))):
            team.hire()
        yield from team.answers()
    finally:
        team.dismiss()


class _Team:
    """The processes, by the end of the pipe that leads to them, and what each is at."""

    def __init__(self, pieces: Sequence[Any], work: Callable[[Any], Any]) -> None:
        self.pieces, self.work = pieces, work
        self.waiting = deque(range(len(pieces)))
        self.at: dict[Connection, int] = {}
        self.processes: dict[Connection, Any] = {}

    def hire(self) -> None:
        """Start a process and give it its first piece."""
        own, theirs = multiprocessing.Pipe()
        process = multiprocessing.get_context("fork").Process(
            target=self._serve, args=(theirs, [own, *self.processes]), daemon=True
        )
        process.start()
        theirs.close()
        self.processes[own] = process
        self._give(own)

    def _serve(self, asked: Connection, others: Sequence[Connection]) -> None:
        """In the process: answer until nothing is asked any more."""
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        for each in others:
            each.close()  # or nobody would notice that this side of them is gone
        with suppress(EOFError, OSError):
            while True:
                asked.send_bytes(self._answer(asked.recv()))

    def _answer(self, number: int) -> bytes:
        try:
            return pickle.dumps(self.work(self.pieces[number]))
        except Exception:  # whatever it is, it concerns this piece alone
            traceback.print_exc()
            connections.close_all()  # whoever comes next finds no half-open transaction
            return pickle.dumps(LOST)

    def _give(self, own: Connection) -> None:
        if not self.waiting:
            own.close()
            return
        self.at[own] = number = self.waiting.popleft()
        with suppress(OSError):  # it has died meanwhile: the next reading says so
            own.send(number)

    def answers(self) -> Iterator[tuple[Any, Any]]:
        """Each piece with its answer, as they come."""
        while self.at:
            for own in wait(list(self.at)):
                assert isinstance(own, Connection)  # noqa: S101  (nothing else is waited for)
                number = self.at.pop(own)
                try:
                    answer = own.recv()
                except (EOFError, OSError):  # OSError: it died in the middle of its answer
                    answer = LOST
                    own.close()
                    self._hire_anew()
                else:
                    self._give(own)
                yield self.pieces[number], answer
        for number in self.waiting:
            yield self.pieces[number], LOST

    def _hire_anew(self) -> None:
        """Somebody in the place of one who died, as long as there is work and this machine lets us."""
        if self.waiting and can_share():
            connections.close_all()  # whoever asked may have looked something up meanwhile
            with suppress(OSError):
                self.hire()

    def dismiss(self) -> None:
        """Let everybody end what they are at, and go."""
        for own, process in self.processes.items():
            own.close()
            process.join()
