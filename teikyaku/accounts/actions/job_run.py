"""Recurring work leaves a mark: when it began, when it ended, what it said."""

from __future__ import annotations

from datetime import datetime

from teikyaku.accounts.models import JobRun

SAID_LETTERS = 200


def start_job(name: JobRun.Name, *, at: datetime) -> None:
    """The row of this kind of work begins anew."""
    JobRun.objects.update_or_create(
        name=name,
        defaults={"started_at": at, "finished_at": None, "has_failed": False, "said": ""},
    )


def finish_job(name: JobRun.Name, *, at: datetime, said: str, has_failed: bool) -> None:
    """How it ended. Of two runs at once, the later one to end is what is shown."""
    JobRun.objects.filter(name=name).update(
        finished_at=at, has_failed=has_failed, said=said[:SAID_LETTERS]
    )
