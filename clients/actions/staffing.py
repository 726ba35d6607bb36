"""An office says how many full posts it has."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from django.db import transaction

from clients.models import OfficeStaffing
from teikyaku.accounts.actions.record import correct_record, save_record
from teikyaku.accounts.models import Membership, Office


@transaction.atomic
def set_staffing(
    *, office: Office, starts_on: date, worker_posts: Decimal, by: Membership, at: datetime
) -> OfficeStaffing:
    """Full posts of an office from a day on; told again for the same day, it is corrected."""
    row = OfficeStaffing.objects.filter(office=office, starts_on=starts_on).first()
    if row is None:
        row = OfficeStaffing(office=office, starts_on=starts_on, worker_posts=worker_posts)
        return save_record(row, verb="staffing_recorded", by=by, at=at)
    changes = {"worker_posts": worker_posts}
    return correct_record(row, changes, verb="staffing_corrected", reason="", by=by, at=at)
