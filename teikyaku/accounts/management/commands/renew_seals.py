"""`manage.py renew_seals`: after SECRET_KEY was changed, second factors no longer need the former one."""

from __future__ import annotations

from typing import Any

from cryptography.fernet import InvalidToken
from django.core.management.base import BaseCommand, CommandError, CommandParser

from teikyaku.accounts.actions.renew_seals import forget_unopened, renew_seals
from teikyaku.clock import now


class Command(BaseCommand):
    """Safe to run again; writes all or nothing."""

    help = (
        "二要素認証の種を、いまの SECRET_KEY で封をし直します（前の値は SECRET_KEY_FALLBACKS に）。"
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Whether what opens no more is given up."""
        parser.add_argument(
            "--forget-lost", action="store_true",
            help="前の SECRET_KEY が失われたとき：開かない登録を消す（その人は、次のサインインで登録し直す）",
        )  # fmt: skip

    def handle(self, *args: Any, **options: Any) -> None:
        """How many were sealed anew, and removed where that was asked for."""
        if options["forget_lost"]:
            self.stdout.write(f"開かない登録を{forget_unopened(at=now())}件、消しました。")
        try:
            renewed = renew_seals()
        except InvalidToken as error:
            raise CommandError(
                "どの鍵でも開かない種があります。SECRET_KEY_FALLBACKS に前の値を入れてください。"
                "前の値が失われたなら、--forget-lost で消せます（docs/operations.md）。"
            ) from error
        self.stdout.write(f"{renewed}件に封をし直しました。")
