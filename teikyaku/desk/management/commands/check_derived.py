"""`manage.py check_derived`: do the stored due dates and windows agree with the rules?"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.db import transaction

from clients.models import Enrolment, Referral
from plans.actions.pace import DERIVED, derive, refresh
from plans.actions.referral import store_days
from plans.queries.pace import standing_dues
from plans.queries.referral_days import differing_referrals
from teikyaku.accounts.job_command import JobCommand
from teikyaku.accounts.models import JobRun
from teikyaku.clock import today

CHUNK = 500
# Which due date stood from which day on.
LOG = "interview_dues"


def differing() -> Iterator[tuple[Enrolment, list[str]]]:
    """Every enrolment whose stored columns differ from what the rules say, with their names."""
    rows = Enrolment.objects.select_related("office").order_by("pk").iterator(chunk_size=CHUNK)
    while chunk := list(islice(rows, CHUNK)):
        stored = {row.pk: [getattr(row, name) for name in DERIVED] for row in chunk}
        logged = standing_dues([row.pk for row in chunk])
        for row in derive(chunk):
            now = [getattr(row, name) for name in DERIVED]
            wrong = [
                name
                for name, old, new in zip(DERIVED, stored[row.pk], now, strict=True)
                if old != new
            ]
            last = logged.get(row.pk)
            if (last.due_on if last else None) != row.interview_due_on or (
                last and last.is_carried
            ):
                wrong.append(LOG)
            if wrong:
                yield row, wrong


def stale_referrals() -> Iterator[Referral]:
    """Every standing referral whose stored days differ from what the screening says."""
    rows = Referral.objects.filter(withdrawn_at=None).select_related("client").order_by("pk")
    for row, _days in differing_referrals(rows.iterator(chunk_size=CHUNK)):
        yield row


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
