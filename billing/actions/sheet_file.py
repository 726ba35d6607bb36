"""A file that holds 上限額管理結果票 (J411) alone: cancelled, or put right without a new claim."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from billing.actions.written_file import WrittenFile, joined, keep_file
from billing.enums import ClaimFamily
from billing.kokuhoren.fields import ValueDoesNotFit, kana_that_fits
from billing.kokuhoren.statement import CapRow, CapSheet
from billing.kokuhoren.writer import cap_lines, file_name
from billing.models import CapResult, ClaimFile, ClaimFileEntry
from billing.queries.cap_sheets import SentSheet
from billing.queries.claim_files import next_number, processing_month
from billing.queries.claim_setting import claim_choice
from teikyaku.accounts.models import Membership, Office
from teikyaku.clock import date_of
from teikyaku.periods import Month


def lock_files(sheets: Iterable[int]) -> None:
    """Hold the files that sent these sheets: whoever withdraws one, or another sheet of it, waits."""
    keys = ClaimFileEntry.objects.filter(pk__in=list(sheets)).values_list("file", flat=True)
    list(ClaimFile.objects.select_for_update().filter(pk__in=list(keys)).order_by("pk"))


def refuse_sample(chosen: Iterable[SentSheet]) -> None:
    """Raises ValidationError where production would send a month by a sample fee table."""
    is_sample = any(each.row.closing.is_sample_tariff for each in chosen)
    if is_sample and settings.MODE == "production":
        raise ValidationError(_("見本の報酬表では、結果票のファイルを作れません。"))


def keep_sheets(
    *, office: Office, month: Month, kind: str, parts: Sequence[tuple[SentSheet, CapResult]],
    by: Membership, at: datetime,
) -> tuple[ClaimFile, dict[int, ClaimFileEntry]]:  # fmt: skip
    """One more file of these sheets, kept; with the line of each closed month (by key). Raises as `sheet_file`."""
    processed = processing_month(date_of(at))
    number = next_number(office, processed)
    written = sheet_file(office, processed, number, kind, parts)
    file = keep_file(
        office=office, month=month, processed=processed, number=number, written=written, by=by,
        at=at,
    )  # fmt: skip
    return file, {entry.person_month_id: entry for entry in file.entries.all()}


def sheet_file(
    office: Office, processed: Month, number: int, kind: str,
    chosen: Sequence[tuple[SentSheet, CapResult]],
) -> WrittenFile:  # fmt: skip
    """One file of `kind` (作成区分), each sheet with the lines of its result; checked.

    Raises ValidationError where a value does not fit, FaultyFile where the check finds a fault.
    """
    omits = claim_choice(office).omits_names
    parts = [_sheet(each, result, kind, omits_names=omits) for each, result in chosen]
    try:
        content, lines = joined(cap_lines(office.number, processed, parts))
    except ValueDoesNotFit as error:
        words = _("%(who)sの%(field)s「%(value)s」：%(reason)s") % {
            "who": error.person, "field": error.field, "value": error.value, "reason": error.reason,
        }  # fmt: skip
        raise ValidationError(words) from error
    written = WrittenFile(
        ClaimFamily.CAPS,
        file_name(ClaimFamily.CAPS.value, processed, number),
        content,
        lines,
        person_months={each.row.pk: each.entry.municipality_code for each, _result in chosen},
        is_sample=any(each.row.closing.is_sample_tariff for each, _result in chosen),
    )
    written.check()
    return written


def _sheet(each: SentSheet, result: CapResult, kind: str, *, omits_names: bool) -> CapSheet:
    """Under the numbers that it was sent with, by which 国保連 knows the sheet."""
    row = each.row
    return CapSheet(
        person=each.name,
        month=Month.of(row.month),
        municipality=each.entry.municipality_code,
        certificate=row.certificate_number,
        kana="" if omits_names else kana_that_fits(each.kana),
        kind=kind,
        cap_yen=result.cap_yen,
        result=result.outcome,
        rows=tuple(
            CapRow(line.office_number, line.total_cost_yen, line.before_yen, line.after_yen)
            for line in sorted(result.lines.all(), key=lambda line: line.position)
        ),
    )
