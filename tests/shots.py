"""`make shots`: the README's pictures, from the demo city at 390 and 1280 px.

CITY=some/demo.sqlite3 takes a city that is built already; a copy is served, the file stays as it is.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tests.browser.browser import CHROMIUM, DESK, PATIENCE, PHONE, press, running_chromium, sign_in  # noqa: E402

OUT = ROOT / "docs" / "shots"
PASSWORD = "teikyaku-demo"


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_for(base: str) -> None:
    """Until the server answers, at most two minutes: a machine may be busy."""
    for _turn in range(240):
        try:
            urllib.request.urlopen(f"{base}/healthz", timeout=1)
            return
        except (urllib.error.URLError, OSError):
            time.sleep(0.5)
    raise SystemExit("the server did not start")


def shoot(browser: Any, base: str) -> None:
    """The pictures, each at both widths."""
    for width, size in ((1280, DESK), (390, PHONE)):
        for who, name, path in (
            ("worker", "home", "/"),
            ("worker", "client", None),
            ("billing", "month", "/months/"),
        ):
            context = browser.new_context(viewport=size, locale="ja-JP")
            context.set_default_timeout(PATIENCE)
            page = context.new_page()
            sign_in(page, base, f"{who}@example.jp", PASSWORD)
            if path is None:
                page.goto(f"{base}/clients/?show=ending")
                press(page, "main table a")
            else:
                page.goto(base + path)
            page.screenshot(path=OUT / f"{name}-{width}.png")
            print(f"docs/shots/{name}-{width}.png")
            context.close()


@contextmanager
def served_city() -> Iterator[str]:
    """Where a demo city answers as long as the block: one built in a temporary place, or a copy of CITY."""
    with tempfile.TemporaryDirectory(prefix="teikyaku-shots-") as folder:
        environment = {
            **os.environ, "TEIKYAKU_MODE": "demo",
            "DATABASE_URL": f"sqlite:///{folder}/shots.sqlite3",
        }  # fmt: skip
        steps = [["migrate", "-v0"], ["createcachetable"]]
        if city := os.environ.get("CITY"):
            shutil.copy(city, f"{folder}/shots.sqlite3")
        else:
            steps.append(["demo_city"])
        for command in steps:
            subprocess.run(
                [sys.executable, "manage.py", *command],
                cwd=ROOT, env=environment, check=True, stdout=sys.stderr,
            )  # fmt: skip
        base = f"http://127.0.0.1:{free_port()}"
        server = subprocess.Popen(
            [sys.executable, "-m", "gunicorn", "teikyaku.wsgi", "--bind", base[7:]],
            cwd=ROOT, env=environment,
        )  # fmt: skip
        try:
            wait_for(base)
            yield base
        finally:
            server.terminate()
            server.wait(timeout=60)


def main() -> int:
    """Serve a city, take the pictures, stop."""
    if CHROMIUM is None:
        print("chromium がありません。Debian なら: apt-get install chromium")
        return 1
    OUT.mkdir(parents=True, exist_ok=True)
    with served_city() as base, running_chromium() as browser:
        shoot(browser, base)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
