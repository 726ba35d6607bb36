"""`manage.py import_office FILE`: an office's file, taken out elsewhere, into this installation."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser

from teikyaku.desk.takeout.bring_in import BroughtIn, bring_in, is_installed, opened
from teikyaku.desk.takeout.errors import TakeoutError
from teikyaku.desk.takeout.manifest import TakeoutManifest


class Command(BaseCommand):
    """Exit status 1 with the reason; nothing of the file is here then."""

    help = (
        "「データを持ち出す」のファイルを、空の teikyaku（migrate のすぐあと）に取り込みます。"
        "目録と比べ、全部を一度に入れ、締めた月を確かめます。"
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """The file, and whether it is only looked through."""
        parser.add_argument("file", type=Path)
        parser.add_argument(
            "--check", action="store_true", help="開いて確かめるだけ（何も入れない）"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Open, prove, store, prove again."""
        try:
            with opened(options["file"]) as (archive, manifest):
                self._say(manifest)
                if options["check"]:
                    self.stdout.write("開けて、目録のとおりです。")
                    return
                if not is_installed():
                    raise CommandError("先に manage.py migrate を動かしてください。")
                self._told(bring_in(archive, manifest))
        except TakeoutError as error:
            raise CommandError(str(error)) from error
        self._afterwards()

    def _say(self, manifest: TakeoutManifest) -> None:
        rows = sum(table.size for table in manifest.tables.values())
        self.stdout.write(
            f"事業所番号 {manifest.office['number']}、{manifest.on} の持ち出し"
            f"（teikyaku {manifest.product}）: {rows:,}行、ファイル{len(manifest.files):,}件"
        )
        if manifest.missing:
            self.stdout.write(
                f"持ち出すときに入らなかったファイルが{len(manifest.missing)}件あります（files.xlsx）。"
            )

    def _told(self, made: BroughtIn) -> None:
        for label, count in made.rows.items():
            self.stdout.write(f"  {label}: {count:,}件")
        self.stdout.write(
            f"取り込みました。添付のファイル{made.files:,}件。ここにもうあった共通の記録{made.here_already:,}件。"
        )

    def _afterwards(self) -> None:
        for name in ("verify_months", "check_derived", "check_attachments"):
            try:
                call_command(name, stdout=self.stdout, stderr=self.stderr)
            except CommandError as error:
                self.stderr.write(f"{name}: {error}")
        self.stdout.write(
            "職員はまだサインインできません。first_admin で管理者を作り、職員の画面から招待を送り直してください。"
        )
