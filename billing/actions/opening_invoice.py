"""移行前の請求: what was open on papers of another system when the office moved in.

Written once for a person and a month. Corrected, or taken back while nothing was paid, by a new row;
paid and given back by the actions of every other invoice.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from billing.actions.payment import locked_invoices
from billing.models import Invoice, OpeningInvoice
from billing.queries.payments import kept_yen
from billing.queries.pending_debits import pending_days
from billing.queries.standing_invoice import standing_invoice
from billing.rules.opening_invoice import refusal
from clients.models import Enrolment
from teikyaku.accounts.actions.record import save_record
from teikyaku.accounts.models import Membership
from teikyaku.accounts.queries.office_start import first_month_here
from teikyaku.clock import date_of
from teikyaku.constraints import violations_as_validation_errors
from teikyaku.money import yen
from teikyaku.periods import Month

AGAIN = "取り下げたあと、あらためて入れた"
RECORDED, CORRECTED = "opening_invoice_recorded", "opening_invoice_corrected"
WITHDRAWN = "opening_invoice_withdrawn"


@dataclass(frozen=True, slots=True)
class Before:
    """One invoice of before as somebody tells it; `amount_yen` is what was still open (yen)."""

    enrolment: Enrolment
    month: Month
    amount_yen: int
    issued_on: date
    due_on: date
    number: str = ""


def record_opening_invoice(*, told: Before, by: Membership, at: datetime) -> OpeningInvoice:
    """移行前の請求 of one person and month.

    Raises ValidationError by field; for a month that is billed here, or that stands already.
    """
    with violations_as_validation_errors(Invoice, OpeningInvoice), transaction.atomic():
        return _record(told, by, at)


def record_opening_invoices(
    *, told: Iterable[Before], by: Membership, at: datetime
) -> list[OpeningInvoice]:
    """All of a sheet, or none; they bear one instant, by which they are taken back together."""
    with violations_as_validation_errors(Invoice, OpeningInvoice), transaction.atomic():
        return [_record(each, by, at) for each in told]


def correct_opening_invoice(
    *,
    invoice: Invoice,
    amount_yen: int,
    issued_on: date,
    due_on: date,
    reason: str,
    by: Membership,
    at: datetime,
    number: str = "",
) -> OpeningInvoice:
    """A new row in the place of one that was told wrongly; what was paid goes on counting.

    Raises ValidationError by field, without a reason, or where somebody has just corrected it.
    """
    if not reason.strip():
        raise ValidationError({"reason": _("訂正の理由を入れてください。")})
    with violations_as_validation_errors(Invoice, OpeningInvoice), transaction.atomic():
        former = _held(invoice, by)
        told = Before(
            former.enrolment, Month.of(former.month), amount_yen, issued_on, due_on, number
        )
        _refuse(told, at)
        return _store(told, by, at, former=former.opening, reason=reason, verb=CORRECTED)


def withdraw_opening_invoice(
    *, invoice: Invoice, reason: str, by: Membership, at: datetime
) -> OpeningInvoice:
    """A row of 0 yen says that it never was open; only while nothing was paid for it.

    Raises ValidationError without a reason, or where money came, or is being debited.
    """
    if not reason.strip():
        raise ValidationError({"reason": _("取り下げる理由を入れてください。")})
    with violations_as_validation_errors(Invoice, OpeningInvoice), transaction.atomic():
        return _withdraw(_held(invoice, by), reason, by, at)


def withdraw_together(
    *, recorded_at: datetime, reason: str, by: Membership, at: datetime
) -> list[OpeningInvoice]:
    """Everything of one sheet that still stands, or nothing: one that was paid stops it."""
    rows = Invoice.objects.filter(
        opening__recorded_at=recorded_at, opening__replaces=None, opening__replaced_by=None,
        enrolment__office=by.office_id,
    )  # fmt: skip
    with violations_as_validation_errors(Invoice, OpeningInvoice), transaction.atomic():
        return [_withdraw(_held(row, by), reason, by, at) for row in rows.order_by("pk")]


def _record(told: Before, by: Membership, at: datetime) -> OpeningInvoice:
    if told.enrolment.office_id != by.office_id:
        raise ValidationError(_("この事業所の利用者ではありません。"))
    # Two at once of one person: the second sees what the first has written.
    Enrolment.objects.select_for_update().get(pk=told.enrolment.pk)
    _refuse(told, at)
    known = standing_invoice((told.enrolment.pk, told.month.first_day))
    if known is None:
        return _store(told, by, at)
    if known.is_opening and known.opening.is_withdrawn:
        return _store(told, by, at, former=known.opening, reason=AGAIN)
    text = _(
        "この方の%(month)s分の請求（%(yen)s）は、もう入っています。違うときは、それを訂正してください。"
    )
    raise ValidationError(
        {"month": text % {"month": told.month.label, "yen": yen(known.amount_yen)}}
    )


def _refuse(told: Before, at: datetime) -> None:
    found = refusal(
        month=told.month,
        first_month=first_month_here(told.enrolment.office),
        began=told.enrolment.starts_on,
        amount_yen=told.amount_yen,
        issued_on=told.issued_on,
        due_on=told.due_on,
        on=date_of(at),
    )
    if found:
        field, words = found
        raise ValidationError({field: words} if field else words)


def _held(invoice: Invoice, by: Membership) -> Invoice:
    (row,) = locked_invoices([invoice], by)
    if not row.is_opening or row.opening.is_withdrawn:
        raise ValidationError(_("この請求は、もう取り下げられています。"))
    return row


def _withdraw(row: Invoice, reason: str, by: Membership, at: datetime) -> OpeningInvoice:
    if pending_days([row]):
        raise ValidationError(
            _("口座振替の結果を待っています。結果を読み込んでからにしてください。")
        )
    if paid := kept_yen(row):
        text = _("%(month)s分に%(yen)sの入金があります。取り下げずに、金額を訂正してください。")
        raise ValidationError(text % {"month": Month.of(row.month).label, "yen": yen(paid)})
    opening = row.opening
    told = Before(
        row.enrolment, Month.of(row.month), 0, opening.issued_on, row.due_on, opening.number
    )
    return _store(told, by, at, former=opening, reason=reason, verb=WITHDRAWN)


def _store(
    told: Before,
    by: Membership,
    at: datetime,
    *,
    former: OpeningInvoice | None = None,
    reason: str = "",
    verb: str = RECORDED,
) -> OpeningInvoice:
    first = first_month_here(told.enrolment.office)
    began = first.first_day if first else told.issued_on
    invoice = Invoice(
        enrolment=told.enrolment, month=told.month.first_day, amount_yen=told.amount_yen,
        due_on=told.due_on,
    )  # fmt: skip
    invoice.full_clean(exclude=["enrolment"])
    invoice.save()
    row = OpeningInvoice(
        invoice=invoice, number=told.number, issued_on=told.issued_on,
        carried_on=former.carried_on if former else began,
        replaces=former, reason=reason, is_withdrawn=verb == WITHDRAWN,
    )  # fmt: skip
    person = told.enrolment.client.public_id
    return save_record(row, verb=verb, by=by, at=at, person_id=person)
