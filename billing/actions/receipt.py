"""Issuing a receipt: a frozen, numbered copy of what was printed for one payment."""

from __future__ import annotations

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from billing.actions.payment import lock_lines
from billing.documents import receipt_document
from billing.models import Invoice, Payment, Receipt
from billing.queries.payments import is_standing, payments_of, refunds_of
from billing.queries.standing_invoice import asked_now
from billing.queries.went_back import went_back
from billing.rules.payment import Balance
from teikyaku.accounts.actions.audit import audit
from teikyaku.accounts.actions.document import freeze_document
from teikyaku.accounts.models import IssuedDocument, Membership
from teikyaku.clock import date_of
from teikyaku.constraints import violations_as_validation_errors
from teikyaku.periods import Month

KIND = "receipt"


def issue_receipt(*, payment: Payment, by: Membership, at: datetime) -> Receipt:
    """領収書 for a payment that counts; issued once: asked again, the same paper.

    Not to be confused with 代理受領通知書, which tells of what the municipality paid. Raises
    ValidationError for a payment that was taken back or went back whole, or when somebody has just issued it.
    """
    known = Receipt.objects.filter(payment=payment).select_related("document").first()
    if known is not None:
        return known
    with violations_as_validation_errors(IssuedDocument, Receipt), transaction.atomic():
        return _issue(payment, by, at)


def _issue(payment: Payment, by: Membership, at: datetime) -> Receipt:
    known = payment.invoice
    if by.office_id != known.enrolment.office_id:
        raise ValidationError(_("この事業所の入金ではありません。"))
    # As record and cancel do: a payment is not taken back while its receipt is made.
    lock_lines([known])
    if not Payment.objects.standing().filter(pk=payment.pk).exists():
        raise ValidationError(_("取り消した入金の領収書は出せません。"))
    line = known.line
    if went_back(payments_of([line])[line], refunds_of([line])[line]):
        raise ValidationError(_("受け取ったお金を、全部返した月です。領収書は出せません。"))
    issued_on = date_of(at)
    number = f"{_own_number(known)}-R{payment.pk}"
    # A correction may have put another paper in the place of the one that was paid.
    invoice = asked_now(payment.invoice)
    document = receipt_document(
        payment, invoice, number=number, issued_on=issued_on, rest_yen=_rest_after(payment, invoice)
    )
    paper = freeze_document(
        kind=KIND, number=number, content=document.content(), person_id=known.client.public_id,
        by=by, at=at,
    )  # fmt: skip
    receipt = Receipt.objects.create(payment=payment, document=paper)
    audit(verb="receipt_issued", subject=receipt, by=by, at=at, person_id=known.client.public_id)
    return receipt


def _own_number(invoice: Invoice) -> str:
    """The paper's; the number on a paper of another system may be anything, and belong to two."""
    if not invoice.is_opening:
        return invoice.number
    return f"{invoice.enrolment.office.number}-{Month.of(invoice.month)}-B{invoice.pk:06d}"


def _rest_after(payment: Payment, invoice: Invoice) -> int:
    """What stayed open of the month once this payment had come, as its `invoice` asks for it now."""
    line = payment.invoice.line
    rows = [row for row in payments_of([line])[line] if is_standing(row)]
    paid = sum(
        row.amount_yen for row in rows if (row.paid_on, row.pk) <= (payment.paid_on, payment.pk)
    )
    refunded = sum(row.amount_yen for row in refunds_of([line])[line] if is_standing(row))
    return Balance(invoice.amount_yen, paid, refunded).open_yen
