"""上限額管理結果票の取り消し: a file of its own cancels sheets that were sent and agree with nothing more."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from billing.actions.written_file import WrittenFile, joined, keep_file
from billing.enums import ClaimFamily
from billing.kokuhoren.check_cap import CANCELLED
from billing.kokuhoren.fields import ValueDoesNotFit
from billing.kokuhoren.statement import CapRow, CapSheet
from billing.kokuhoren.writer import cap_lines, file_name
from billing.models import CapSheetCancellation, ClaimFile, ClaimFileEntry
from billing.queries.cap_sheets import SentSheet, due_sheets
from billing.queries.claim_files import next_number, processing_month
from billing.queries.claim_setting import claim_choice
from teikyaku.accounts.actions.record import save_record
from teikyaku.accounts.models import Membership, Office
from teikyaku.clock import date_of
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
        # Whoever withdraws a file locks it too; so does a second person who cancels.
        keys = ClaimFileEntry.objects.filter(pk__in=list(sheets)).values_list("file", flat=True)
        list(ClaimFile.objects.select_for_update().filter(pk__in=list(keys)).order_by("pk"))
        chosen = _chosen(office, month, set(sheets))
        processed = processing_month(date_of(at))
        number = next_number(office, processed)
        written = _written(office, processed, number, chosen)
        written.check()
        file = keep_file(
            office=office, month=month, processed=processed, number=number, written=written, by=by,
            at=at,
        )  # fmt: skip
        _record(file, chosen, reason, note, by, at)
        return file


def _chosen(office: Office, month: Month, keys: set[int]) -> list[SentSheet]:
    if not keys:
        raise ValidationError({"people": _("取り消す方を選んでください。")})
    found = [each for each in due_sheets(office, month) if each.entry.pk in keys]
    if len(found) != len(keys):
        raise ValidationError(
            _("結果票が、たったいま取り消されたか、いまの締めた月と合っています。")
        )
    is_sample = any(each.row.closing.is_sample_tariff for each in found)
    if is_sample and settings.MODE == "production":
        raise ValidationError(_("見本の報酬表では、取り消しのファイルを作れません。"))
    return found


def _written(
    office: Office, processed: Month, number: int, chosen: Sequence[SentSheet]
) -> WrittenFile:
    omits_names = claim_choice(office).omits_names
    parts = [_sheet(each, omits_names=omits_names) for each in chosen]
    try:
        content, lines = joined(cap_lines(office.number, processed, parts))
    except ValueDoesNotFit as error:
        words = _("%(who)sの%(field)s「%(value)s」：%(reason)s") % {
            "who": error.person, "field": error.field, "value": error.value, "reason": error.reason,
        }  # fmt: skip
        raise ValidationError(words) from error
    return WrittenFile(
        ClaimFamily.CAPS,
        file_name(ClaimFamily.CAPS.value, processed, number),
        content,
        lines,
        person_months=tuple(each.row.pk for each in chosen),
        is_sample=any(each.row.closing.is_sample_tariff for each in chosen),
    )


def _sheet(each: SentSheet, *, omits_names: bool) -> CapSheet:
    """The sheet as it was sent, from the frozen month and result; only 作成区分 is another."""
    row, result = each.row, each.result
    return CapSheet(
        person=each.name,
        month=Month.of(row.month),
        municipality=row.municipality.code,
        certificate=row.certificate_number,
        kana="" if omits_names else each.kana,
        kind=CANCELLED,
        cap_yen=result.cap_yen,
        result=result.outcome,
        rows=tuple(
            CapRow(line.office_number, line.total_cost_yen, line.before_yen, line.after_yen)
            for line in sorted(result.lines.all(), key=lambda line: line.position)
        ),
    )


def _record(
    file: ClaimFile, chosen: Sequence[SentSheet], reason: str, note: str, by: Membership,
    at: datetime,
) -> None:  # fmt: skip
    entries = {entry.person_month_id: entry for entry in file.entries.all()}
    for each in chosen:
        row = CapSheetCancellation(
            entry=entries[each.row.pk], sheet=each.entry, reason=reason, note=note
        )
        person = each.row.client.public_id
        save_record(row, verb="cap_sheet_cancelled", by=by, at=at, person_id=person)
