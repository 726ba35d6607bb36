"""`make chaos`: faults of every kind, tried on both databases; JSON, and 1 where one is found.

SEED=1 TIMES=20 ON=sqlite|postgresql|both, ONLY=close,import,erase,restore,interview,crowd,full,papers,away.
TABLES=a file of SQLite with all tables and nothing in them: copied instead of migrating.
"""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
from contextlib import nullcontext
from pathlib import Path
from types import FrameType
from typing import Any

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT))
BOTH = ("sqlite", "postgresql")


def stop(_number: int, _frame: FrameType | None) -> None:
    """A signal ends the run through the `finally` of what was started."""
    raise SystemExit(130)


def main() -> int:
    signal.signal(signal.SIGTERM, stop)
    on = os.environ.get("ON") or "both"
    if on == "both":
        command = [sys.executable, "-m", "tests.chaos"]
        return max(
            subprocess.run(
                command, cwd=ROOT, env={**os.environ, "ON": each}, check=False
            ).returncode
            for each in BOTH
        )
    with tempfile.TemporaryDirectory(prefix="teikyaku-chaos-") as folder:
        return _on(on, Path(folder))


def _on(on: str, folder: Path) -> int:
    from tests.postgres import running_server

    media = folder / "media"
    media.mkdir()
    os.environ |= {"TEIKYAKU_MODE": "test", "DJANGO_SETTINGS_MODULE": "teikyaku.settings",
                   "MEDIA_ROOT": str(media), "BACKUP_WORK": str(folder)}  # fmt: skip
    with running_server() if on == "postgresql" else nullcontext() as server:
        os.environ["DATABASE_URL"] = (
            server.get_uri() if server else f"sqlite:///{folder}/teikyaku.sqlite3"
        )
        return _run(folder, server)


def _run(folder: Path, server: Any) -> int:
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connections

    from tests.chaos.everything import everything

    if tables := os.environ.get("TABLES"):
        shutil.copyfile(tables, folder / "teikyaku.sqlite3")
    else:
        call_command("migrate", verbosity=0)
    number, times = int(os.environ.get("SEED") or 1), int(os.environ.get("TIMES") or 20)
    faults = 0
    for outcome in everything(folder, server, times, random.Random(number)):
        told = {"database": "postgresql" if server else "sqlite", "seed": number, **outcome.told()}
        print(json.dumps(told, ensure_ascii=False), flush=True)
        faults += len(outcome.faults)
    connections.close_all()
    return 1 if faults else 0


if __name__ == "__main__":
    raise SystemExit(main())
