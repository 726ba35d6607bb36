"""All scenarios of `make chaos`, one after the other, each from the same beginning."""

from __future__ import annotations

import os
import random
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from teikyaku.clock import today
from tests.cast import make_cast
from tests.chaos.interviews import kill_interviews, write_at_once, writers
from tests.chaos.outcome import Outcome
from tests.chaos.place import Place
from tests.chaos.restoring import kill_restores
from tests.chaos.short_of import database_away, full_database, full_media
from tests.chaos.work import WORK

PEOPLE = 20


def everything(folder: Path, server: Any, times: int, chance: random.Random) -> Iterator[Outcome]:
    """What came of each. `server`: the PostgreSQL that may be stopped; None on SQLite."""
    place = Place(folder)
    cast = make_cast(today())
    people = writers(cast, PEOPLE)
    place.keep()
    jobs: dict[str, Callable[[], Outcome]] = {
        kind.name: lambda kind=kind: kind(place, cast).killed(times, chance) for kind in WORK
    }
    jobs |= {
        "restore": lambda: kill_restores(place, cast, max(2, times // 4), chance),
        "interview": lambda: kill_interviews(place, cast, people[:6], times, chance),
        "crowd": lambda: write_at_once(place, cast, people, 5),
    }
    if server is None:
        jobs["full"] = lambda: full_database(place, cast, people)
    else:
        jobs["papers"] = lambda: full_media(place, cast, 64 * 1024)
        jobs["away"] = lambda: database_away(place, cast, people, server)
    wanted = os.environ.get("ONLY", "").split(",")
    for name, job in jobs.items():
        if wanted == [""] or name in wanted:
            yield job()
            place.back()
