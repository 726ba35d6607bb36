"""`make bench`: the main pages with a thousand people in the database, and with as many as are asked for.

    make bench                                   1,000 people on SQLite, and the close of their month
    make bench PEOPLE=1000000                    1,000, then 1,000,000, and how much slower each page is
    make bench PEOPLE=1000000 ON=postgresql      the same on PostgreSQL

Everything runs in a temporary database, which is thrown away; TMPDIR says where (a million people need
15 GB on SQLite). Progress goes to the standard error, the figures as JSON to the standard output.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

SMALL = 1_000
# So many people have a thousand closed months among them.
ENOUGH_TO_PAY = 3_200
GOALS = {"multiple": 6.0, "ratio": 1.25}
_BEGAN = time.perf_counter()


def say(text: str) -> None:
    """A line of progress."""
    print(f"{time.perf_counter() - _BEGAN:6.0f} s  {text}", file=sys.stderr, flush=True)


@contextmanager
def database(kind: str) -> Iterator[str]:
    """The DATABASE_URL of an empty database that lives as long as the block."""
    if kind == "postgresql":
        from tests.postgres import running_postgres

        # As docs/speed.md advises for disks without a moving head.
        os.environ.setdefault("PGOPTIONS", "-c random_page_cost=1.1")
        with running_postgres() as url:
            yield url
        return
    with tempfile.TemporaryDirectory(prefix="teikyaku-bench-") as folder:
        yield f"sqlite:///{Path(folder) / 'bench.sqlite3'}"


def measure(wanted: int) -> dict[str, Any]:
    """Build the city, then measure it at each size."""
    from django.core.management import call_command

    from benchmarks.crowd import Crowd
    from teikyaku.clock import today
    from teikyaku.desk.demo.city import build_city

    call_command("migrate", verbosity=0)
    call_command("createcachetable", verbosity=0)
    on = today()
    began = time.perf_counter()
    build_city(on, say)
    seconds = time.perf_counter() - began
    crowd = Crowd(say)
    sizes = [_at_size(crowd, size, on) for size in sorted({SMALL, wanted})]
    found = {
        "database": _version(),
        "demo_city_seconds": round(seconds, 1),
        "goals": GOALS,
        "sizes": sizes,
    }
    if len(sizes) > 1:
        found["ratio"] = _ratio(sizes[0]["pages"], sizes[-1]["pages"])
    from benchmarks.claim_file import measure_claim_files

    say("writing a claim file of 50,000 people")
    found["claim_file"] = measure_claim_files()
    # Last, since it moves closed months from office to office.
    from benchmarks.invoices import measure_invoices

    crowd.grow(ENOUGH_TO_PAY)
    say("issuing and printing 1,000 invoices")
    found["invoices"] = measure_invoices()
    found["missed"] = _missed(sizes, found.get("ratio", {}))
    return found


def closed_month(people: int, kind: str) -> dict[str, Any]:
    """The figures of `benchmarks.closes` for so many people, in a program and a database of its own."""
    command = [sys.executable, "-m", "benchmarks.closes", "--closed", str(people), "--on", kind]
    environ = {key: each for key, each in os.environ.items() if key != "DATABASE_URL"}
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, env=environ)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def _at_size(crowd: Any, size: int, on: Any) -> dict[str, Any]:
    from benchmarks.pages import all_pages, measure_pages, month_board_ms

    began = time.perf_counter()
    crowd.grow(size)
    seconds = time.perf_counter() - began
    say("measuring")
    return {
        **crowd.counts(),
        "seconds_to_fill": round(seconds, 1),
        "pages": measure_pages(list(all_pages(on))),
        "month_board_ms": month_board_ms(on),
    }


def _ratio(small: dict[str, Any], large: dict[str, Any]) -> dict[str, float]:
    """By page: how much longer it takes, both times measured against a session-only request."""
    return {
        name: round(large[name]["multiple"] / small[name]["multiple"], 2)
        for name in small
        if name != "session_only"
    }


def _missed(sizes: list[dict[str, Any]], ratio: dict[str, float]) -> dict[str, list[str]]:
    """The pages beyond a goal. A grown ward's lists show more rows: their growth is no page's fault."""
    slow = {
        name
        for size in sizes
        for name, page in size["pages"].items()
        if page["multiple"] > GOALS["multiple"]
    }
    grown = [
        name
        for name, times in ratio.items()
        if times > GOALS["ratio"] and not name.endswith("_grown")
    ]
    return {"multiple": sorted(slow), "ratio": sorted(grown)}


def _version() -> str:
    from django.db import connection

    numbers = connection.get_database_version()
    return f"{connection.display_name} {'.'.join(str(number) for number in numbers)}"


def main() -> None:
    """Print the figures as JSON."""
    with database(os.environ.get("ON", "sqlite")) as url:
        os.environ["TEIKYAKU_MODE"] = "demo"
        os.environ["DATABASE_URL"] = url
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "teikyaku.settings")
        import django

        django.setup()
        found = measure(int(os.environ.get("PEOPLE") or SMALL))
        from django.db import connection

        connection.close()
    say(f"closing the month of {SMALL:,} people")
    found["close"] = closed_month(SMALL, os.environ.get("ON", "sqlite"))
    print(json.dumps(found, ensure_ascii=False, indent=2))


if __name__ == "__main__":
    main()
