"""Does the recurring work run, is there a new backup, and was one ever brought back?"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _

from teikyaku.accounts.models import JobRun
from teikyaku.clock import TOKYO
from teikyaku.desk.backup.make import kept
from teikyaku.desk.inconsistencies.found import Found

OLD_AFTER = timedelta(days=2)
# Told by a question of its own, or by its own line while it runs.
NOT_HERE = (JobRun.Name.LOOK_OVER, JobRun.Name.RESTORE_PROVED)


def jobs(at: datetime) -> Iterator[Found]:
    """Recurring work that never ran (in production), failed, was killed, or is late."""
    runs = {run.name: run for run in JobRun.objects.all()}
    for name in JobRun.Name:
        if name not in NOT_HERE and (why := _why_not_well(name, runs.get(name), at)):
            yield Found(name.value, detail=f"{name.label}：{why}", page="system_home")


def _why_not_well(name: JobRun.Name, run: JobRun | None, at: datetime) -> str:
    """What is wrong with the last run in words; "" where nothing is."""
    if run is None:
        return _("まだ一度も動いていません") if settings.IS_PRODUCTION else ""
    if run.has_failed:
        return _("失敗しました")
    since = run.finished_at or run.started_at
    if at - since <= name.late_after:
        return ""
    if run.finished_at is None:
        return _("始めたまま、終わりの記録がありません")
    return _("このあいだ動いていません")


def newest_backup(at: datetime) -> Iterator[Found]:
    """No backup, or none of the last two days. Outside production only where a folder is set."""
    folder = settings.BACKUP_FOLDER
    if not folder:
        if settings.IS_PRODUCTION:
            yield Found("folder", detail=_("置くフォルダーが決まっていません"), page="system_home")
        return
    made = kept(Path(folder))
    if not made:
        yield Found("none", detail=_("一つもありません"), page="system_home")
    elif at.astimezone(TOKYO).replace(tzinfo=None) - max(made) > OLD_AFTER:
        detail = _("いちばん新しいものは%(on)s") % {"on": f"{max(made):%Y-%m-%d}"}
        yield Found("old", detail=detail, page="system_home")


def proof_of_restore(at: datetime) -> Iterator[Found]:
    """Nobody brought a backup back for proof, or not for a month and some days."""
    if not (settings.IS_PRODUCTION or settings.BACKUP_FOLDER):
        return
    name = JobRun.Name.RESTORE_PROVED
    last = JobRun.objects.filter(name=name).values_list("started_at", flat=True).first()
    if last is None:
        yield Found("never", detail=_("まだ一度も確かめていません"), page="system_home")
    elif at - last > name.late_after:
        detail = _("最後に確かめたのは%(on)s") % {"on": f"{last.astimezone(TOKYO):%Y-%m-%d}"}
        yield Found("late", detail=detail, page="system_home")
