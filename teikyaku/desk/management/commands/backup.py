"""`manage.py backup`: one sealed file with everything in it; the old ones go."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import CommandError, CommandParser

from teikyaku.accounts.job_command import JobCommand
from teikyaku.accounts.models import JobRun
from teikyaku.clock import TOKYO, now
from teikyaku.desk.backup.errors import BackupError
from teikyaku.desk.backup.make import make_backup


class Command(JobCommand):
    """Safe to run while people work, and to run again; a run that is stopped leaves no half file."""

    job = JobRun.Name.BACKUP
    help = (
        "データベースと添付を、公開鍵で封をした1つのファイルに写します。古いものは消します。"
        "戻すのは restore、鍵を作るのは backup_key です。"
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """All of them stand in the settings too."""
        parser.add_argument("--to", type=Path, help="置くフォルダー（BACKUP_FOLDER）")
        parser.add_argument("--recipient", action="append", help="公開鍵（BACKUP_RECIPIENTS）")
        parser.add_argument("--keep-days", type=int, help="残す日数（BACKUP_KEEP_DAYS）")

    def run(self, **options: Any) -> str:
        """What was written, in counts."""
        folder = options["to"] or settings.BACKUP_FOLDER
        if not folder:
            raise CommandError("置くフォルダーを BACKUP_FOLDER か --to に入れてください。")
        keep_days = (
            options["keep_days"] if options["keep_days"] is not None else settings.BACKUP_KEEP_DAYS
        )
        if keep_days < 1:
            raise CommandError("残す日数は1日以上にしてください。")
        try:
            made = make_backup(
                folder=Path(folder), recipients=options["recipient"] or settings.BACKUP_RECIPIENTS,
                keep_days=keep_days, at=now().astimezone(TOKYO),
            )  # fmt: skip
        except BackupError as error:
            raise CommandError(str(error)) from error
        return (
            f"{made.file.name}（{made.size:,}バイト）: {made.tables}の表 {made.rows:,}行、"
            f"添付{made.files}件。古いものを{made.removed}件消しました。"
        )
