"""`manage.py look_over`: what on file does not fit, and what of the machine does not run."""

from __future__ import annotations

from typing import Any

from django.core.management.base import CommandError

from plans.actions.move_in_keep import forget_cells
from teikyaku.accounts.job_command import JobCommand
from teikyaku.accounts.models import JobRun
from teikyaku.clock import now
from teikyaku.desk.actions.look_over import look_over
from teikyaku.desk.queries.inconsistencies import inconsistency_page


class Command(JobCommand):
    """Asks every question, prints the same list as the page, and fails while something stands."""

    job = JobRun.Name.LOOK_OVER
    help = "記録の食い違い（締め、請求書、期間、添付、定期処理、バックアップ）を探し、画面と同じ一覧を出します。"

    def run(self, **options: Any) -> str:
        """Exit with an error that says how many stand."""
        # What of imported files lies here longer than was said goes with the nightly look.
        forget_cells(at=now())
        done = look_over(at=now())
        for group in inconsistency_page(None, now()).groups:
            self.stdout.write(f"{group.label}（{len(group.rows)}件）")
            self.stdout.write(f"  直し方：{group.mend}")
            for row in group.rows:
                words = "　".join(filter(None, (row.place, row.detail, row.subject)))
                self.stdout.write(f"  {row.found_on}から　{words}")
        told = f"新しく{done.new}件、なくなった{done.gone}件"
        if done.standing:
            raise CommandError(f"食い違いが{done.standing}件あります（{told}）。")
        return f"食い違いはありません（なくなった{done.gone}件）。"
