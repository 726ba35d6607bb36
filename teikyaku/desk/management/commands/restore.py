"""`manage.py restore`: a backup into an empty place, proven; or only looked through (`--check`)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser

from teikyaku.accounts.models import OutboxMail
from teikyaku.desk.backup.bring_back import Unpacked, known_migrations, restore, unpacked
from teikyaku.desk.backup.errors import BackupError
from teikyaku.desk.seal_check import factors_open


class Command(BaseCommand):
    """Exit status 1 with the reason; the place is then as empty as before, or a second run goes on."""

    help = (
        "バックアップを、空のデータベースと空の MEDIA_ROOT に戻し、表と添付を一つずつ確かめます。"
    )
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        """The backup, the secret key, and whether it is only looked through."""
        parser.add_argument("file", type=Path)
        parser.add_argument("--key", type=Path, required=True, help="秘密鍵のファイル")
        parser.add_argument(
            "--check", action="store_true", help="開いて確かめるだけ（何も戻さない）"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Open, prove, bring back, prove again."""
        try:
            with unpacked(options["file"], options["key"]) as content:
                self._say(content)
                if options["check"]:
                    self.stdout.write("開けて、目録のとおりです。")
                    return
                restore(content)
        except BackupError as error:
            raise CommandError(str(error)) from error
        except OSError as error:
            # The name of a paper may be in the error's file name: only the reason is told.
            raise CommandError(
                f"ファイルを書けないか、読めません（{error.strerror}）。ディスクの空きと、BACKUP_WORK・MEDIA_ROOT を見てください。"
            ) from error
        self.stdout.write("すべての表と添付が、バックアップのときと同じです。")
        self._afterwards(set(content.manifest.migrations))

    def _say(self, content: Unpacked) -> None:
        made, rows = content.manifest, sum(each.size for each in content.manifest.tables.values())
        self.stdout.write(
            f"{made.made_at} のバックアップ（teikyaku {made.product}、{made.vendor}）: "
            f"{len(made.tables)}の表 {rows:,}行、添付{len(made.files)}件"
        )

    def _afterwards(self, migrations: set[str]) -> None:
        """Closed months and attachments are looked at at once."""
        if known_migrations() - migrations:
            self.stdout.write(
                "古い版のバックアップです。migrate を動かし、その後 verify_months と check_attachments を動かしてください。"
            )
            return
        call_command("verify_months", stdout=self.stdout, stderr=self.stderr)
        call_command("check_attachments", stdout=self.stdout, stderr=self.stderr)
        for each in factors_open(databases=["default"]):
            self.stdout.write(str(each.msg))
        if waiting := OutboxMail.objects.waiting().count():
            self.stdout.write(
                f"まだ送っていないことになっているメールが{waiting}通あります（もう届いたものもあります）。"
            )
        self.stdout.write("消去した方がいれば、公開する前に replay_erasures を動かしてください。")
