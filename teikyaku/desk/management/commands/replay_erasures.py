"""`manage.py replay_erasures`: what was erased stays erased after a backup is restored.

A backup from before an erasure brings the person back. So the list of erasures (random ids, no
names) is written to a file apart from the backups, and replayed after a restore.
"""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser

from clients.actions.erase import past_erasure, remove_files
from clients.models import Client, Erasure
from plans.actions.erase_ward import erase_ward_file
from teikyaku.accounts.models import Membership
from teikyaku.desk.actions.erase import erase_file


class Command(BaseCommand):
    """Writes the list, or erases again what a restored backup brought back."""

    help = "消去の一覧をファイルに書き出します（--write）。復元した後は、一覧のとおりにもう一度消去します。"

    def add_arguments(self, parser: CommandParser) -> None:
        """The file; `--write` makes it anew."""
        parser.add_argument("file", type=Path)
        parser.add_argument("--write", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        """Exit status 1 where something could not be erased again; the others are."""
        if options["write"]:
            self._write(options["file"])
        else:
            self._replay(options["file"])

    def _write(self, file: Path) -> None:
        rows = Erasure.objects.select_related("erased_by").order_by("pk")
        lines = [
            json.dumps(
                {
                    "person": str(row.person_id),
                    "by": str(row.erased_by.public_id),
                    "at": row.erased_at.isoformat(),
                }
            )
            for row in rows
        ]
        # Written beside and put in its place: a crash leaves the former list.
        beside = file.with_suffix(f"{file.suffix}.new")
        beside.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
        beside.replace(file)
        self.stdout.write(f"{len(lines)}件の消去を書き出しました。")

    def _replay(self, file: Path) -> None:
        try:
            lines = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
        except (OSError, ValueError) as error:
            raise CommandError("消去の一覧が読めません。") from error
        again, left = 0, 0
        for line in lines:
            try:
                again += self._erase(line)
            except ValidationError as error:
                left += 1
                self.stderr.write(f"{line['person']}: {' '.join(error.messages)}")
        remove_files()
        self.stdout.write(f"{again}件をもう一度消去しました。")
        if left:
            raise CommandError(f"{left}件は消去できませんでした。画面で見て決めてください。")

    @staticmethod
    def _erase(line: dict[str, str]) -> bool:
        """Whether somebody had come back and is gone again."""
        person = Client.objects.filter(public_id=line["person"]).first()
        by = Membership.objects.with_places().filter(public_id=line["by"]).first()
        if person is None:
            return False
        if by is None:
            raise ValidationError("消去した職員の所属が、このデータベースにありません。")
        if past_erasure(person.public_id, by) is not None:
            return False
        at = datetime.fromisoformat(line["at"])
        if by.office is not None:
            erase_file(client=person, office=by.office, by=by, at=at)
        elif by.municipality is not None:
            erase_ward_file(client=person, ward=by.municipality, by=by, at=at)
        return True
