"""返金: recording what went back to a person who had paid too much, and taking that record back."""

from __future__ import annotations

from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from billing.actions.payment import locked_invoices
from billing.models import Invoice, Refund
from billing.queries.payments import balances_by_line
from billing.rules.payment import refund_refusal
from clients.actions.facts import refuse_future
from teikyaku.accounts.actions.record import save_record
from teikyaku.accounts.models import Membership
from teikyaku.clock import date_of
from teikyaku.constraints import violations_as_validation_errors


def record_refund(
    *,
    invoice: Invoice,
    refunded_on: date,
    amount_yen: int,
    way: str,
    by: Membership,
    at: datetime,
    note: str = "",
    seen_over_yen: int | None = None,
) -> Refund:
    """返金 for one invoice; `amount_yen` at most what was paid too much.

    `seen_over_yen` is what the page said was to be given back: when somebody has recorded something
    since, this one is refused. Raises ValidationError by field.
    """
    refuse_future(at=at, refunded_on=refunded_on)
    with transaction.atomic():
        (known,) = locked_invoices([invoice], by)
        balance = balances_by_line([known])[known.pk]
        if seen_over_yen is not None and balance.over_yen not in (0, seen_over_yen):
            raise ValidationError(_("たったいま別の記録がありました。返す額を確かめてください。"))
        issued_on = known.asks_since
        if found := refund_refusal(balance, amount_yen, refunded_on, issued_on):
            field, words = found
            raise ValidationError({field: words} if field else words)
        row = Refund(
            invoice=known, refunded_on=refunded_on, amount_yen=amount_yen, way=way, note=note
        )
        person = known.client.public_id
        return save_record(row, verb="refund_recorded", by=by, at=at, person_id=person)


def cancel_refund(*, refund: Refund, reason: str, by: Membership, at: datetime) -> Refund:
    """A further row takes the refund back and says why; both stay readable.

    Raises ValidationError without a reason, for a row that is itself a cancellation, or when somebody
    has just taken the same refund back.
    """
    if not reason.strip():
        raise ValidationError({"reason": _("取り消す理由を入れてください。")})
    if refund.cancels_id is not None:
        raise ValidationError(_("取り消しの記録は、取り消せません。"))
    with violations_as_validation_errors(Refund), transaction.atomic():
        locked_invoices([refund.invoice], by, is_any=True)
        if Refund.objects.filter(cancels=refund).exists():
            raise ValidationError(_("この返金は、たったいま別の人が取り消しました。"))
        row = Refund(
            invoice=refund.invoice,
            refunded_on=date_of(at),
            amount_yen=refund.amount_yen,
            way=refund.way,
            note=reason,
            cancels=refund,
        )
        person = refund.invoice.client.public_id
        return save_record(row, verb="refund_cancelled", by=by, at=at, person_id=person)
