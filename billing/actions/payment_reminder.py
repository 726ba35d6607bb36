"""Issuing お支払いのお知らせ: a frozen, numbered letter about everything that is late of one person."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from billing.actions.payment import locked_invoices
from billing.documents_reminder import reminder_document
from billing.models import PaymentReminder, PaymentReminderLine
from billing.queries.debit_days import debit_day
from billing.queries.payment_reminders import LatePerson, late_people
from billing.rules.payment_reminder import NOTHING_LATE
from clients.models import Client
from teikyaku.accounts.actions.audit import audit
from teikyaku.accounts.actions.document import freeze_document
from teikyaku.accounts.models import IssuedDocument, Membership, Office
from teikyaku.clock import date_of
from teikyaku.constraints import violations_as_validation_errors

KIND = "payment_reminder"


def issue_reminder(
    *, client: Client, office: Office, by: Membership, at: datetime
) -> PaymentReminder:
    """The letter about all that is late of one person at the office.

    Raises ValidationError where there is nothing late, for somebody who died, or within the days
    after the last letter: also where somebody else has just issued one.
    """
    if by.office_id != office.pk:
        raise ValidationError(_("この事業所の請求ではありません。"))
    on = date_of(at)
    with violations_as_validation_errors(IssuedDocument, PaymentReminder), transaction.atomic():
        found = late_people(office, on, [client.pk])
        if not found:
            raise ValidationError(NOTHING_LATE)
        # Whoever records a payment, or issues the same letter, waits; then both ask again.
        locked_invoices(found[0].late, by, is_any=True)
        found = late_people(office, on, [client.pk])
        if not found or found[0].why_none:
            raise ValidationError(found[0].why_none if found else NOTHING_LATE)
        return _issue(found[0], office, by, at)


def issue_reminders(
    *, clients: Iterable[Client], office: Office, by: Membership, at: datetime
) -> list[PaymentReminder]:
    """The letters of these people; who gets none (see `issue_reminder`) is left out."""
    made = []
    for client in clients:
        try:
            made.append(issue_reminder(client=client, office=office, by=by, at=at))
        except ValidationError:
            continue
    return made


def _issue(person: LatePerson, office: Office, by: Membership, at: datetime) -> PaymentReminder:
    on, who = date_of(at), person.client
    number = f"{office.number}-{on:%Y%m%d}-K{who.pk:06d}"
    document = reminder_document(
        person, office, number=number, issued_on=on, debit_on=debit_day(office, who, on)
    )
    paper = freeze_document(
        kind=KIND, number=number, content=document.content(), person_id=who.public_id,
        by=by, at=at,
    )  # fmt: skip
    reminder = PaymentReminder.objects.create(office=office, client=who, document=paper)
    for row in person.late:
        PaymentReminderLine.objects.create(
            reminder=reminder,
            invoice=row,
            open_yen=row.open_yen,  # type: ignore[attr-defined]
        )
    audit(verb="payment_reminder_issued", subject=reminder, by=by, at=at, person_id=who.public_id)
    return reminder
