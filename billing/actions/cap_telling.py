"""結果票の連絡: recording that other offices were told of a cancelled or revised sheet, and taking that back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from billing.models import CapTelling, ClaimFile, ClaimFileEntry
from billing.queries.cap_tellings import Told, is_revision, told_of
from clients.actions.facts import refuse_future
from teikyaku.accounts.actions.record import save_record
from teikyaku.accounts.models import Membership
from teikyaku.clock import date_of
from teikyaku.constraints import violations_as_validation_errors


def tell_offices(
    *, change: ClaimFileEntry, lines: Sequence[int], told_on: date, way: str,
    note: str = "", by: Membership, at: datetime,
) -> list[CapTelling]:  # fmt: skip
    """知らせた: these offices (keys of lines of the sheet) on one day, all or none.

    `change`: the line of a file that cancels the sheet or puts it right.

    Raises ValidationError by field, also for a day before the sheet was cancelled or put right, a file that was withdrawn
    since, or where somebody has just recorded one of them.
    """
    refuse_future(at=at, told_on=told_on)
    if told_on < date_of(change.file.recorded_at):
        text = (
            _("結果票を修正した日より前です。")
            if is_revision(change)
            else _("結果票を取り消した日より前です。")
        )
        raise ValidationError({"told_on": text})
    with violations_as_validation_errors(CapTelling), transaction.atomic():
        _lock(change, by)
        open_lines = {
            each.line.pk: each for each in told_of([change])[change.pk]
            if each.telling is None
        }  # fmt: skip
        if not lines or not set(lines) <= open_lines.keys():
            words = _(
                "まだ知らせていない事業所を選んでください。たったいま別の人が記録したかもしれません。"
            )
            raise ValidationError({"lines": words})
        return [_save(change, open_lines[key], told_on, way, note, by, at) for key in lines]


def _lock(change: ClaimFileEntry, by: Membership) -> None:
    """As whoever withdraws the file: it is not taken back meanwhile."""
    file = ClaimFile.objects.select_for_update().get(pk=change.file_id)
    if file.office_id != by.office_id:
        raise ValidationError(_("この事業所の結果票ではありません。"))
    if file.is_withdrawn:
        words = (
            _("修正のファイルを取り下げたので、前の結果票がまた有効です。")
            if is_revision(change)
            else _("取り消しのファイルを取り下げたので、結果票はまた有効です。")
        )
        raise ValidationError(words)


def _save(
    change: ClaimFileEntry, each: Told, told_on: date, way: str, note: str,
    by: Membership, at: datetime,
) -> CapTelling:  # fmt: skip
    row = CapTelling(
        entry=change, line=each.line, number=_next(change.pk, each.line.pk),
        told_on=told_on, way=way, note=note,
    )  # fmt: skip
    return save_record(row, verb="cap_sheet_told", by=by, at=at, person_id=_person(change))


def take_telling_back(
    *, telling: CapTelling, reason: str, by: Membership, at: datetime
) -> CapTelling:
    """A further row says that the office was not told after all, and why; both stay readable.

    Raises ValidationError without a reason, or when somebody has just taken the same one back.
    """
    if not reason.strip():
        raise ValidationError({"reason": _("取り消す理由を入れてください。")})
    with violations_as_validation_errors(CapTelling), transaction.atomic():
        if telling.entry.file.office_id != by.office_id:
            raise ValidationError(_("この事業所の結果票ではありません。"))
        if telling.cancels_id or CapTelling.objects.filter(cancels=telling).exists():
            raise ValidationError(_("この連絡の記録は、たったいま別の人が取り消しました。"))
        back = CapTelling(
            entry=telling.entry, line=telling.line,
            number=_next(telling.entry_id, telling.line_id), told_on=date_of(at),
            way=telling.way, note=reason, cancels=telling,
        )  # fmt: skip
        person = _person(telling.entry)
        return save_record(back, verb="cap_sheet_told_back", by=by, at=at, person_id=person)


def _next(entry: int, line: int) -> int:
    return CapTelling.objects.filter(entry=entry, line=line).count() + 1


def _person(change: ClaimFileEntry) -> UUID:
    person: UUID = change.person_month.client.public_id
    return person
