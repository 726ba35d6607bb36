"""過誤調整: recording what 国保連 took off a transfer for claims that were taken back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from billing.models import ClaimDeduction, ClaimFile, ClaimFileEntry
from billing.queries.claim_payments import claims_of, settlement_of, with_petition
from billing.rules.claim_payment import deduction_refusal, subsidy_of_deduction
from clients.actions.facts import refuse_future
from teikyaku.accounts.actions.record import save_record
from teikyaku.accounts.models import Membership
from teikyaku.clock import date_of
from teikyaku.constraints import violations_as_validation_errors


def record_deductions(
    *, deducted_on: date, amounts: Mapping[int, int], by: Membership, at: datetime
) -> list[ClaimDeduction]:
    """過誤調整 of these claims, taken off the transfer of one day; all or none.

    `amounts`: key of the entry → yen, above 0. Raises ValidationError by field, also where somebody
    has just recorded one of them.
    """
    refuse_future(at=at, deducted_on=deducted_on)
    with violations_as_validation_errors(ClaimDeduction), transaction.atomic():
        entries = _locked(amounts, by)
        return [_save(entries[key], deducted_on, yen, by, at) for key, yen in amounts.items()]


def lock_files(entries: Iterable[int], by: Membership) -> None:
    """As whoever records what was paid: the files of these entries, always in the same order."""
    keys = ClaimFileEntry.objects.filter(pk__in=list(entries)).values("file")
    rows = ClaimFile.objects.select_for_update().filter(pk__in=keys, office=by.office_id)
    list(rows.order_by("pk"))


def _locked(keys: Iterable[int], by: Membership) -> dict[int, Any]:
    wanted = set(keys)
    lock_files(wanted, by)
    rows = with_petition(claims_of(by.office_id).filter(pk__in=wanted))
    rows = rows.select_related("person_month__client")
    found = {row.pk: row for row in rows}
    if not wanted or found.keys() != wanted:
        raise ValidationError(_("たったいま別の人が記録しました。一覧を確かめてください。"))
    return found


def _save(
    entry: Any, deducted_on: date, amount_yen: int, by: Membership, at: datetime
) -> ClaimDeduction:
    own, month = settlement_of(entry), entry.person_month
    if found := deduction_refusal(own, amount_yen, deducted_on, entry.asked_on):
        field, words = found
        raise ValidationError({field: words} if field else words)
    kept = (own.paid_yen or 0) - own.taken_off_yen
    row = ClaimDeduction(
        entry=entry,
        number=ClaimDeduction.objects.filter(entry=entry).count() + 1,
        deducted_on=deducted_on,
        amount_yen=amount_yen,
        subsidy_yen=subsidy_of_deduction(kept, amount_yen, month.benefit_yen, month.subsidy_yen),
    )
    person = month.client.public_id
    return save_record(row, verb="claim_deduction_recorded", by=by, at=at, person_id=person)


def cancel_deduction(
    *, deduction: ClaimDeduction, reason: str, by: Membership, at: datetime
) -> ClaimDeduction:
    """A further row takes the deduction back and says why; both stay readable.

    Raises ValidationError without a reason, for a row that is itself a cancellation, or when somebody
    has just taken the same one back.
    """
    if not reason.strip():
        raise ValidationError({"reason": _("取り消す理由を入れてください。")})
    if deduction.cancels_id is not None:
        raise ValidationError(_("取り消しの記録は、取り消せません。"))
    with violations_as_validation_errors(ClaimDeduction), transaction.atomic():
        lock_files([deduction.entry_id], by)
        if deduction.entry.file.office_id != by.office_id:
            raise ValidationError(_("この事業所の請求ではありません。"))
        if ClaimDeduction.objects.filter(cancels=deduction).exists():
            raise ValidationError(_("この過誤調整は、たったいま別の人が取り消しました。"))
        back = ClaimDeduction(
            entry=deduction.entry,
            number=ClaimDeduction.objects.filter(entry=deduction.entry_id).count() + 1,
            deducted_on=date_of(at),
            amount_yen=deduction.amount_yen,
            subsidy_yen=deduction.subsidy_yen,
            note=reason,
            cancels=deduction,
        )
        person = deduction.entry.person_month.client.public_id
        return save_record(back, verb="claim_deduction_cancelled", by=by, at=at, person_id=person)
