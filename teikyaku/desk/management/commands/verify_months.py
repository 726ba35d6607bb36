"""`manage.py verify_months`: are the closed months still what was frozen?"""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from billing.models import MonthClosing
from billing.queries.verify import broken_closings


class Command(BaseCommand):
    """Computes every closing's digest again from its rows."""

    help = "締めた月の検査値を計算し直し、変わっていないことを確かめます。"

    def handle(self, *args: Any, **options: Any) -> None:
        """Exit with an error that names office and month of every closing that differs."""
        broken = list(broken_closings())
        for closing in broken:
            self.stderr.write(f"{closing.office.number} {closing.month:%Y-%m} {closing.number}回目")
        if broken:
            raise CommandError(f"{len(broken)}件の締めが、凍結したときと違います。")
        self.stdout.write(
            f"{MonthClosing.objects.count()}件の締めは、すべて凍結したときのままです。"
        )
