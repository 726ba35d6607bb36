"""`manage.py send_reminders`: Monday mails, ends a step nearer, what is long overdue, for cron or a timer."""

from __future__ import annotations

from argparse import ArgumentTypeError
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.core.management.base import CommandError, CommandParser

from plans.actions.reminder import Reminded, write_reminders
from teikyaku.accounts.actions.outbox import send_waiting
from teikyaku.accounts.job_command import JobCommand
from teikyaku.accounts.models import JobRun
from teikyaku.clock import at_noon, now


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise ArgumentTypeError("2026-04-06 の形で書いてください。") from error


class Command(JobCommand):
    """Writes the reminders of today and sends what waits; run twice, or at once, it sends once."""

    job = JobRun.Name.SEND_REMINDERS
    help = "月曜の知らせ、期限が新しい段階に入った知らせ、期限を大きく過ぎた面談の報告を送ります（何度動かしても一通だけ）。"

    def add_arguments(self, parser: CommandParser) -> None:
        """`--dry-run` counts only; `--on` takes another day, never in production."""
        parser.add_argument(
            "--dry-run", action="store_true", help="書かず、送らず、数だけ言います。"
        )
        parser.add_argument("--on", type=_day, help="この日として動かします（デモとテストだけ）。")

    def run(self, **options: Any) -> str:
        """Write, send, and say how many; a mail that cannot be sent waits for `send_mail`."""
        at = self._at(options.get("on"))
        is_dry = bool(options.get("dry_run"))
        done = write_reminders(at=at, is_dry=is_dry)
        if is_dry:
            return f"{self._told(done)}（書きません）"
        sent = send_waiting(at=at)
        waits = f"{sent.failed}通は送れず、send_mail が次に送ります。" if sent.failed else ""
        return f"{self._told(done)}。{sent.sent}通送りました。{waits}"

    @staticmethod
    def _at(on: date | None) -> datetime:
        if on is None:
            return now()
        if settings.IS_PRODUCTION:
            raise CommandError("本番では --on を使えません。今日として動かしてください。")
        return at_noon(on)

    @staticmethod
    def _told(done: Reminded) -> str:
        text = (
            f"期限の段階の知らせ{done.steps}通、"
            f"月曜の知らせ{done.digests}通、"
            f"期限を大きく過ぎた{done.escalations}人の報告{done.escalation_mails}通"
        )
        return f"{text}、知らせる相手のいない{done.unheard}人" if done.unheard else text
