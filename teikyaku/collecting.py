"""Rare collections: what Python's garbage collector costs a run that makes a million small values.

They hold no cycles, so each goes the moment that nobody needs it. Looking for cycles among them, and
among all that the program holds besides, took a third of a close.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

# Values made and not yet gone before the collector looks at the young ones (its default is 700).
YOUNG = 50_000
OLD, OLDEST = 20, 100


@contextmanager
def rare_collections() -> Iterator[None]:
    """Let the collector look seldom, and only at what is made from now on; as before afterwards."""
    before = gc.get_threshold()
    # What somebody else has set aside stays so: there is one place for it, emptied as a whole.
    was_frozen = gc.get_freeze_count() > 0
    gc.freeze()
    gc.set_threshold(YOUNG, OLD, OLDEST)
    try:
        yield
    finally:
        gc.set_threshold(*before)
        if not was_frozen:
            gc.unfreeze()
