"""Rows without files, and files without rows."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from clients.models import Attachment
from clients.queries.attachment import orphans, stored_faults
from teikyaku.desk.inconsistencies.found import Found

# A file is written shortly before its row: what is younger may still be on its way.
SETTLED_AFTER = timedelta(hours=1)


def rows_without_files(at: datetime) -> Iterator[Found]:
    """Papers whose bytes are gone or are not what was stored."""
    offices = dict(Attachment.objects.values_list("public_id", "enrolment__office"))
    for fault in stored_faults(Attachment.objects.all()):
        detail = _("ファイルがない") if fault.what == "missing" else _("中身が変わった")
        key = str(fault.public_id)
        yield Found(key, offices[fault.public_id], detail, "attachment_page", (key,))


def files_without_rows(at: datetime) -> Iterator[Found]:
    """Files that no row holds, by their random names."""
    return (Found(name) for name in orphans(at - SETTLED_AFTER))
