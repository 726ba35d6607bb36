"""`manage.py renew_seals`: after SECRET_KEY was changed, second factors no longer need the former one."""

from __future__ import annotations

from typing import Any

from cryptography.fernet import InvalidToken
from django.core.management.base import BaseCommand, CommandError

from teikyaku.accounts.actions.renew_seals import renew_seals


class Command(BaseCommand):
    """Safe to run again; writes all or nothing."""

    help = (
        "二要素認証の種を、いまの SECRET_KEY で封をし直します（前の値は SECRET_KEY_FALLBACKS に）。"
    )

    def handle(self, *args: Any, **options: Any) -> None:
        """How many were sealed anew."""
        try:
            renewed = renew_seals()
        except InvalidToken as error:
            raise CommandError(
                "どの鍵でも開かない種があります。SECRET_KEY_FALLBACKS に前の値を入れてください。"
            ) from error
        self.stdout.write(f"{renewed}件に封をし直しました。")
