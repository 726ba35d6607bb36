"""上限額管理結果票の修正: a file of its own puts sheets right of which only other offices' lines changed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from billing.actions.sheet_file import keep_sheets, lock_files, refuse_sample
from billing.kokuhoren.check_cap import CORRECTED
from billing.models import CapSheetRevision, ClaimFile, ClaimFileEntry
from billing.queries.cap_revisions import RevisedSheet, revised_sheets
from teikyaku.accounts.actions.record import save_record
from teikyaku.accounts.models import Membership, Office
from teikyaku.clock import date_of
from teikyaku.constraints import violations_as_validation_errors
from teikyaku.periods import Month


def revise_cap_sheets(
    *, office: Office, month: Month, sheets: Sequence[int], by: Membership, at: datetime
) -> ClaimFile:
    """修正する: one file (J411, 作成区分 2) for these sheets, all or none; checked before it is kept.

    `sheets`: keys of the places in files that sent them (`SentSheet.entry`). The closed month, its
    claim and its invoice stay. Raises ValidationError where one of them was just put right or
    cancelled, differs in more than other offices' lines, was sent in the same processing month, by a
    sample fee table in production, or where a name does not fit; FaultyFile where the check finds a fault.
    """
    if by.office_id != office.pk:
        raise ValidationError(_("この事業所の結果票ではありません。"))
    with (
        violations_as_validation_errors(ClaimFile, ClaimFileEntry, CapSheetRevision),
        transaction.atomic(),
    ):
        lock_files(sheets)
        chosen = _chosen(office, month, set(sheets), at)
        parts = [(each.sent, each.result) for each in chosen]
        file, entries = keep_sheets(
            office=office, month=month, kind=CORRECTED, parts=parts, by=by, at=at
        )
        _record(entries, chosen, by, at)
        return file


def _chosen(office: Office, month: Month, keys: set[int], at: datetime) -> list[RevisedSheet]:
    if not keys:
        raise ValidationError({"people": _("修正する方を選んでください。")})
    due = revised_sheets(office, month, date_of(at))
    found = [each for each in due if each.sent.entry.pk in keys]
    if len(found) != len(keys):
        raise ValidationError(
            _("結果票が、たったいま送り直されたか、修正だけでは直せない内容に変わりました。")
        )
    for each in found:
        if each.is_early:
            raise ValidationError(early_words(each.sent.entry.file))
    refuse_sample(each.sent for each in found)
    return found


def early_words(file: ClaimFile) -> str:
    """What to do with a sheet whose file is still of the running processing month."""
    words = _(
        "前の結果票のファイル（%(name)s）は、同じ%(month)sの処理分です。送る前なら、そのファイルを"
        "取り下げ、出し直してから作り直します。送ったあとなら、次の処理月になってから作ります。"
    )
    return words % {"name": file.name, "month": Month.of(file.processing_month).label}


def _record(
    entries: dict[int, ClaimFileEntry], chosen: Sequence[RevisedSheet], by: Membership, at: datetime
) -> None:
    for each in chosen:
        row = CapSheetRevision(
            entry=entries[each.sent.row.pk], sheet=each.sent.entry, result=each.result
        )
        person = each.sent.row.client.public_id
        save_record(row, verb="cap_sheet_revised", by=by, at=at, person_id=person)
