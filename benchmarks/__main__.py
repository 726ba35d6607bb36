"""Pages of the demo city as multiples of a session-only request, and the close of a month.

Everything runs in a temporary SQLite database and is thrown away.
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
TURNS = 15


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
    from django.test import Client

    from billing.queries.month import month_board
    from teikyaku.accounts.models import Office, User
    from teikyaku.clock import today
    from teikyaku.desk.demo.city import build_city
    from teikyaku.periods import Month

    call_command("migrate", verbosity=0)
    call_command("createcachetable", verbosity=0)
    on = today()
    began = time.perf_counter()
    build_city(on, lambda text: None)
    seconds: dict[str, float] = {"demo_city": time.perf_counter() - began}
    client = Client()
    backend = "teikyaku.accounts.backends.EmailBackend"

    def visit(who: str, url: str) -> float:
        client.force_login(User.objects.get(email=f"{who}@example.jp"), backend=backend)
        return timed(lambda: client.get(url))

    bare = visit("worker", "/me/")
    month = str(Month.of(on) - 1)
    pages = {}
    for name, (who, url) in PAGES.items():
        pages[name] = round(visit(who, url or f"/months/{month}/") / bare, 2)
    office = Office.objects.order_by("number").first()
    assert office is not None
    board = timed(lambda: month_board(office, Month.of(on) - 1, on))
    return {
        "demo_city_seconds": round(seconds["demo_city"], 1),
        "session_only_ms": round(bare * 1000, 2),
        "pages_as_multiples": pages,
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
