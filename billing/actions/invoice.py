"""Issuing invoices: a frozen, numbered copy of what was printed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from itertools import islice

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from billing.documents import FormerInvoice, invoice_document
from billing.models import Invoice, MonthClosing, PersonMonth
from billing.queries.debit_days import debit_day, debit_days
from billing.queries.paper_heads import paper_heads
from billing.queries.payments import kept_yen
from billing.queries.standing_invoice import standing_invoice
from teikyaku.accounts.actions.audit import audit, audit_people
from teikyaku.accounts.actions.document import freeze_document, frozen_document
from teikyaku.accounts.models import IssuedDocument, Membership
from teikyaku.bulk import insert_all
from teikyaku.clock import date_of
from teikyaku.constraints import violations_as_validation_errors
from teikyaku.periods import Month

KIND = "invoice"
# Invoices fall due at the end of the month after they are issued, until an office says otherwise.
DUE_MONTHS = 1
# So many papers are made in memory before they are written.
AT_A_TIME = 500


def due_day(issued_on: date) -> date:
    """The last day for payment: the end of the next month."""
    return (Month.of(issued_on) + DUE_MONTHS).last_day


def issue_invoice(*, person_month: PersonMonth, by: Membership, at: datetime) -> Invoice:
    """請求書 for one closed month; issued once: asked again, the same paper.

    Of a corrected month it takes the place of the former paper, and says what is different. Raises ValidationError when somebody has just issued it.
    """
    known = Invoice.objects.filter(person_month=person_month).select_related("document").first()
    if known is not None:
        return known
    with violations_as_validation_errors(IssuedDocument, Invoice), transaction.atomic():
        return _issue(person_month, by, at)


def issue_invoices(*, closing: MonthClosing, by: Membership, at: datetime) -> list[Invoice]:
    """The invoices of everybody in a run who has something to pay; safe to run again, and under two at once."""
    _check_office(closing, by)
    rows = (
        PersonMonth.objects.standing()
        .filter(closing=closing, copayment_yen__gt=F("subsidy_yen"))
        .select_related("client", "municipality__city", "subsidy_municipality__city", "cap_result")
        .prefetch_related("lines")
        .order_by("pk")
    )
    with transaction.atomic():
        # Two who issue the same run wait for each other.
        MonthClosing.objects.select_for_update(no_key=True).get(pk=closing.pk)
        known = Invoice.objects.filter(person_month__in=rows.values("pk")).select_related(
            "document"
        )
        invoices = _by_row(known)
        keys = [key for key in rows.values_list("pk", flat=True) if key not in invoices]
        for some in _batches(keys):
            invoices |= _by_row(_issue_all(closing, list(rows.filter(pk__in=some)), by, at))
        return [invoices[key] for key in sorted(invoices)]


def _by_row(invoices: Iterable[Invoice]) -> dict[int, Invoice]:
    """By the closed month that they ask for; invoices of before the move have none."""
    return {each.person_month_id: each for each in invoices if each.person_month_id is not None}


def _batches(keys: Iterable[int]) -> Iterator[list[int]]:
    source = iter(keys)
    while batch := list(islice(source, AT_A_TIME)):
        yield batch


def _issue_all(
    closing: MonthClosing, rows: Sequence[PersonMonth], by: Membership, at: datetime
) -> list[Invoice]:
    """The papers of many people at once: what they share is read once, and all is written together."""
    for row in rows:
        row.closing = closing
    first = [row for row in rows if row.edition == 1]
    later = [_issue(row, by, at) for row in rows if row.edition != 1]
    issued_on, office = date_of(at), closing.office
    clients = [row.client_id for row in first]
    heads = paper_heads(clients, office.pk, issued_on)
    debits = debit_days(office, clients, issued_on)
    due_on = due_day(issued_on)
    papers = []
    for row in first:
        number = _number(row)
        document = invoice_document(
            row, number=number, issued_on=issued_on, due_on=due_on, head=heads[row.client_id],
            debit_on=debits.get(row.client_id),
        )  # fmt: skip
        papers.append(
            frozen_document(
                kind=KIND, number=number, content=document.content(),
                person_id=row.client.public_id, by=by, at=at,
            )
        )  # fmt: skip
    insert_all(papers)
    invoices = [
        Invoice(
            person_month=row,
            document=paper,
            enrolment_id=row.enrolment_id,
            month=row.month,
            amount_yen=row.payable_yen,
            due_on=due_on,
        )
        for row, paper in zip(first, papers, strict=True)
    ]
    insert_all(invoices)
    people = [(each, row.client.public_id) for each, row in zip(invoices, first, strict=True)]
    audit_people(verb="invoice_issued", subjects=people, by=by, at=at)
    return invoices + later


def _issue(row: PersonMonth, by: Membership, at: datetime) -> Invoice:
    _check_office(row.closing, by)
    if PersonMonth.objects.filter(replaces=row).exists():
        raise ValidationError(_("この月は訂正されています。新しい方の請求書を出してください。"))
    issued_on = date_of(at)
    due_on = due_day(issued_on)
    former = _former(row)
    number = _number(row)
    document = invoice_document(
        row, number=number, issued_on=issued_on, due_on=due_on, former=_told(former),
        debit_on=debit_day(row.closing.office, row.client, issued_on),
    )  # fmt: skip
    paper = freeze_document(
        kind=KIND, number=number, content=document.content(), person_id=row.client.public_id, replaces=former.document if former else None,
        by=by, at=at,
    )  # fmt: skip
    invoice = Invoice.objects.create(
        person_month=row, document=paper, enrolment=row.enrolment, month=row.month,
        amount_yen=row.payable_yen, due_on=due_on,
    )  # fmt: skip
    audit(verb="invoice_issued", subject=invoice, by=by, at=at, person_id=row.client.public_id)
    return invoice


def _check_office(closing: MonthClosing, by: Membership) -> None:
    if by.office_id != closing.office_id:
        raise ValidationError(_("この事業所の月ではありません。"))


def _number(row: PersonMonth) -> str:
    return f"{row.closing.office.number}-{Month.of(row.month)}-{row.pk:06d}"


def _former(row: PersonMonth) -> Invoice | None:
    """The paper of an earlier row of the month that still asks for money."""
    return None if row.edition == 1 else standing_invoice(row.line)


def _told(former: Invoice | None) -> FormerInvoice | None:
    if former is None:
        return None
    content = former.paper.content
    return FormerInvoice(
        content["number"], content["issued_on"], former.amount_yen, kept_yen(former)
    )
