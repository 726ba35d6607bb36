"""請求ファイル: written, checked, kept and only then handed out; taken back with a reason.

The files of one number are made together, of the same people. Somebody who stands in a claim that
was not withdrawn is never taken again (docs/rules.md §8: claimed once).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from billing.actions.claim_return import record_return_reason
from billing.actions.written_file import WrittenFile, joined, keep_file
from billing.enums import ClaimFamily, InvoiceWay
from billing.kokuhoren.writer import cap_lines, claim_lines, file_name, record_lines
from billing.models import (
    CapSheetCancellation,
    CapSheetRevision,
    ClaimFile,
    ClaimFileEntry,
    ClaimFileWithdrawal,
    ClaimPayment,
    ClaimReturn,
)
from billing.queries.claim_files import next_number, processing_month
from billing.queries.claim_statements import ClaimMonth, ClaimPerson, claim_month
from billing.queries.last_sent import sent_after
from billing.rules.claim_return import ReturnReason
from teikyaku.accounts.actions.audit import audit
from teikyaku.accounts.actions.record import save_record
from teikyaku.accounts.models import Membership, Office
from teikyaku.clock import date_of
from teikyaku.constraints import violations_as_validation_errors
from teikyaku.periods import Month


def make_claim_files(
    *,
    office: Office,
    month: Month,
    alone: Collection[str] = (),
    with_invoices: bool = True,
    by: Membership,
    at: datetime,
) -> list[ClaimFile]:
    """Write the files of everybody of the closed month who is not claimed yet; none is kept alone.

    `alone`: the municipalities (their codes) to which no other service of a shared number is claimed.
    `with_invoices`: False leaves J111 to other software, whatever the office chose. Raises
    ValidationError where J111 would hold this service alone, also as a further one of the month, and
    nobody has said that it does.
    Raises ValidationError where nobody can be claimed, with a sample fee table or sample codes in
    production, or when somebody else has just made files. Raises FaultyFile where the check finds
    faults: nothing is kept then.
    """
    on = date_of(at)
    processed = processing_month(on)
    number = next_number(office, processed)
    found = claim_month(office, month, on)
    if found.problem:
        raise ValidationError(found.problem)
    if found.choice.is_open:
        raise ValidationError(
            _("事業所番号を共用しています。先に「請求ファイルの作り方」を選んでください。")
        )
    if not found.people:
        raise ValidationError(_("ファイルに入れられる方がいません。"))
    if not with_invoices:
        found = replace(found, choice=replace(found.choice, invoice_way=InvoiceWay.APART))
    elif left := [x.name for x in found.unaccounted if x.invoice.municipality not in alone]:
        words = _(
            "%(names)sの、ほかのサービスの合計がありません。入れるか、請求がないことを確かめてください。"
        )
        if found.went:
            words = _(
                "%(names)sの請求書（J111）が、もう一つできます。入れるか、明細書と実績記録票だけにするかを選んでください。"
            )
        raise ValidationError(words % {"names": "、".join(left)})
    if found.is_sample and settings.MODE == "production":
        raise ValidationError(_("見本の報酬表かサービスコードでは、請求ファイルを作れません。"))
    written = _written(office, processed, number, found)
    for each in written:
        each.check()
    given: dict[str, Any] = {
        "office": office,
        "month": month,
        "processed": processed,
        "number": number,
    }
    with violations_as_validation_errors(ClaimFile, ClaimFileEntry), transaction.atomic():
        return [keep_file(**given, written=each, by=by, at=at) for each in written]


def _written(
    office: Office, processed: Month, number: int, found: ClaimMonth
) -> tuple[WrittenFile, ...]:
    everybody = found.people
    managed = tuple(each for each in everybody if each.cap_sheet)
    parts = [
        (ClaimFamily.CLAIM, everybody, _claim(office, processed, found)),
        (ClaimFamily.RECORDS, everybody, record_lines(office.number, processed, found.records)),
    ]
    if managed:
        sheets = cap_lines(office.number, processed, found.cap_sheets)
        parts.append((ClaimFamily.CAPS, managed, sheets))
    return tuple(
        _file(family, file_name(family.value, processed, number), people, lines, found)
        for family, people, lines in parts
    )


def _file(
    family: ClaimFamily, name: str, people: Sequence[ClaimPerson], lines: Iterable[bytes],
    found: ClaimMonth,
) -> WrittenFile:  # fmt: skip
    sums = [person.statement.sums for person in people if person.statement]
    return WrittenFile(
        family,
        name,
        *joined(lines),
        person_months={
            each.person_month_id: each.statement.municipality for each in people if each.statement
        },
        total_cost_yen=sum(each.total_cost_yen for each in sums),
        benefit_yen=sum(each.benefit_yen for each in sums),
        is_sample=found.is_sample,
    )


def _claim(office: Office, processed: Month, found: ClaimMonth) -> Iterable[bytes]:
    choice = found.choice
    return claim_lines(
        office.number, processed, found.statements, found.others,
        with_invoices=choice.with_invoices,
    )  # fmt: skip


@transaction.atomic
def record_returns(
    *,
    entries: Sequence[ClaimFileEntry],
    reasons: Mapping[int, ReturnReason] | None = None,
    by: Membership,
    at: datetime,
) -> list[ClaimReturn]:
    """返戻: these people's claims came back, so that the next file takes them.

    `reasons`: key of the entry → what 国保連's list says; whoever has none there is given it later.
    Raises ValidationError where one of them was recorded before, or was paid, and for a wrong reason.
    """
    _refuse_paid(entries)
    rows = [
        save_record(
            ClaimReturn(entry=entry), verb="claim_returned", by=by, at=at,
            person_id=entry.person_month.client.public_id,
        )
        for entry in entries
    ]  # fmt: skip
    for row in rows:
        if reason := (reasons or {}).get(row.entry_id):
            record_return_reason(claim_return=row, reason=reason, by=by, at=at)
    return rows


def withdraw_claim_files(*, file: ClaimFile, reason: str, by: Membership, at: datetime) -> int:
    """Take back a file and those that were made with it; returns how many.

    Raises ValidationError where it was withdrawn before, or somebody in it was paid.
    """
    together = ClaimFile.objects.filter(
        office=file.office_id, processing_month=file.processing_month, number=file.number,
        withdrawal=None,
    )  # fmt: skip
    with violations_as_validation_errors(ClaimFileWithdrawal), transaction.atomic():
        rows = list(together)
        if not rows:
            raise ValidationError(_("この請求ファイルは、もう取り下げてあります。"))
        _refuse_cancelled(rows)
        _refuse_revised(rows)
        _refuse_paid(list(ClaimFileEntry.objects.filter(file__in=rows)))
        for row in rows:
            ClaimFileWithdrawal.objects.create(
                file=row, reason=reason, recorded_by=by, recorded_at=at
            )
            audit(verb="claim_file_withdrawn", subject=row, by=by, at=at)
    return len(rows)


def _refuse_cancelled(files: Sequence[ClaimFile]) -> None:
    """A sheet in them was cancelled by a file that stands: without its sheet it would cancel nothing."""
    cancelled = CapSheetCancellation.objects.filter(
        sheet__file__in=files, entry__file__withdrawal=None
    ).exclude(entry__file__in=files)  # fmt: skip
    if cancelled.exists():
        raise ValidationError(
            _(
                "このファイルの上限額管理結果票を取り消したファイルがあります。先に取り消しのファイルを取り下げてください。"
            )
        )


def _refuse_revised(files: Sequence[ClaimFile]) -> None:
    """A sheet in them was put right, or what put right was sent once more, by a file that stands.

    Without its sheet the one would put nothing right, and the other would bear what nobody sent.
    """
    if again := sent_after(files):
        words = _(
            "このファイルで修正した上限額管理結果票を、もう一度送ったファイル（%(name)s）があります。先にそのファイルを取り下げてください。"
        )
        raise ValidationError(words % {"name": again.file.name})
    revised = CapSheetRevision.objects.filter(
        sheet__file__in=files, entry__file__withdrawal=None
    ).exclude(entry__file__in=files)  # fmt: skip
    if revised.exists():
        raise ValidationError(
            _(
                "このファイルの上限額管理結果票を修正したファイルがあります。先に修正のファイルを取り下げてください。"
            )
        )


def _refuse_paid(entries: Sequence[ClaimFileEntry]) -> None:
    """Their files are locked as whoever records a payment does: what was paid is not taken back beneath it."""
    files = {entry.file_id for entry in entries}
    list(ClaimFile.objects.select_for_update().filter(pk__in=files).order_by("pk"))
    if ClaimPayment.objects.standing().filter(entry__in=entries).exists():
        raise ValidationError(
            _("国保連の支払いが記録されています。支払いの記録を取り消してから行ってください。")
        )
