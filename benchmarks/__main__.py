"""Pages of the demo city as multiples of a session-only request, and the board of a month.

`make bench` measures the city as it is; with `PEOPLE=20000` its first office is crowded up to so many
people first (some minutes). Everything runs in a temporary SQLite database and is thrown away.
"""

from __future__ import annotations

import json
import os
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

PAGES = {
    "home": ("worker", "/"),
    "clients": ("worker", "/clients/"),
    "expiry": ("worker", "/expiry/"),
    "month": ("billing", None),
    "queue": ("chuo", "/admin/"),
}
TURNS = 5


def timed(job: Callable[[], Any]) -> float:
    """Median seconds of some turns after a warm-up."""
    job()
    found = []
    for _turn in range(TURNS):
        began = time.perf_counter()
        job()
        found.append(time.perf_counter() - began)
    return statistics.median(found)


def measure() -> dict[str, Any]:
    """Build the city, then time its pages and one close."""
    from django.core.management import call_command
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from benchmarks.crowd import copy_people
    from billing.queries.month import month_board
    from teikyaku.accounts.models import Membership, User
    from teikyaku.clock import today
    from teikyaku.desk.demo.city import build_city
    from teikyaku.periods import Month

    call_command("migrate", verbosity=0)
    call_command("createcachetable", verbosity=0)
    on = today()
    began = time.perf_counter()
    build_city(on, lambda text: None)
    seconds: dict[str, float] = {"demo_city": time.perf_counter() - began}
    office = Membership.objects.get(user__email="billing@example.jp").office
    assert office is not None
    people = copy_people(office, int(os.environ.get("PEOPLE", "0")))
    client = Client()
    backend = "teikyaku.accounts.backends.EmailBackend"

    def visit(who: str, url: str) -> dict[str, float]:
        client.force_login(User.objects.get(email=f"{who}@example.jp"), backend=backend)
        seconds = timed(lambda: client.get(url))
        with CaptureQueriesContext(connection) as queries:
            size = len(client.get(url).content)
        return {"ms": round(seconds * 1000, 1), "queries": len(queries), "kb": size // 1024}

    bare = visit("worker", "/me/")
    month = str(Month.of(on) - 1)
    pages = {}
    for name, (who, url) in PAGES.items():
        pages[name] = visit(who, url or f"/months/{month}/")
        pages[name]["multiple"] = round(pages[name]["ms"] / bare["ms"], 1)
    board = timed(lambda: month_board(office, Month.of(on) - 1, on))
    return {
        "demo_city_seconds": round(seconds["demo_city"], 1),
        "people_of_the_office": people,
        "session_only_ms": bare["ms"],
        "pages": pages,
        "month_board_ms": round(board * 1000, 1),
    }


def main() -> None:
    """Print the figures as JSON."""
    with tempfile.TemporaryDirectory(prefix="teikyaku-bench-") as folder:
        os.environ["TEIKYAKU_MODE"] = "demo"
        os.environ["DATABASE_URL"] = f"sqlite:///{Path(folder) / 'bench.sqlite3'}"
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "teikyaku.settings")
        import django

        django.setup()
        print(json.dumps(measure(), ensure_ascii=False, indent=2))


if __name__ == "__main__":
    main()
