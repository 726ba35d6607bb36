"""Work in a process of its own that is killed (-9): at one of its steps, or at a moment between them."""

from __future__ import annotations

import os
import random
import signal
import time
from collections.abc import Callable
from typing import Any

from django.db import connections

from tests.chaos.steps import Steps, writes


class Killer:
    """Kills its own process after so many statements that write, the moment each is executed."""

    def __init__(self, after: int) -> None:
        self.left = after

    def __call__(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        found = execute(sql, params, many, context)
        if writes(sql):
            self.left -= 1
        if self.left <= 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return found


# The ways to be killed, by turns.
ANY_STEP, MOMENT, OWN_KIND = range(3)
WAYS = (ANY_STEP, MOMENT, OWN_KIND)


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


def waited_for_the_first(steps: Steps, is_over: Callable[[], bool]) -> None:
    """Until the process has written something, or has ended."""
    while not steps.done and not is_over():
        time.sleep(0.0005)


def killed_within(work: Callable[[], Any], steps: Steps, seconds: float) -> bool:
    """Do the work in a child and kill it so long after its first step; whether it was still at it."""
    steps.clear()
    child = forked(lambda: (steps.watch(), work()))
    waited_for_the_first(steps, lambda: has_ended(child))
    time.sleep(seconds)
    os.kill(child, signal.SIGKILL)
    return was_killed(child)


def has_ended(child: int) -> bool:
    """Whether the child is over; it is waited for later."""
    return os.waitid(os.P_PID, child, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None


def killed_at(work: Callable[[], Any], steps: Steps, step: int) -> bool:
    """Do the work in a child that dies at this step, counted from 1; whether it did."""
    steps.clear()
    return was_killed(forked(lambda: (steps.watch(step), work())))


def measured(work: Callable[[], Any], steps: Steps) -> tuple[float, str]:
    """Do the work in a child, undisturbed: the seconds from its first step to its last, and the steps."""
    steps.clear()
    assert not was_killed(forked(lambda: (steps.watch(), work())))
    return steps.seconds, steps.kinds


def step_by_chance(way: int, kinds: str, chance: random.Random) -> int:
    """A step before the last, counted from 1; OWN_KIND: of a kind by chance, so that few are hit as well."""
    before = range(1, len(kinds))
    if way == OWN_KIND:
        kind = chance.choice(sorted({kinds[step - 1] for step in before}))
        before = [step for step in before if kinds[step - 1] == kind]
    return chance.choice(before)
