"""`make test`: everything on SQLite, then on PostgreSQL all that asks a database.

A browser is a program of its own, and a full machine can starve it: a page that failed in one is asked
once more, alone. Whatever fails twice, or elsewhere, is a failure.

Both databases are migrated once, side by side, and copied for the workers. Where DATABASE_URL is
set, that database is used instead, once. What is started here is stopped here, also on a signal.
"""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
import tempfile
from contextlib import closing
from pathlib import Path
from types import FrameType

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from tests.postgres import copy_database, running_postgres

ROOT = Path(__file__).resolve().parent.parent
SECONDS = int(os.environ.get("TEST_SECONDS", "900"))
WORKERS = ("gw0", "gw1")
# Pages in a browser, their components, public questions and printed papers are the same on both
# databases: looked at once. So is what asks no database at all, or is marked so.
APART = [f"--ignore=tests/{folder}" for folder in ("browser", "guide", "look", "printing")]
AGAIN = [*APART, "--asking-a-database"]
# What pytest keeps of the run before: the tests that failed, by name.
FAILED = ROOT / ".pytest_cache/v/cache/lastfailed"
IN_A_BROWSER = "tests/browser/"
# More than these is no bad luck.
ONCE_MORE = 3


def run(name: str, url: str, arguments: list[str]) -> int:
    """One pytest run on one database; its exit status, which is that of what is asked once more."""
    FAILED.unlink(missing_ok=True)
    workers = ["-n", str(len(WORKERS)), "--dist", "worksteal"]
    # Where the minutes go: the slowest are told at the end of each run.
    slowest = ["--durations=15", "--durations-min=10"]
    status = pytest(name, url, [*workers, *slowest, *arguments])
    again = starved() if status == 1 else []
    if not again:
        return status
    # By a worker, for it is workers that have a database already.
    status = pytest(f"{name}, once more", url, ["-n", "1", *reusing(arguments), *again])
    if status == 0:
        # A name that comes here twice is no bad luck.
        print("passed only the second time:", *again, sep="\n  ", flush=True)
    return status


def starved() -> list[str]:
    """The tests that failed, where all of them are of a browser and few; else none."""
    failed = list(json.loads(FAILED.read_text(encoding="utf-8"))) if FAILED.exists() else []
    are_few = len(failed) <= ONCE_MORE
    return failed if are_few and all(each.startswith(IN_A_BROWSER) for each in failed) else []


def reusing(arguments: list[str]) -> list[str]:
    """Of the arguments those that say what becomes of the database: the tests are named."""
    return [each for each in arguments if each == "--reuse-db"]


def pytest(name: str, url: str, arguments: list[str]) -> int:
    """One process of pytest; 124 where it is stopped."""
    print(f"== {name} ==", flush=True)
    environment = {**os.environ, "TEIKYAKU_MODE": "test", "DATABASE_URL": url}
    command = [sys.executable, "-m", "pytest", "-q", *arguments]
    try:
        return subprocess.run(
            command, env=environment, cwd=ROOT, timeout=SECONDS, check=False
        ).returncode
    except subprocess.TimeoutExpired:
        print(f"{name}: stopped after {SECONDS} seconds", flush=True)
        return 124


def migrate(*urls: str) -> None:
    """Empty databases with every table, to be copied; all at the same time. Raises CalledProcessError."""
    command = [sys.executable, "-m", "tests.migrating"]
    running = [
        subprocess.Popen(
            command, env={**os.environ, "TEIKYAKU_MODE": "test", "DATABASE_URL": url}, cwd=ROOT
        )
        for url in urls
    ]
    try:
        for process in running:
            if process.wait(timeout=600):
                raise subprocess.CalledProcessError(process.returncode, command)
    finally:
        for process in running:
            process.kill()
            process.wait()


def on_both(arguments: list[str]) -> list[int]:
    """Every test on SQLite, then on PostgreSQL those that ask a database and are not `APART`.

    Folder and server are gone afterwards.
    """
    with (
        tempfile.TemporaryDirectory(prefix="teikyaku-test-") as folder,
        running_postgres() as postgres,
    ):
        file = Path(folder) / "teikyaku.sqlite3"
        sqlite = f"sqlite:///{file}"
        migrate(sqlite, postgres)
        for worker in WORKERS:
            copy_file(file, f"{file}.test_{worker}")
            copy_database(postgres, f"test_postgres_{worker}")
        return [
            run("SQLite", sqlite, ["--reuse-db", *arguments]),
            run("PostgreSQL", postgres, ["--reuse-db", *(arguments or AGAIN)]),
        ]


def copy_file(file: Path, copy: str) -> None:
    """The whole database in another file, whatever still lies in its log."""
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("VACUUM INTO ?", (copy,))


def stop(_number: int, _frame: FrameType | None) -> None:
    """A signal ends the run through the `finally` of what was started."""
    raise SystemExit(130)


def main(arguments: list[str]) -> int:
    """Both runs, or one on the given database; non-zero when any failed."""
    signal.signal(signal.SIGTERM, stop)
    # Four workers and dozens of processes of the tests load the same files: compiled once.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    given = os.environ.get("DATABASE_URL")
    if given:
        return run("DATABASE_URL", given, arguments)
    return next(filter(None, on_both(arguments)), 0)


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
