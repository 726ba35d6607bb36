"""`manage.py demo_city`: a fictional city, the same for the same date."""

from __future__ import annotations

import sys
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from teikyaku.clock import today
from teikyaku.desk.demo import keeper
from teikyaku.desk.demo.city import build_city
from teikyaku.desk.demo.places import PASSWORD

SIGN_INS = (
    ("worker", "就労定着支援員（みなとサポート）"),
    ("worker2", "就労定着支援員（二つの事業所）"),
    ("manager", "サービス管理責任者"),
    ("head", "管理者"),
    ("billing", "請求担当"),
    ("akari-all", "一人で全部（兼務）"),
    ("asahi-head", "管理者（移行の途中の事業所）"),
    ("chuo", "区役所職員（中央区）"),
    ("kita", "区役所職員（北区）"),
    ("city", "本庁"),
    ("admin", "システム管理者"),
)


class Command(BaseCommand):
    """Builds the demo city, or leaves the one of today as it is."""

    help = "架空の街をつくります。今日の街があれば、そのまま使います。"

    def add_arguments(self, parser: CommandParser) -> None:
        """`--rebuild`: build again although somebody wrote in it; `--force`: in production too."""
        parser.add_argument("--rebuild", action="store_true")
        parser.add_argument("--force", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        """Build where needed, then print the sign-ins."""
        if settings.IS_PRODUCTION and not options["force"]:
            raise CommandError("本番では架空の街をつくりません。")
        on = today()
        if self._must_build(on, options["rebuild"]):
            if not keeper.is_empty():
                keeper.clear()
            build_city(on, lambda text: self.stdout.write(f"  {text}"))
        self._print_sign_ins()

    def _must_build(self, on: Any, rebuild: bool) -> bool:
        built_on = keeper.built_on()
        if rebuild or keeper.is_empty():
            return True
        if built_on is None:
            raise CommandError("架空の街ではないデータがあります。消すには --rebuild を付けます。")
        if built_on == on:
            return False
        if not keeper.was_written_in():
            return True
        if not sys.stdin.isatty():
            self.stdout.write(f"{built_on}の街に書き込みがあるため、そのまま使います。")
            return False
        answer = input(f"{built_on}の街に書き込みがあります。消して今日の街をつくりますか [y/N] ")
        return answer.strip().lower() == "y"

    def _print_sign_ins(self) -> None:
        self.stdout.write("サインイン（パスワードはみな同じ）: " + PASSWORD)
        for key, role in SIGN_INS:
            self.stdout.write(f"  {key + '@example.jp':<26}{role}")
