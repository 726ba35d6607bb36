"""`make test`: everything on SQLite, then on PostgreSQL all that asks a database.

Each database is migrated once and copied for the workers. Where DATABASE_URL is set, that database
is used instead, once. What is started here is stopped here, also on a signal.
"""

from __future__ import annotations

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
# Pages in a browser and printed papers are the same on both databases: looked at once.
APART = ["--ignore=tests/browser", "--ignore=tests/printing"]


def run(name: str, url: str, arguments: list[str]) -> int:
    """One pytest run on one database; its exit status."""
    print(f"== {name} ==", flush=True)
    environment = {**os.environ, "TEIKYAKU_MODE": "test", "DATABASE_URL": url}
    workers = str(len(WORKERS))
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-n",
        workers,
        "--dist",
        "worksteal",
        *arguments,
    ]
    try:
        return subprocess.run(
            command, env=environment, cwd=ROOT, timeout=SECONDS, check=False
        ).returncode
    except subprocess.TimeoutExpired:
        print(f"{name}: stopped after {SECONDS} seconds", flush=True)
        return 124


def migrate(url: str) -> None:
    """An empty database with every table, to be copied. Raises CalledProcessError."""
    environment = {**os.environ, "TEIKYAKU_MODE": "test", "DATABASE_URL": url}
    command = [sys.executable, "manage.py", "migrate", "--verbosity", "0"]
    subprocess.run(command, env=environment, cwd=ROOT, timeout=300, check=True)


def on_sqlite(arguments: list[str]) -> int:
    """Every test on SQLite, in a folder that is gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="teikyaku-test-") as folder:
        file = Path(folder) / "teikyaku.sqlite3"
        url = f"sqlite:///{file}"
        migrate(url)
        for worker in WORKERS:
            copy_file(file, f"{file}.test_{worker}")
        return run("SQLite", url, ["--reuse-db", *arguments])


def copy_file(file: Path, copy: str) -> None:
    """The whole database in another file, whatever still lies in its log."""
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("VACUUM INTO ?", (copy,))


def on_postgres(arguments: list[str]) -> int:
    """Every test but those of `APART` on a PostgreSQL that lives as long as the run."""
    with running_postgres() as url:
        migrate(url)
        for worker in WORKERS:
            copy_database(url, f"test_postgres_{worker}")
        return run("PostgreSQL", url, ["--reuse-db", *(arguments or APART)])


def stop(_number: int, _frame: FrameType | None) -> None:
    """A signal ends the run through the `finally` of what was started."""
    raise SystemExit(130)


def main(arguments: list[str]) -> int:
    """Both runs, or one on the given database; non-zero when any failed."""
    signal.signal(signal.SIGTERM, stop)
    given = os.environ.get("DATABASE_URL")
    if given:
        return run("DATABASE_URL", given, arguments)
    results = [on_sqlite(arguments), on_postgres(arguments)]
    return next(filter(None, results), 0)


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
