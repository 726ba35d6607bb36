"""Mail: written to the outbox inside the action, sent once afterwards."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime
from smtplib import SMTPException

from django.conf import settings
from django.core.mail import send_mail
from django.db.models import QuerySet

from teikyaku.accounts.models import OutboxMail, User
from teikyaku.clock import date_of

logger = logging.getLogger(__name__)
# Kinds of mail that open an account.
ONE_TIME_LINKS = ("invitation",)


def queue_mail(
    *, kind: str, recipient: User, period: str, subject: str, body: str, at: datetime
) -> OutboxMail:
    """Put a mail into the outbox; the same kind, recipient and period once, however often asked.

    No personal data in the subject.
    """
    mail, _created = OutboxMail.objects.get_or_create(
        kind=kind,
        recipient=recipient,
        period=period,
        defaults={"subject": subject, "body": body, "created_at": at},
    )
    return mail


def withdraw(mails: QuerySet[OutboxMail], *, at: datetime) -> int:
    """Mails that wait are not sent any more; their words go, that they were there stays."""
    keys = list(mails.values_list("pk", flat=True))
    waiting = OutboxMail.objects.waiting().filter(pk__in=keys)
    return waiting.update(withdrawn_at=at, body="") if keys else 0


@dataclass(frozen=True, slots=True)
class Sent:
    """What a run did: how many mails went out, and how many wait for the next run."""

    sent: int
    failed: int


def send_waiting(*, at: datetime, recipient: User | None = None) -> Sent:
    """Send what waits (for one recipient, or for all), oldest first, each once.

    A mail that fails does not stop the others. What has lost its reason meanwhile (its last day has
    passed, the recipient works there no more) is withdrawn instead.

    A mail is claimed (marked as sent) before it goes out, so that two runs at once never send it
    twice and no write lock is held while the mail server answers. A failure gives the claim back.
    """
    sent = failed = 0
    waiting = OutboxMail.objects.waiting()
    if recipient is not None:
        waiting = waiting.filter(recipient=recipient)
    withdraw(waiting.outdated(date_of(at)), at=at)
    for pk in waiting.order_by("pk").values_list("pk", flat=True):
        if not OutboxMail.objects.waiting().filter(pk=pk).update(sent_at=at):
            continue  # another run has it, or it was withdrawn
        mail = OutboxMail.objects.select_related("recipient").get(pk=pk)
        if _send(mail):
            sent += 1
        else:
            OutboxMail.objects.filter(pk=pk).update(sent_at=None)
            failed += 1
    return Sent(sent, failed)


def _send(mail: OutboxMail) -> bool:
    """Whether the mail server took it."""
    try:
        send_mail(mail.subject, mail.body, settings.DEFAULT_FROM_EMAIL, [mail.recipient.email])
    except (OSError, SMTPException) as error:
        # Its text may hold the address: the class says enough.
        logger.warning("mail %d waits: %s", mail.pk, type(error).__name__)
        return False
    if mail.kind in ONE_TIME_LINKS:
        # Whoever reads the database or a backup of it finds no link that still works.
        OutboxMail.objects.filter(pk=mail.pk).update(body="")
    return True
