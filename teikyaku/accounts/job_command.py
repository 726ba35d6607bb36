"""The shape of a recurring command: what it says, and whether it failed, stays for the administrator."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from teikyaku.accounts.actions.job_run import finish_job, start_job
from teikyaku.accounts.models import JobRun
from teikyaku.clock import now


class JobCommand(BaseCommand):
    """`run` does the work and returns one sentence; a CommandError is a failure in words.

    The sentences hold counts, never names: they are shown to somebody who may see no client.
    """

    job: JobRun.Name

    def run(self, **options: Any) -> str:
        """The work. Returns what it did; raises CommandError with what is wrong."""
        raise NotImplementedError

    def handle(self, *args: Any, **options: Any) -> None:
        """Run, say, and keep when and how; a dry run leaves no mark."""
        if options.get("dry_run"):
            self.stdout.write(self.run(**options))
            return
        start_job(self.job, at=now())
        try:
            said = self.run(**options)
        except CommandError as error:
            finish_job(self.job, at=now(), said=str(error), has_failed=True)
            raise
        except Exception as error:
            # Its text may hold anything: the class says enough, the rest is in the log.
            finish_job(self.job, at=now(), said=type(error).__name__, has_failed=True)
            raise
        finish_job(self.job, at=now(), said=said, has_failed=False)
        self.stdout.write(said)
