"""Recording what was found out about a March 31."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction

from clients.actions.facts import refuse_future
from clients.models import Client, WorkCheck
from teikyaku.accounts.actions.record import save_record
from teikyaku.accounts.models import Membership, Office


@transaction.atomic
def record_check(
    *,
    client: Client,
    office: Office,
    counted_on: date,
    outcome: str,
    source: str,
    asked_on: date,
    note: str = "",
    by: Membership,
    at: datetime,
) -> WorkCheck:
    """An answer about `counted_on` (a March 31), or an attempt that reached nobody.

    Raises ValidationError by field; one message where the answer is on file already.
    """
    refuse_future(at=at, asked_on=asked_on)
    row = WorkCheck(
        client=client, office=office, counted_on=counted_on, outcome=outcome, source=source,
        asked_on=asked_on, note=note,
    )  # fmt: skip
    return save_record(row, verb="work_check_recorded", by=by, at=at, person_id=client.public_id)


@transaction.atomic
def correct_check(
    *, row: WorkCheck, changes: Mapping[str, Any], reason: str, by: Membership, at: datetime
) -> WorkCheck:
    """An answer was written wrongly; the history keeps what was. Raises ValidationError by field."""
    refuse_future(at=at, asked_on=changes.get("asked_on"))
    changed = tuple(name for name, value in changes.items() if getattr(row, name) != value)
    for name in changed:
        setattr(row, name, changes[name])
    return save_record(
        row, verb="work_check_corrected", by=by, at=at, person_id=row.client.public_id,
        fields=changed, reason=reason,
    )  # fmt: skip
