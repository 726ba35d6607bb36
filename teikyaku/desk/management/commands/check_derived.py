"""`manage.py check_derived`: do the stored due dates and windows agree with the rules?"""

from __future__ import annotations

from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.db import transaction

from plans.actions.pace import refresh
from plans.actions.referral import store_days
from teikyaku.accounts.job_command import JobCommand
from teikyaku.accounts.models import JobRun
from teikyaku.clock import today
from teikyaku.desk.inconsistencies.derived import differing, stale_referrals


class Command(JobCommand):
    """Reports enrolments and referrals whose derived columns are stale; mends them with --fix."""

    job = JobRun.Name.CHECK_DERIVED
    help = "面談の期限と利用可能期間が、規則どおりかを確かめます（--fix で直します）。"

    def add_arguments(self, parser: CommandParser) -> None:
        """`--fix` stores what the rules say."""
        parser.add_argument("--fix", action="store_true")

    def run(self, **options: Any) -> str:
        """Exit with an error when something differs and is not mended."""
        found, referrals = list(differing()), list(stale_referrals())
        for row, names in found:
            self.stdout.write(f"{row.public_id}: {', '.join(names)}")
        for referral in referrals:
            self.stdout.write(f"{referral.public_id}: eligible_from, eligible_until")
        count = len(found) + len(referrals)
        if count and options["fix"]:
            with transaction.atomic():
                refresh([row for row, _names in found], on=today())
                store_days(referrals)
            return f"{count}件を直しました。"
        if count:
            raise CommandError(f"{count}件が規則と違います。--fix で直せます。")
        return "すべて規則どおりです。"
