"""`manage.py restore_proved FILE`: somebody brought a backup back and found it whole."""

from __future__ import annotations

from argparse import ArgumentTypeError
from datetime import datetime
from typing import Any

from django.core.management.base import CommandError, CommandParser

from teikyaku.accounts.actions.job_run import finish_job, start_job
from teikyaku.accounts.job_command import JobCommand
from teikyaku.accounts.models import JobRun
from teikyaku.clock import TOKYO, now
from teikyaku.desk.backup.make import made_at

WAYS = {"full": "別の場所に戻して", "check": "開いて目録と比べて"}


def _made(name: str) -> tuple[str, datetime]:
    """The name of a backup and when it was made, as its name says."""
    found = made_at(name)
    if found is None:
        raise ArgumentTypeError(
            "teikyaku-20261127T020000.tar.age の形で、ファイル名を書いてください。"
        )
    return name, found.replace(tzinfo=TOKYO)


class Command(JobCommand):
    """The restore runs on another machine, without this database: so it is written down here by hand."""

    job = JobRun.Name.RESTORE_PROVED
    help = "バックアップを別の場所に戻して確かめたことを記録します（docs/operations.md）。"

    def add_arguments(self, parser: CommandParser) -> None:
        """Which backup, and how it was tried."""
        parser.add_argument("file", type=_made, help="確かめたバックアップのファイル名")
        parser.add_argument("--how", choices=list(WAYS), default="full")

    def handle(self, *args: Any, **options: Any) -> None:
        """A slip is no failed proof: the last one stays."""
        said = self.run(**options)
        start_job(self.job, at=now())
        finish_job(self.job, at=now(), said=said, has_failed=False)
        self.stdout.write(said)

    def run(self, **options: Any) -> str:
        """What was proved. Raises CommandError for a backup of the future."""
        name, made = options["file"]
        if made > now():
            raise CommandError("これから作るバックアップは確かめられません。")
        return f"{name} を{WAYS[options['how']]}確かめました。"
