"""Public identifiers. Random in life; in the demo city the same for the same date."""

from __future__ import annotations

import random
import uuid
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_seeded: ContextVar[random.Random | None] = ContextVar("seeded_ids", default=None)


def new_public_id() -> uuid.UUID:
    """A UUID for URLs and audit: it tells nothing about the row or its neighbours."""
    generator = _seeded.get()
    if generator is None:
        return uuid.uuid4()
    return uuid.UUID(int=generator.getrandbits(128), version=4)


@contextmanager
def seeded_ids(seed: str) -> Iterator[None]:
    """Inside the block, identifiers follow from `seed` (demo data only)."""
    token = _seeded.set(random.Random(seed))  # noqa: S311  (demo data, no secret)
    try:
        yield
    finally:
        _seeded.reset(token)


# An address of this many people is still one that every server takes (44 characters each); more are
# ticked one by one in no list.
MOST_CHOSEN = 80


def uuids_in(texts: Iterable[str], most: int) -> list[uuid.UUID]:
    """The identifiers among what an address or form carries, each once, at most `most` of them.

    What is none is left out: a list that is asked for nonsense shows what it can.
    """
    found: dict[uuid.UUID, None] = {}
    for text in texts:
        try:
            found[uuid.UUID(text)] = None
        except ValueError:
            continue
    return list(found)[:most]
