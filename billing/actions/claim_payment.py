"""Recording what 国保連 paid for the claims of a file, and taking such records back.

Whoever records locks the file first, so that two people at once get one payment and one message.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from billing.actions.claim_deduction import lock_files, record_deductions
from billing.actions.claim_file import record_returns
from billing.actions.claim_reach import refuse_before_claim
from billing.models import ClaimDeduction, ClaimFile, ClaimFileEntry, ClaimPayment
from billing.queries.claim_payments import claims_of
from billing.rules.claim_payment import refusal
from billing.rules.claim_return import ReturnReason
from clients.actions.facts import refuse_future
from teikyaku.accounts.actions.record import save_record
from teikyaku.accounts.models import Membership
from teikyaku.clock import date_of
from teikyaku.constraints import violations_as_validation_errors


def record_claim_payments(
    *,
    file: ClaimFile,
    paid_on: date,
    amounts: Mapping[int, int],
    by: Membership,
    at: datetime,
    returned: Sequence[int] = (),
    deducted: Mapping[int, int] | None = None,
    reasons: Mapping[int, ReturnReason] | None = None,
) -> list[ClaimPayment]:
    """国保連の支払い for claims of one file, and 返戻 of others in it; all or none.

    `amounts`: key of the entry → 支払決定額 in yen; `returned`: keys of entries; `deducted`: 過誤調整
    that was taken off the same transfer, key of an entry of an earlier claim → yen; `reasons`: key of a
    returned entry → what the list says of it. Raises ValidationError by field, and when somebody has just recorded one of them.
    """
    refuse_future(at=at, paid_on=paid_on)
    refuse_before_claim(file, paid_on=paid_on)
    with violations_as_validation_errors(ClaimPayment), transaction.atomic():
        taken_off = deducted or {}
        lock_files([*amounts, *returned, *taken_off], by)
        entries = _waiting(file, {*amounts, *returned}, by)
        if taken_off:
            record_deductions(deducted_on=paid_on, amounts=taken_off, by=by, at=at)
        if returned:
            record_returns(
                entries=[entries[key] for key in returned], reasons=reasons, by=by, at=at
            )
        return [_save(entries[key], paid_on, yen, by, at) for key, yen in amounts.items()]


def _waiting(file: ClaimFile, keys: set[int], by: Membership) -> dict[int, ClaimFileEntry]:
    """The entries, read again while their file is locked; those that wait for nothing are refused."""
    ClaimFile.objects.select_for_update().get(pk=file.pk)
    rows = claims_of(by.office_id).filter(file=file, pk__in=keys).select_related(
        "person_month__client"
    )  # fmt: skip
    found = {row.pk: row for row in rows}
    if not keys:
        raise ValidationError(_("支払いを記録する方を選んでください。"))
    if found.keys() != keys or any(row.paid_yen is not None for row in found.values()):
        raise ValidationError(_("たったいま別の人が記録しました。一覧を確かめてください。"))
    return found


def _save(
    entry: ClaimFileEntry,
    paid_on: date,
    amount_yen: int,
    by: Membership,
    at: datetime,
) -> ClaimPayment:
    month = entry.person_month
    if found := refusal(amount_yen, month.total_cost_yen):
        field, words = found
        raise ValidationError({field: words})
    row = ClaimPayment(
        entry=entry, number=_next_number(entry), paid_on=paid_on, amount_yen=amount_yen
    )
    person = month.client.public_id
    return save_record(row, verb="claim_payment_recorded", by=by, at=at, person_id=person)


def _next_number(entry: ClaimFileEntry) -> int:
    return int(getattr(entry, "last_number", None) or 0) + 1


def cancel_claim_payments(
    *, file: ClaimFile, entries: Sequence[int], reason: str, by: Membership, at: datetime
) -> list[ClaimPayment]:
    """Further rows take the payments of these entries of one file back and say why; all or none.

    Raises ValidationError without a reason, or when somebody has just taken one of them back.
    """
    if not reason.strip():
        raise ValidationError({"reason": _("取り消す理由を入れてください。")})
    with violations_as_validation_errors(ClaimPayment), transaction.atomic():
        ClaimFile.objects.select_for_update().get(pk=file.pk)
        rows = list(
            ClaimPayment.objects.standing()
            .filter(entry__in=entries, entry__file=file, entry__file__office=by.office_id)
            .select_related("entry__person_month__client")
        )
        if ClaimDeduction.objects.filter(
            entry__in=entries, cancels=None, cancelled_by=None
        ).exists():
            raise ValidationError(_("先に、この方の過誤調整の記録を取り消してください。"))
        if not rows or len(rows) != len(set(entries)):
            raise ValidationError(_("たったいま別の人が取り消しました。一覧を確かめてください。"))
        return [_cancelled(row, reason, by, at) for row in rows]


def _cancelled(row: ClaimPayment, reason: str, by: Membership, at: datetime) -> ClaimPayment:
    back = ClaimPayment(
        entry=row.entry,
        number=row.number + 1,
        paid_on=date_of(at),
        amount_yen=row.amount_yen,
        note=reason,
        cancels=row,
    )
    person = row.entry.person_month.client.public_id
    return save_record(back, verb="claim_payment_cancelled", by=by, at=at, person_id=person)
