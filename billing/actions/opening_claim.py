"""移行前の国保連への請求: told once for a month, told anew or withdrawn by a new row, and paid.

Whoever writes locks the office first, so that two at once get one row and one message.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from billing.models import OpeningClaim, OpeningClaimDeduction, OpeningClaimPayment
from billing.queries.claim_start import first_claimed_month
from billing.queries.opening_claims import PLACE, deduction_questions, paid_for, standing_claims
from billing.rules.opening_claim import (
    Refusal,
    claim_refusal,
    clash,
    deduction_refusal,
    payment_refusal,
)
from clients.actions.facts import refuse_future
from teikyaku.accounts.actions.record import save_record
from teikyaku.accounts.models import Membership, Municipality, Office
from teikyaku.clock import date_of
from teikyaku.constraints import violations_as_validation_errors
from teikyaku.money import yen
from teikyaku.periods import Month

AGAIN = "取り下げたあと、あらためて入れた"
ASKED_NOW = "同じ月の過誤調整が、たったいまほかで記録されました。もう一度「記録する」を押すと、確かめることが出ます。"


def record_opening_claim(
    *,
    office: Office,
    month: Month,
    amount_yen: int,
    by: Membership,
    at: datetime,
    municipality: Municipality | None = None,
) -> OpeningClaim:
    """What 国保連 still owed for a service month when claims began here (yen, 助成 included).

    Of one `municipality`, or of all together (None). Raises ValidationError by field; for a month that is
    claimed here, that stands already, or that stands the other way.
    """
    with violations_as_validation_errors(OpeningClaim), transaction.atomic():
        _lock(office, by)
        first = first_claimed_month(office)
        _refuse(claim_refusal(month=month, first_month=first, amount_yen=amount_yen))
        assert first is not None  # noqa: S101  (refused above)
        former = _former(office, month, municipality)
        row = OpeningClaim(
            office=office, month=month.first_day, amount_yen=amount_yen,
            # What was paid counts for the place as it was told first, also if that was joined with this one.
            municipality=former.municipality if former else municipality,
            carried_on=former.carried_on if former else first.first_day,
            replaces=former, reason=AGAIN if former else "",
        )  # fmt: skip
        return save_record(row, verb="opening_claim_recorded", by=by, at=at)


def _former(office: Office, month: Month, municipality: Municipality | None) -> OpeningClaim | None:
    """The row that was withdrawn and is told again, if any. Raises ValidationError where one stands."""
    last = OpeningClaim.objects.filter(office=office, month=month.first_day, replaced_by=None)
    rows = list(last.select_related(*PLACE))
    standing = [row for row in rows if not row.is_withdrawn]
    whole = next((row for row in standing if row.municipality_id is None), None)
    _refuse(
        clash(
            month=month, is_whole=municipality is None,
            has_whole=whole is not None,
            has_parts=any(row.municipality_id is not None for row in standing),
            paid_yen=paid_for(whole) if whole else 0,
        )
    )  # fmt: skip
    place = municipality.current if municipality else None
    same = [row for row in rows if (row.municipality and row.municipality.current) == place]
    former = next((row for row in same if row in standing), same[0] if same else None)
    if former is not None and not former.is_withdrawn:
        text = _("%(month)s分（%(yen)s）は、もう入っています。違うときは、それを訂正してください。")
        told = {"month": month.label, "yen": yen(former.amount_yen)}
        raise ValidationError({"month": text % told})
    return former


def correct_opening_claim(
    *, claim: OpeningClaim, amount_yen: int, reason: str, by: Membership, at: datetime
) -> OpeningClaim:
    """A new row in the place of one that was told wrongly; what was paid goes on counting.

    Raises ValidationError by field, without a reason, or for less than was paid.
    """
    if not reason.strip():
        raise ValidationError({"reason": _("訂正の理由を入れてください。")})
    with violations_as_validation_errors(OpeningClaim), transaction.atomic():
        former = _held(claim, by)
        _refuse(
            claim_refusal(
                month=Month.of(former.month), first_month=first_claimed_month(former.office),
                amount_yen=amount_yen, paid_yen=paid_for(former),
            )
        )  # fmt: skip
        row = _after(former, amount_yen, reason)
        return save_record(row, verb="opening_claim_corrected", by=by, at=at)


def withdraw_opening_claim(
    *, claim: OpeningClaim, reason: str, by: Membership, at: datetime
) -> OpeningClaim:
    """A row of 0 yen says that nothing was owed; only while nothing was paid.

    Raises ValidationError without a reason, or where a payment is recorded.
    """
    if not reason.strip():
        raise ValidationError({"reason": _("取り下げる理由を入れてください。")})
    with violations_as_validation_errors(OpeningClaim), transaction.atomic():
        former = _held(claim, by)
        if paid := paid_for(former):
            text = _(
                "%(yen)sの支払いの記録があります。先にそれを取り消すか、取り下げずに金額を訂正してください。"
            )
            raise ValidationError(text % {"yen": yen(paid)})
        row = _after(former, 0, reason)
        row.is_withdrawn = True
        return save_record(row, verb="opening_claim_withdrawn", by=by, at=at)


def record_opening_claim_payment(
    *, claim: OpeningClaim, paid_on: date, amount_yen: int, by: Membership, at: datetime
) -> OpeningClaimPayment:
    """What 国保連 paid on a day for a month that other software claimed.

    Raises ValidationError by field; for more than is open, or a day before the sum was carried over.
    """
    refuse_future(at=at, paid_on=paid_on)
    with violations_as_validation_errors(OpeningClaimPayment), transaction.atomic():
        own = _held(claim, by)
        _refuse(
            payment_refusal(
                amount_yen=amount_yen, open_yen=own.amount_yen - paid_for(own), paid_on=paid_on,
                carried_on=own.carried_on, month=Month.of(own.month),
            )
        )  # fmt: skip
        row = OpeningClaimPayment(claim=own, paid_on=paid_on, amount_yen=amount_yen)
        return save_record(row, verb="opening_claim_paid", by=by, at=at)


def cancel_opening_claim_payment(
    *, payment: OpeningClaimPayment, reason: str, by: Membership, at: datetime
) -> OpeningClaimPayment:
    """A further row takes the payment back and says why.

    Raises ValidationError without a reason, for a row that is itself a cancellation, or when somebody
    has just taken the same one back.
    """
    if not reason.strip():
        raise ValidationError({"reason": _("取り消す理由を入れてください。")})
    with violations_as_validation_errors(OpeningClaimPayment), transaction.atomic():
        _lock(payment.claim.office, by)
        if not OpeningClaimPayment.objects.standing().filter(pk=payment.pk).exists():
            raise ValidationError(_("この支払いは、たったいま別の人が取り消しました。"))
        back = OpeningClaimPayment(
            claim=payment.claim, paid_on=date_of(at), amount_yen=payment.amount_yen, note=reason,
            cancels=payment,
        )  # fmt: skip
        return save_record(back, verb="opening_claim_payment_cancelled", by=by, at=at)


def record_opening_deduction(
    *,
    office: Office,
    month: Month,
    municipality: Municipality,
    deducted_on: date,
    amount_yen: int,
    by: Membership,
    at: datetime,
    answered: Collection[str] = (),
) -> OpeningClaimDeduction:
    """過誤調整 of a month that other software claimed: what 国保連 took off a transfer on a day.

    `answered`: the marks of the questions that were answered (`deduction_doubts`). Raises ValidationError
    by field; for a month that is claimed here, a day ahead or before claims began here, and where a
    question is open: somebody may have recorded the same at this moment.
    """
    refuse_future(at=at, deducted_on=deducted_on)
    with violations_as_validation_errors(OpeningClaimDeduction), transaction.atomic():
        _lock(office, by)
        _refuse(
            deduction_refusal(
                month=month, first_month=first_claimed_month(office), amount_yen=amount_yen,
                deducted_on=deducted_on,
            )
        )  # fmt: skip
        open_questions = deduction_questions(office, month, municipality, deducted_on, amount_yen)
        if open_questions.keys() - set(answered):
            raise ValidationError(_(ASKED_NOW))
        row = OpeningClaimDeduction(
            office=office, month=month.first_day, municipality=municipality,
            deducted_on=deducted_on, amount_yen=amount_yen,
        )  # fmt: skip
        return save_record(row, verb="opening_claim_deducted", by=by, at=at)


def cancel_opening_deduction(
    *, deduction: OpeningClaimDeduction, reason: str, by: Membership, at: datetime
) -> OpeningClaimDeduction:
    """A further row takes the 過誤調整 back and says why.

    Raises ValidationError without a reason, or when somebody has just taken the same one back.
    """
    if not reason.strip():
        raise ValidationError({"reason": _("取り消す理由を入れてください。")})
    with violations_as_validation_errors(OpeningClaimDeduction), transaction.atomic():
        _lock(deduction.office, by)
        if not OpeningClaimDeduction.objects.standing().filter(pk=deduction.pk).exists():
            raise ValidationError(_("この過誤調整は、たったいま別の人が取り消しました。"))
        back = OpeningClaimDeduction(
            office=deduction.office, month=deduction.month, municipality=deduction.municipality,
            deducted_on=date_of(at), amount_yen=deduction.amount_yen, note=reason,
            cancels=deduction,
        )  # fmt: skip
        return save_record(back, verb="opening_claim_deduction_cancelled", by=by, at=at)


def _lock(office: Office, by: Membership) -> None:
    if office.pk != by.office_id:
        raise ValidationError(_("この事業所の請求ではありません。"))
    Office.objects.select_for_update(no_key=True).get(pk=office.pk)


def _held(claim: OpeningClaim, by: Membership) -> OpeningClaim:
    """The claim's own row, read again while the office is locked; one that was told anew is refused."""
    _lock(claim.office, by)
    found = standing_claims(claim.office).filter(pk=claim.pk).first()
    if found is None:
        raise ValidationError(_("この請求は、たったいま別の人が訂正しました。"))
    return found


def _after(former: OpeningClaim, amount_yen: int, reason: str) -> OpeningClaim:
    return OpeningClaim(
        office=former.office, month=former.month, municipality=former.municipality,
        amount_yen=amount_yen, reason=reason,
        carried_on=former.carried_on, replaces=former,
    )  # fmt: skip


def _refuse(found: Refusal) -> None:
    if found:
        field, words = found
        raise ValidationError({field: words} if field else words)
