"""`make test`: everything on SQLite, then everything on PostgreSQL.

Where DATABASE_URL is set, that database is used instead, once. What is started here is stopped
here, also on a signal.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path
from types import FrameType

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from tests.postgres import running_postgres

ROOT = Path(__file__).resolve().parent.parent
SECONDS = int(os.environ.get("TEST_SECONDS", "900"))


def run(name: str, url: str, arguments: list[str]) -> int:
    """One pytest run on one database; its exit status."""
    print(f"== {name} ==", flush=True)
    environment = {**os.environ, "TEIKYAKU_MODE": "test", "DATABASE_URL": url}
    command = [sys.executable, "-m", "pytest", "-q", "-n", "2", "--dist", "loadfile", *arguments]
    try:
        return subprocess.run(
            command, env=environment, cwd=ROOT, timeout=SECONDS, check=False
        ).returncode
    except subprocess.TimeoutExpired:
        print(f"{name}: stopped after {SECONDS} seconds", flush=True)
        return 124


def stop(_number: int, _frame: FrameType | None) -> None:
    """A signal ends the run through the `finally` of what was started."""
    raise SystemExit(130)


def main(arguments: list[str]) -> int:
    """Both runs, or one on the given database; non-zero when any failed."""
    signal.signal(signal.SIGTERM, stop)
    given = os.environ.get("DATABASE_URL")
    if given:
        return run("DATABASE_URL", given, arguments)
    with tempfile.TemporaryDirectory(prefix="teikyaku-test-") as folder:
        on_sqlite = run("SQLite", f"sqlite:///{folder}/teikyaku.sqlite3", arguments)
    with running_postgres() as url:
        on_postgres = run("PostgreSQL", url, arguments)
    return on_sqlite or on_postgres


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
