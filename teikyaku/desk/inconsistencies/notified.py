"""Did an office notify two things for one month of which only one can hold?"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from itertools import groupby

from billing.models import OfficeNotification
from billing.queries.rival_notifications import standing_rivals
from teikyaku.desk.inconsistencies.found import Found


def rival_items(at: datetime) -> Iterator[Found]:
    """Pairs that stand from before the database refused them: their months are held (one query)."""
    rows = OfficeNotification.objects.order_by("office_id", "pk").select_related("office")
    for office, own in groupby(rows.iterator(), key=lambda row: row.office):
        for pair in standing_rivals(own):
            subject = f"{office.public_id} {pair}"
            yield Found(subject[:120], office.pk, pair[:200], "office_settings")
