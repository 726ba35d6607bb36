"""The product's WSGI application, whose process ends itself (-9) within what a POST writes.

While the file of DYING stands: after a number of written statements that is drawn anew for each
worker. Each such end leaves a byte in `DYING.ends`.
"""

from __future__ import annotations

import os
import random
import signal
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from django.db import connection

from teikyaku.wsgi import application as product
from tests.chaos.steps import writes

SWITCH = Path(os.environ["DYING"])
MOST = 60
chance = random.Random(int(os.environ.get("DYING_SEED", "1")))
left = [0]


def drawn() -> None:
    """Each worker lives for another number of statements."""
    chance.seed(chance.random() + os.getpid())
    left[0] = chance.randint(1, MOST)


os.register_at_fork(after_in_child=drawn)


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """Answer, or die over it."""
    if environ["REQUEST_METHOD"] != "POST" or not SWITCH.exists():
        return product(environ, start_response)

    def counted(execute: Callable[..., Any], sql: str, *more: Any) -> Any:
        found = execute(sql, *more)
        # Within the transaction of the work itself: what is counted and kept beside it is not hit.
        if connection.in_atomic_block and writes(sql):
            left[0] -= 1
            if left[0] <= 0:
                with SWITCH.with_suffix(".ends").open("ab") as ends:
                    ends.write(b".")
                os.kill(os.getpid(), signal.SIGKILL)
        return found

    with connection.execute_wrapper(counted):
        return product(environ, start_response)
