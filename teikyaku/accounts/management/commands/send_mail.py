"""`manage.py send_mail`: what waits in the outbox, for cron or a timer."""

from __future__ import annotations

from typing import Any

from django.core.management.base import CommandError

from teikyaku.accounts.actions.outbox import send_waiting
from teikyaku.accounts.job_command import JobCommand
from teikyaku.accounts.models import JobRun
from teikyaku.clock import now


class Command(JobCommand):
    """Sends waiting mail; each mail once, also when two runs meet."""

    job = JobRun.Name.SEND_MAIL
    help = "送信箱のメールを送ります（二度動かしても一通だけ）。"

    def run(self, **options: Any) -> str:
        """Send and say how many; what could not be sent ends the run with an error."""
        result = send_waiting(at=now())
        if result.failed:
            raise CommandError(
                f"{result.sent}通送りました。"
                f"{result.failed}通は送れませんでした。次の実行でもう一度送ります。"
            )
        return f"{result.sent}通送りました。"
