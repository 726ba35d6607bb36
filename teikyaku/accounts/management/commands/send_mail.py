"""`manage.py send_mail`: what waits in the outbox, for cron or a timer."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from teikyaku.accounts.actions.outbox import send_waiting
from teikyaku.clock import now


class Command(BaseCommand):
    """Sends waiting mail; each mail once, also when two runs meet."""

    help = "送信箱のメールを送ります（二度動かしても一通だけ）。"

    def handle(self, *args: Any, **options: Any) -> None:
        """Send and say how many."""
        self.stdout.write(f"{send_waiting(at=now())}通送りました。")
