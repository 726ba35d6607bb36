"""`manage.py check_attachments`: are the stored papers whole, and is nothing left that no row holds?"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.core.management.base import CommandError, CommandParser

from clients.actions.erase import remove_files
from clients.models import Attachment
from clients.queries.attachment import orphans, stored_faults
from teikyaku.accounts.actions.takeout import remove_old_takeouts
from teikyaku.accounts.job_command import JobCommand
from teikyaku.accounts.models import JobRun
from teikyaku.clock import now
from teikyaku.scans import store

# A file is written shortly before its row: what is younger may still be on its way.
SETTLED_AFTER = timedelta(hours=1)
WORDS = {"missing": "ファイルがない", "changed": "中身が変わった"}


class Command(JobCommand):
    """Compares every paper with its SHA-256 and lists orphans; erases those with --fix.

    It also removes the files of takeouts whose days are over.
    """

    job = JobRun.Name.CHECK_ATTACHMENTS
    help = "添付のファイルがそろい、保存したときのままかを確かめます（--fix で、記録のないファイルを消します）。"

    def add_arguments(self, parser: CommandParser) -> None:
        """`--fix` erases orphans; missing or changed papers come back from a backup only."""
        parser.add_argument("--fix", action="store_true")

    def run(self, **options: Any) -> str:
        """Exit with an error when something is missing, changed or left over."""
        # What an erasure could not finish, killed after its commit.
        remove_files()
        # Files that offices asked for to take along, after their days.
        removed = remove_old_takeouts(at=now())
        faults = list(stored_faults(Attachment.objects.all()))
        for fault in faults:
            self.stdout.write(f"{fault.public_id}: {WORDS[fault.what]}")
        left = orphans(now() - SETTLED_AFTER)
        for name in left:
            self.stdout.write(f"{name}: 記録がない")
        said = ""
        if left and options["fix"]:
            store.remove(left)
            said, left = f"記録のないファイルを{len(left)}個消しました。", []
        if faults or left:
            counts = {what: sum(each.what == what for each in faults) for what in WORDS}
            told = [f"{WORDS[what]}添付{count}件" for what, count in counts.items() if count]
            told += [f"記録のないファイル{len(left)}個（--fix で消せます）"] if left else []
            raise CommandError(f"{said}{'、'.join(told)}。")
        if removed:
            said += f"持ち出し用のファイルを{removed}件消しました。"
        return said or "すべてそろっています。"
