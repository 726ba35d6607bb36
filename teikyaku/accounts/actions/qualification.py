"""What a member of staff has completed is written down, or was written wrongly."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from teikyaku.accounts.actions.record import correct_record, save_record
from teikyaku.accounts.models import Membership, StaffQualification
from teikyaku.clock import date_of


@transaction.atomic
def add_qualification(
    *,
    membership: Membership,
    kind: str,
    obtained_on: date | None,
    valid_until: date | None,
    note: str = "",
    by: Membership,
    at: datetime,
) -> StaffQualification:
    """A qualification or training of a member of staff; one of the same name that runs longer renews it.

    The end is what stands on the paper (None for none). Raises ValidationError at the fields for days
    that do not fit, for one completed on a day to come, or without any day.
    """
    _refuse(obtained_on, valid_until, at)
    row = StaffQualification(
        membership=membership, kind=kind.strip(), obtained_on=obtained_on,
        valid_until=valid_until, note=note.strip(),
    )  # fmt: skip
    return save_record(row, verb="qualification_recorded", by=by, at=at)


@transaction.atomic
def correct_qualification(
    *,
    row: StaffQualification,
    changes: Mapping[str, Any],
    reason: str,
    by: Membership,
    at: datetime,
) -> StaffQualification:
    """It was written wrongly; the history keeps what stood there. Raises ValidationError as above."""
    known = {"obtained_on": row.obtained_on, "valid_until": row.valid_until, **changes}
    _refuse(known["obtained_on"], known["valid_until"], at)
    return correct_record(row, changes, verb="qualification_corrected", reason=reason, by=by, at=at)


def _refuse(obtained_on: date | None, valid_until: date | None, at: datetime) -> None:
    if obtained_on is None and valid_until is None:
        raise ValidationError(
            {"obtained_on": _("修了日か有効期限の、分かるほうを入れてください。")}
        )
    if obtained_on is not None and obtained_on > date_of(at):
        raise ValidationError({"obtained_on": _("修了・取得した日は、今日までの日付です。")})
