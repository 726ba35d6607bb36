"""`manage.py simulate_office`: one office lived day by day, in a database of its own that is gone afterwards."""

from __future__ import annotations

import gc
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection

from teikyaku.accounts.models import User
from teikyaku.desk.simulation.day import simulate

# In memory: nothing is left behind, also where the run is killed.
OWN_DATABASE = "sqlite://:memory:"
INSIDE = "TEIKYAKU_SIMULATION"
MOST_MONTHS, MOST_CLIENTS = 120, 400


class _NoMigrations:
    """An empty database needs no history: its tables are made from the models at once."""

    def __contains__(self, app: str) -> bool:
        return True

    def __getitem__(self, app: str) -> None:
        return None


class Command(BaseCommand):
    """Starts itself again with a database of its own, and says what came of it."""

    help = (
        "一つの事業所を一日ずつ動かし、見えないまま過ぎた期限、二度届いた・届かなかった知らせ、"
        "請求できなかった月を数えます。いつものデータベースには触れず、メールも送りません。"
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """How long, how many people, which story; `--json` for other programs."""
        parser.add_argument("--months", type=int, default=36)
        parser.add_argument("--clients", type=int, default=40)
        parser.add_argument("--seed", type=int, default=1)
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        """Exit status 1 when something lapsed unseen, came twice or never came."""
        if settings.IS_PRODUCTION:
            raise CommandError("本番では模擬を動かしません。")
        if not 1 <= options["months"] <= MOST_MONTHS or not 1 <= options["clients"] <= MOST_CLIENTS:
            raise CommandError(f"月数は1〜{MOST_MONTHS}、人数は1〜{MOST_CLIENTS}にしてください。")
        if os.environ.get(INSIDE) is None:
            # Nothing but this program itself, with numbers.
            ran = subprocess.run(again(options), env=own_environment(), check=False)  # noqa: S603
            sys.exit(ran.returncode)
        self._run(options)

    def _run(self, options: dict[str, Any]) -> None:
        _build()
        # As for the demo city: many short-lived rows, which need no collecting.
        gc.freeze()
        gc.set_threshold(100_000, 50, 50)
        report = simulate(
            months=options["months"], clients=options["clients"], seed=options["seed"],
            say=self.stderr.write,
        )  # fmt: skip
        self.stdout.write(report.as_json() if options["json"] else report.as_text())
        sys.exit(report.exit_status)


def again(options: dict[str, Any]) -> list[str]:
    """The same command, for a process of its own."""
    names = ("months", "clients", "seed")
    asked = [part for name in names for part in (f"--{name}", str(options[name]))]
    manage = Path(settings.BASE_DIR) / "manage.py"
    return [
        sys.executable, str(manage), "simulate_office", *asked, *(["--json"] if options["json"] else [])
    ]  # fmt: skip


def own_environment() -> dict[str, str]:
    """Nothing of the configured database; in the mode of tests mails go nowhere."""
    return {**os.environ, "DATABASE_URL": OWN_DATABASE, "TEIKYAKU_MODE": "test", INSIDE: "1"}


def _build() -> None:
    database = connection.settings_dict
    if connection.vendor != "sqlite" or database["NAME"] != ":memory:":
        raise CommandError("模擬は、自分のデータベースの中だけで動きます。")
    settings.MIGRATION_MODULES = _NoMigrations()
    call_command("migrate", run_syncdb=True, verbosity=0, interactive=False)
    if User.objects.exists():
        raise CommandError("模擬のデータベースが空ではありません。")
