"""上限額管理結果票の取り消し: a file of its own cancels sheets that were sent and agree with nothing more."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from billing.actions.sheet_file import keep_sheets, lock_files, refuse_sample
from billing.kokuhoren.check_cap import CANCELLED
from billing.models import CapSheetCancellation, ClaimFile, ClaimFileEntry
from billing.queries.cap_sheets import SentSheet, due_sheets
from teikyaku.accounts.actions.record import save_record
from teikyaku.accounts.models import Membership, Office
from teikyaku.constraints import violations_as_validation_errors
from teikyaku.periods import Month


def cancel_cap_sheets(
    *, office: Office, month: Month, sheets: Sequence[int], reason: str, note: str = "",
    by: Membership, at: datetime,
) -> ClaimFile:  # fmt: skip
    """取り消す: one file (J411, 作成区分 3) for these sheets, all or none; checked before it is kept.

    `sheets`: keys of the places in files that sent them (`SentSheet.entry`). What is written is the
    sheet as it was sent. Raises ValidationError where one of them stands rightly or was just
    cancelled, with a sample fee table in production, or where a name does not fit; FaultyFile where
    the check finds a fault.
    """
    if by.office_id != office.pk:
        raise ValidationError(_("この事業所の結果票ではありません。"))
    with (
        violations_as_validation_errors(ClaimFile, ClaimFileEntry, CapSheetCancellation),
        transaction.atomic(),
    ):
        lock_files(sheets)
        chosen = _chosen(office, month, set(sheets))
        parts = [(each, each.result) for each in chosen]
        file, entries = keep_sheets(
            office=office, month=month, kind=CANCELLED, parts=parts, by=by, at=at
        )
        _record(entries, chosen, reason, note, by, at)
        return file


def _chosen(office: Office, month: Month, keys: set[int]) -> list[SentSheet]:
    if not keys:
        raise ValidationError({"people": _("取り消す方を選んでください。")})
    found = [each for each in due_sheets(office, month) if each.entry.pk in keys]
    if len(found) != len(keys):
        raise ValidationError(
            _("結果票が、たったいま取り消されたか、いまの締めた月と合っています。")
        )
    refuse_sample(found)
    return found


def _record(
    entries: dict[int, ClaimFileEntry], chosen: Sequence[SentSheet], reason: str, note: str,
    by: Membership, at: datetime,
) -> None:  # fmt: skip
    for each in chosen:
        row = CapSheetCancellation(
            entry=entries[each.row.pk], sheet=each.entry, reason=reason, note=note
        )
        person = each.row.client.public_id
        save_record(row, verb="cap_sheet_cancelled", by=by, at=at, person_id=person)
