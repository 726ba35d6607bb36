"""Recording what a person paid, one invoice or several at once, and taking a payment back.

Whoever records locks the person's month first, so that two people at once get one payment and one
message. A payment belongs to the month: when an invoice is replaced by another, it goes on counting.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from billing.models import Invoice, Payment, PersonMonth
from billing.queries.payments import balances_by_line
from billing.queries.pending_debits import pending_days
from billing.queries.standing_invoice import first_issued_on
from billing.rules.payment import Balance, changed_words, debit_words, refusal
from clients.actions.facts import refuse_future
from teikyaku.accounts.actions.record import save_record
from teikyaku.accounts.models import Membership
from teikyaku.clock import date_of
from teikyaku.constraints import violations_as_validation_errors


def record_payment(
    *,
    invoice: Invoice,
    paid_on: date,
    amount_yen: int,
    way: str,
    by: Membership,
    at: datetime,
    note: str = "",
    seen_open_yen: int | None = None,
    over_yen: int = 0,
    knows_debit: bool = False,
) -> Payment:
    """入金 of one invoice; `over_yen` is what of it is knowingly more than is open, to be given back.

    `knows_debit`: also while a 口座振替 of the month waits for its result. `seen_open_yen` is what the page said was open: when somebody has recorded a payment since, this
    one is refused. Raises ValidationError by field, also where too much came and nobody said so.
    """
    refuse_future(at=at, paid_on=paid_on)
    with transaction.atomic():
        (known,) = locked_invoices([invoice], by)
        balance = balances_by_line([known])[known.pk]
        if seen_open_yen is not None and balance.open_yen != seen_open_yen:
            raise ValidationError(changed_words(balance))
        if not knows_debit:
            _refuse_pending([known])
        issued_on = first_issued_on(known)
        if found := refusal(balance, amount_yen, paid_on, issued_on, over_yen):
            field, words = found
            raise ValidationError({field: words})
        return _save(known, paid_on, amount_yen, way, note, by, at)


def record_payments(
    *,
    invoices: Sequence[Invoice],
    paid_on: date,
    way: str,
    by: Membership,
    at: datetime,
    seen_total_yen: int | None = None,
    knows_debit: bool = False,
) -> list[Payment]:
    """まとめて入金: what is open of each of these invoices, paid on one day in one way; all or none.

    `knows_debit` as in `record_payment`. `seen_total_yen` is the sum that was confirmed. Raises ValidationError when one of them has
    nothing open any more, or the sum is another.
    """
    refuse_future(at=at, paid_on=paid_on)
    with transaction.atomic():
        known = locked_invoices(invoices, by)
        balances = balances_by_line(known)
        total = sum(balance.open_yen for balance in balances.values())
        if seen_total_yen is not None and total != seen_total_yen:
            raise ValidationError(
                _("たったいま別の入金が記録されました。一覧から選び直してください。")
            )
        if not knows_debit:
            _refuse_pending(known)
        for row in known:
            _refuse_settled(balances[row.pk], paid_on, first_issued_on(row))
        return [_save(row, paid_on, balances[row.pk].open_yen, way, "", by, at) for row in known]


def cancel_payment(*, payment: Payment, reason: str, by: Membership, at: datetime) -> Payment:
    """A further row takes the payment back and says why; both stay readable.

    Raises ValidationError without a reason, for a row that is itself a cancellation, or when somebody
    has just taken the same payment back.
    """
    if not reason.strip():
        raise ValidationError({"reason": _("取り消す理由を入れてください。")})
    if payment.cancels_id is not None:
        raise ValidationError(_("取り消しの記録は、取り消せません。"))
    with violations_as_validation_errors(Payment), transaction.atomic():
        locked_invoices([payment.invoice], by, is_any=True)
        if Payment.objects.filter(cancels=payment).exists():
            raise ValidationError(_("この入金は、たったいま別の人が取り消しました。"))
        row = Payment(
            invoice=payment.invoice,
            paid_on=date_of(at),
            amount_yen=payment.amount_yen,
            way=payment.way,
            note=reason,
            cancels=payment,
        )
        person = payment.invoice.client.public_id
        return save_record(row, verb="payment_cancelled", by=by, at=at, person_id=person)


def locked_invoices(
    invoices: Sequence[Invoice], by: Membership, *, is_any: bool = False
) -> list[Invoice]:
    """These invoices, read again while their months are locked; those replaced since are refused."""
    lock_lines(invoices)
    rows = list(
        Invoice.objects.filter(
            pk__in=[invoice.pk for invoice in invoices],
            enrolment__office=by.office_id,
        )
        .select_related("enrolment__client", "document__replaced_by", "opening__replaced_by")
        .order_by("pk")
    )
    if not rows or len(rows) != len({invoice.pk for invoice in invoices}):
        raise ValidationError(_("この事業所の請求書ではありません。"))
    if not is_any and any(row.is_replaced for row in rows):
        raise ValidationError(_("この請求書は訂正されています。新しい方に記録してください。"))
    return rows


def lock_lines(invoices: Iterable[Invoice]) -> None:
    """Whoever records money of these months waits: their closed months, or the rows of before."""
    rows = list(invoices)
    months = sorted({row.person_month_id for row in rows if row.person_month_id is not None})
    if months:
        list(PersonMonth.objects.select_for_update().filter(pk__in=months).order_by("pk"))
    if before := [row.line for row in rows if row.is_opening]:
        chain = Invoice.objects.filter(
            person_month=None,
            enrolment__in={enrolment for enrolment, _month in before},
            month__in={month for _enrolment, month in before},
        )
        list(chain.select_for_update().order_by("pk"))


def _refuse_pending(invoices: Sequence[Invoice]) -> None:
    if days := pending_days(invoices):
        raise ValidationError(debit_words(max(days.values())))


def _refuse_settled(balance: Balance, paid_on: date, issued_on: date) -> None:
    if not balance.is_open:
        raise ValidationError(_("残りのない請求が入っています。一覧から選び直してください。"))
    # Money that came for the paper before a correction came for this month.
    if found := refusal(balance, balance.open_yen, paid_on, issued_on):
        field, words = found
        raise ValidationError({field: words})


def _save(
    invoice: Invoice,
    paid_on: date,
    amount_yen: int,
    way: str,
    note: str,
    by: Membership,
    at: datetime,
) -> Payment:
    row = Payment(invoice=invoice, paid_on=paid_on, amount_yen=amount_yen, way=way, note=note)
    person = invoice.client.public_id
    return save_record(row, verb="payment_recorded", by=by, at=at, person_id=person)
