"""`manage.py verify_months`: are the closed months still what was frozen?"""

from __future__ import annotations

from typing import Any

from django.core.management.base import CommandError

from billing.models import MonthClosing, MonthRemainder
from billing.queries.verify import broken_closings
from teikyaku.accounts.job_command import JobCommand
from teikyaku.accounts.models import JobRun


class Command(JobCommand):
    """Computes every closing's digest again from its rows."""

    job = JobRun.Name.VERIFY_MONTHS
    help = "締めた月の検査値を計算し直し、変わっていないことを確かめます。"

    def run(self, **options: Any) -> str:
        """Exit with an error that names office and month of every closing that differs."""
        broken = list(broken_closings())
        for closing in broken:
            self.stderr.write(f"{closing.office.number} {closing.month:%Y-%m} {closing.number}回目")
        if broken:
            raise CommandError(f"{len(broken)}件の締めが、凍結したときと違います。")
        said = f"{MonthClosing.objects.count()}件の締めは、すべて凍結したときのままです。"
        if erased := MonthRemainder.objects.count():
            said += (
                f"（うち{erased}件は、保存期間の終わった方を消去した残りと、名前のない合計です）"
            )
        return said
