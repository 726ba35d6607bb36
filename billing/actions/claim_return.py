"""返戻の事由: recorded with the return or later, and put right by a further row."""

from __future__ import annotations

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from billing.actions.claim_reach import refuse_before_claim
from billing.models import ClaimReturn, ClaimReturnReason
from billing.rules.claim_return import ReturnReason
from clients.actions.facts import refuse_future
from teikyaku.accounts.actions.record import save_record
from teikyaku.accounts.models import Membership
from teikyaku.constraints import violations_as_validation_errors


def record_return_reason(
    *, claim_return: ClaimReturn, reason: ReturnReason, by: Membership, at: datetime
) -> ClaimReturnReason:
    """What the 返戻等一覧表 says of one claim; recorded again, the last row holds.

    Raises ValidationError by field: neither code nor words, a day to come, or one before 国保連
    can have had the claim; and for a claim of another office.
    """
    file = claim_return.entry.file
    if by.office_id != file.office_id:
        raise ValidationError(_("この事業所の請求ではありません。"))
    if not reason.text:
        raise ValidationError({"words": _("事由のコードか内容を入れてください。")})
    refuse_future(at=at, returned_on=reason.returned_on)
    refuse_before_claim(file, returned_on=reason.returned_on)
    row = ClaimReturnReason(
        claim_return=claim_return, returned_on=reason.returned_on, code=reason.code, words=reason.words
    )  # fmt: skip
    person = claim_return.entry.person_month.client.public_id
    with violations_as_validation_errors(ClaimReturnReason), transaction.atomic():
        return save_record(row, verb="claim_return_reason_recorded", by=by, at=at, person_id=person)
