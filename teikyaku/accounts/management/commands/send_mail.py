"""`manage.py send_mail`: what waits in the outbox, for cron or a timer."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from teikyaku.accounts.actions.outbox import send_waiting
from teikyaku.clock import now


class Command(BaseCommand):
    """Sends waiting mail; each mail once, also when two runs meet."""

    help = "送信箱のメールを送ります（二度動かしても一通だけ）。"

    def handle(self, *args: Any, **options: Any) -> None:
        """Send and say how many; what could not be sent ends the run with an error."""
        result = send_waiting(at=now())
        self.stdout.write(f"{result.sent}通送りました。")
        if result.failed:
            raise CommandError(f"{result.failed}通は送れませんでした。次の実行でもう一度送ります。")
