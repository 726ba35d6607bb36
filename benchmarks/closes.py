"""`python -m benchmarks.closes`: a month closed at every office of a crowd, beside two floors.

    python -m benchmarks.closes                                 1,000 and 10,000 closed people on SQLite
    python -m benchmarks.closes --closed 100000 --on postgresql
    python -m benchmarks.closes --troubled                      half of those in use are not ready

The month that is closed is an ordinary one (`benchmarks.ordinary_month`): more than nine in ten of those
in use are ready. With `--troubled` it is as the demo city has it. The floors only write: the same rows by one INSERT … SELECT from a table beside, and by COPY (SQLite:
executemany) from memory, each in one transaction. The close reads and judges everybody, computes the
sums, and writes some offices in one transaction. So `ratio` compares two unlike things, and the parts say
what of it is writing. The close runs in a process of its own, whose peak memory counts.
"""

from __future__ import annotations

import argparse
import itertools
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from functools import partial
from multiprocessing.util import Finalize, register_after_fork
from pathlib import Path
from typing import Any

from teikyaku.processes import processors

SIZES = (1_000, 10_000, 100_000)
GROWTH, MEMORY = 1.1, 1.3
GOALS = {"postgresql": 2.0, "sqlite": 3.0}


# --- The close, in a process of its own -------------------------------------------------------------


def close_all(processes: int = 1) -> dict[str, Any]:
    """Close last month everywhere; the seconds of each part, the queries, the peak memory.

    Parts, queries, memory and how many were judged are those of this process. Where several share the work, the busiest of
    them takes as long as the run would on a machine that is free.
    """
    from django.db import connection

    from billing.actions import close_run
    from teikyaku.accounts.models import Membership
    from teikyaku.clock import now, today
    from teikyaku.periods import Month

    by = _closers(Membership)
    month = Month.of(today()) - 1
    clock = _Clock()
    judged = _Judged(close_run.boards_of)
    close_run.boards_of = clock.timed("reading_and_computing", judged)  # type: ignore[assignment]
    close_run.close_boards = clock.timed("writing", close_run.close_boards)  # type: ignore[assignment]
    own = time.process_time()
    before, began, used = _peak_mb(), time.perf_counter(), _processor_seconds()
    with connection.execute_wrapper(clock.sql), _watched_processes() as busy:
        runs = list(close_run.close_months(month=month, by=by, at=now(), processes=processes))
    closed, left = sum(run.closed for run in runs), sum(run.left for run in runs)
    return {
        "offices": len(runs),
        "in_use": closed + left,
        "judged": judged.people,
        "closed": closed,
        "left": left,
        "refused": sum(bool(run.problem) for run in runs),
        "seconds": round(time.perf_counter() - began, 2),
        "processor_seconds": round(_processor_seconds() - used, 2),
        "busiest_processor_seconds": round(
            time.process_time() - own + max([spent for spent, _mb in busy], default=0.0), 2
        ),
        "parts": _rounded(clock.seconds),
        "processor_parts": _rounded(clock.used),
        "queries": clock.queries,
        "peak_mb_before": before,
        "peak_mb": max([_peak_mb(), *(mb for _spent, mb in busy)]),
    }


class _Judged:
    """Counts whose month was read and judged: who was given no report is not (§8)."""

    def __init__(self, boards_of: Any) -> None:
        self.boards_of = boards_of
        self.people = 0

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        boards = self.boards_of(*args, **kwargs)
        self.people += sum(len(each.entries) for own in boards.values() for each in own.values())
        return boards


def _processor_seconds() -> float:
    """Of this process and of those that it started and that have ended."""
    spent = os.times()
    return spent.user + spent.system + spent.children_user + spent.children_system


@contextmanager
def _watched_processes() -> Iterator[list[tuple[float, int]]]:
    """After the block: of each process that was started in it, processor seconds and peak memory (MB)."""
    found: list[tuple[float, int]] = []
    with tempfile.TemporaryDirectory(prefix="teikyaku-bench-") as folder:

        def leave() -> None:
            Path(folder, str(os.getpid())).write_text(json.dumps((time.process_time(), _peak_mb())))

        leave_at_the_end = partial(Finalize, None, leave, exitpriority=1)
        register_after_fork(leave, lambda _tied_to: leave_at_the_end())
        yield found
        found += [tuple(json.loads(each.read_text())) for each in Path(folder).iterdir()]


def _closers(memberships: Any) -> list[Any]:
    """Of each office one who may close."""
    from teikyaku.accounts.roles import Permission
    from teikyaku.clock import today

    held = memberships.objects.in_force(today()).filter(office__isnull=False, ended_at=None)
    found: dict[int, Any] = {}
    rows = held.select_related("office").order_by("office", "pk")
    for each in rows.iterator(chunk_size=1_000):  # the staff of all offices is no part of a close
        if each.may(Permission.MONTH_CLOSE):
            found.setdefault(each.office_id, each)
    return list(found.values())


class _Clock:
    """Adds up the seconds of what it is put around, and of SQL within each."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self.used: dict[str, float] = {}
        self.inside = ""
        self.queries = 0

    def timed(self, part: str, function: Any) -> Any:
        def call(*args: Any, **kwargs: Any) -> Any:
            self.inside, began, used = part, time.perf_counter(), time.process_time()
            try:
                return function(*args, **kwargs)
            finally:
                self._add(part, began)
                self.used[part] = self.used.get(part, 0.0) + time.process_time() - used
                self.inside = ""

        return call

    def sql(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        self.queries += 1
        began = time.perf_counter()
        try:
            return execute(sql, params, many, context)
        finally:
            self._add(f"sql_of_{self.inside or 'rest'}", began)

    def _add(self, name: str, began: float) -> None:
        self.seconds[name] = self.seconds.get(name, 0.0) + time.perf_counter() - began


def _rounded(seconds: dict[str, float]) -> dict[str, float]:
    return {name: round(value, 2) for name, value in sorted(seconds.items())}


def _peak_mb() -> int:
    """The most that this program held. Not `ru_maxrss`, which starts with what its parent held."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) // 1024


# --- The crowd, the floors --------------------------------------------------------------------------


def measure(sizes: list[int], say: Any, *, is_troubled: bool = False) -> dict[str, Any]:
    """Grow a crowd, and close its last month at each size; `is_troubled`: as the demo city left it."""
    from django.core.management import call_command
    from django.db import connection

    from benchmarks.crowd import Crowd
    from benchmarks.ordinary_month import make_ordinary
    from teikyaku.accounts.models import Membership, Office
    from teikyaku.clock import now, today
    from teikyaku.desk.demo.city import build_city
    from teikyaku.periods import Month

    call_command("migrate", verbosity=0)
    call_command("createcachetable", verbosity=0)
    if not Office.objects.exists():
        build_city(today(), say)
    if not is_troubled:
        make_ordinary(Month.of(today()) - 1, _closers(Membership), now())
    ready = _ready()
    crowd = Crowd(say)
    found = []
    for size in sizes:
        crowd.grow(round(size * crowd.own / ready))
        say(f"closing {size:,}")
        found.append({**_at_size(say), "people": crowd.counts()["people"]})
        say(json.dumps(found[-1]))
    return {"database": connection.vendor, "goal": GOALS[connection.vendor],
            "month": "troubled" if is_troubled else "ordinary", "sizes": found,
            "growth": _growth(found)}  # fmt: skip


def _ready() -> int:
    from billing.queries.month import boards_of
    from teikyaku.accounts.models import Office
    from teikyaku.clock import today
    from teikyaku.periods import Month

    month = Month.of(today()) - 1
    boards = boards_of(list(Office.objects.order_by("pk")), month, month, today())
    return sum(len(months[month].ready) for months in boards.values())


def _at_size(say: Any) -> dict[str, Any]:
    from benchmarks.floors import Floors

    floors = Floors()
    close = json.loads(_own_process())
    say("floors")
    floors.take()
    select = floors.by_select()
    select_used = floors.processor_seconds
    memory = floors.from_memory()
    memory_used = floors.processor_seconds
    floors.end()
    several = _several(floors, close, select)
    writing = close["parts"]["writing"]
    return {
        **close,
        "rows": floors.rows,
        "floor_insert_select_seconds": round(select, 2),
        "floor_from_memory_seconds": round(memory, 2),
        "floor_processor_seconds": [round(select_used, 2), round(memory_used, 2)],
        "ratio": round(close["seconds"] / select, 2),
        "ratio_of_writing": round(writing / select, 2),
        "ratio_of_writing_to_memory": round(writing / memory, 2),
        **several,
        **_by_processor(close, several, select_used),
    }


def _several(floors: Any, alone: dict[str, Any], select: float) -> dict[str, Any]:
    """The same month closed once more, by as many processes as there are processors; then open again."""
    from billing.actions.close_run import OFFICES_A_PROCESS

    count = min(processors(), alone["offices"] // OFFICES_A_PROCESS)
    if count < 2:
        return {}  # it would be the same run
    say_so = json.loads(_own_process(count))
    if say_so["closed"] != alone["closed"]:
        raise RuntimeError(f"{count} processes closed {say_so['closed']}, one {alone['closed']}")
    floors.empty()
    return {
        "processes": count,
        "seconds_of_several": say_so["seconds"],
        "processor_seconds_of_several": say_so["processor_seconds"],
        "busiest_processor_seconds": say_so["busiest_processor_seconds"],
        "ratio_of_several": round(say_so["seconds"] / select, 2),
        "peak_mb_of_several": say_so["peak_mb"],
    }


def _by_processor(
    close: dict[str, Any], several: dict[str, Any], select: float
) -> dict[str, float]:
    """The ratios by processor time, on a machine that others use too; SQLite works in the process."""
    from django.db import connection

    if connection.vendor != "sqlite":
        return {}
    writing = close["processor_parts"]["writing"]
    return {
        "processor_ratio": round(close["processor_seconds"] / select, 2),
        "processor_ratio_of_writing": round(writing / select, 2),
        **_of_busiest(several, select),
    }


def _of_busiest(several: dict[str, Any], select: float) -> dict[str, float]:
    if not several:
        return {}
    return {"processor_ratio_of_busiest": round(several["busiest_processor_seconds"] / select, 2)}


def _own_process(processes: int = 1) -> str:
    command = [sys.executable, "-m", "benchmarks.closes", "--close", "--processes", str(processes)]
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout


def _by_people(small: dict[str, Any], large: dict[str, Any], name: str) -> float:
    return round(large[name] / small[name] / (large["closed"] / small["closed"]), 2)


def _growth(found: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """From each size to the next: time by people (1.1 = 11 × the time for 10 × the people), and memory."""
    return [
        {
            "from": small["closed"],
            "to": large["closed"],
            "time": _by_people(small, large, "seconds"),
            "processor_time": _by_people(small, large, "processor_seconds"),
            "memory": round(large["peak_mb"] / small["peak_mb"], 2),
            "goals": {"time": GROWTH, "memory": MEMORY},
        }
        for small, large in itertools.pairwise(found)
    ]


@contextmanager
def _django(url: str) -> Iterator[None]:
    os.environ.update(TEIKYAKU_MODE="demo", DATABASE_URL=url)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "teikyaku.settings")
    import django

    django.setup()
    yield
    from django.db import connection

    connection.close()


def main() -> None:
    """Print the figures as JSON."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--closed", type=int, default=SIZES[1], help="how many people at last")
    asked.add_argument("--on", default="sqlite", choices=tuple(GOALS))
    asked.add_argument(
        "--city", action="store_true",
        help="use the database of DATABASE_URL, which holds a demo city and nothing else: it grows",
    )  # fmt: skip
    asked.add_argument(
        "--troubled", action="store_true", help="the last month as the demo city has it, half ready"
    )
    asked.add_argument("--close", action="store_true", help=argparse.SUPPRESS)
    asked.add_argument("--processes", type=int, default=1, help=argparse.SUPPRESS)
    options = asked.parse_args()
    if options.close:
        with _django(os.environ["DATABASE_URL"]):
            print(json.dumps(close_all(options.processes)))
        return
    from benchmarks.__main__ import database, say

    sizes = [size for size in SIZES if size < options.closed] + [options.closed]
    given = nullcontext(os.environ["DATABASE_URL"]) if options.city else database(options.on)
    with given as url, _django(url):
        found = measure(sizes, say, is_troubled=options.troubled)
    print(json.dumps(found, ensure_ascii=False, indent=2))


if __name__ == "__main__":
    main()
