"""データの持ち出し on its way: asked for, ready, taken, removed. The file itself is built in `desk`."""

from __future__ import annotations

import shutil
from datetime import date, datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F, Q
from django.utils.translation import gettext as _

from teikyaku.accounts.actions.audit import audit
from teikyaku.accounts.actions.record import save_record
from teikyaku.accounts.models import Membership, Office, OfficeTakeout
from teikyaku.accounts.queries.figures import figure
from teikyaku.clock import date_of
from teikyaku.periods import Month

FOLDER = "takeouts"
DAYS = "takeout.days"
# What nobody finished is given up after so long.
GIVEN_UP_AFTER = timedelta(days=1)


def folder_of(takeout: OfficeTakeout) -> Path:
    """Where the file lies: beside the attachments, never in a backup."""
    return Path(settings.MEDIA_ROOT) / FOLDER / takeout.public_id.hex


def days_kept(on: date) -> int:
    """For how many days a file stays, as it holds on `on` (one query)."""
    return int(figure(DAYS, Month.of(on)).value)


@transaction.atomic
def ask_takeout(*, office: Office, by: Membership, at: datetime) -> OfficeTakeout:
    """Begin a file with everything of the office; one that is being made is gone on with."""
    Office.objects.select_for_update(no_key=True).get(pk=office.pk)
    known = OfficeTakeout.objects.filter(office=office, ready_at=None, removed_at=None).first()
    if known is not None:
        return known
    takeout = OfficeTakeout(office=office)
    return save_record(takeout, verb="office_takeout_asked", by=by, at=at)


def note_progress(
    takeout: OfficeTakeout, *, steps: int, steps_done: int, row_count: int, missing_count: int
) -> None:
    """How far it is."""
    OfficeTakeout.objects.filter(pk=takeout.pk).update(
        steps=steps, steps_done=steps_done, row_count=row_count, missing_count=missing_count
    )


@transaction.atomic
def finish_takeout(*, takeout: OfficeTakeout, size: int, by: Membership, at: datetime) -> None:
    """The file lies there, for some days. Asked again, nothing happens."""
    until = date_of(at) + timedelta(days=days_kept(date_of(at)))
    rows = OfficeTakeout.objects.filter(pk=takeout.pk, ready_at=None, removed_at=None)
    if rows.update(ready_at=at, kept_until=until, size=size):
        audit(verb="office_takeout_ready", subject=takeout, by=by, at=at)


@transaction.atomic
def take(*, takeout: OfficeTakeout, by: Membership, at: datetime) -> None:
    """Somebody takes the file. Raises ValidationError where it is not there (any more)."""
    rows = OfficeTakeout.objects.filter(
        pk=takeout.pk, ready_at__isnull=False, removed_at=None, kept_until__gte=date_of(at)
    )
    if not rows.update(download_count=F("download_count") + 1, taken_by=by, taken_at=at):
        raise ValidationError(_("このファイルは、もう消しました。必要なら、もう一度作れます。"))
    audit(verb="office_takeout_taken", subject=takeout, by=by, at=at)


@transaction.atomic
def remove_takeout(*, takeout: OfficeTakeout, by: Membership, at: datetime) -> None:
    """The office has its copy, or wants none: the file goes now. Asked again, nothing happens."""
    if OfficeTakeout.objects.filter(pk=takeout.pk, removed_at=None).update(removed_at=at):
        audit(verb="office_takeout_removed", subject=takeout, by=by, at=at)
    transaction.on_commit(lambda: shutil.rmtree(folder_of(takeout), ignore_errors=True))


@transaction.atomic
def remove_takeouts_of(office: Office, *, at: datetime) -> None:
    """Somebody's file was erased: what the office could still take would hold them."""
    rows = list(OfficeTakeout.objects.filter(office=office, removed_at=None))
    OfficeTakeout.objects.filter(pk__in=[row.pk for row in rows]).update(removed_at=at)
    if rows:
        transaction.on_commit(_sweep)


def remove_old_takeouts(*, at: datetime) -> int:
    """Files whose days are over, or that nobody finished, go. Returns how many; safe to run again."""
    over = Q(kept_until__lt=date_of(at)) | Q(ready_at=None, recorded_at__lt=at - GIVEN_UP_AFTER)
    rows = list(OfficeTakeout.objects.filter(over, removed_at=None))
    OfficeTakeout.objects.filter(pk__in=[row.pk for row in rows]).update(removed_at=at)
    _sweep()
    return len(rows)


def _sweep() -> None:
    """Folders of takeouts that are removed; also of a removal that was killed before its files went."""
    root = Path(settings.MEDIA_ROOT) / FOLDER
    if not root.is_dir():
        return
    kept = OfficeTakeout.objects.filter(removed_at=None).values_list("public_id", flat=True)
    names = {public_id.hex for public_id in kept}
    for folder in root.iterdir():
        if folder.name not in names:
            shutil.rmtree(folder, ignore_errors=True)
