"""`manage.py backup_key`: a pair of keys for backups. The secret one belongs on another machine."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from teikyaku.desk.backup.sealing import new_key


class Command(BaseCommand):
    """Writes the secret key into a new file and says the public one."""

    help = "バックアップの鍵を作ります。秘密鍵はファイルへ（このサーバーには置かない）、公開鍵は画面へ。"
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        """The file of the secret key."""
        parser.add_argument("file", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        """Never over an existing file: a lost key is the loss of every backup that it opens."""
        secret, public = new_key()
        try:
            with open(options["file"], "x", encoding="utf-8", opener=_private) as file:
                file.write(f"# {public}\n{secret}\n")
        except FileExistsError as error:
            raise CommandError("そのファイルはもうあります。上書きはしません。") from error
        except OSError as error:
            raise CommandError(f"鍵を書けません: {error.strerror}") from error
        self.stdout.write(f"BACKUP_RECIPIENTS={public}")
        self.stderr.write(
            "秘密鍵のファイルは、サーバーとは別の場所に二つ以上置き、サーバーから消してください。なくすと、バックアップは開けません。"
        )


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)
