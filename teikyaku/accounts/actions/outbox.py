"""Mail: written to the outbox inside the action, sent once afterwards."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction

from teikyaku.accounts.models import OutboxMail, User


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


def send_waiting(*, at: datetime) -> int:
    """Send what waits, oldest first; each is marked in its own transaction. Returns how many.

    Safe to run twice at once: a row that another run holds is skipped where the database can.
    """
    sent = 0
    for pk in OutboxMail.objects.filter(sent_at=None).order_by("pk").values_list("pk", flat=True):
        with transaction.atomic():
            mail = (
                OutboxMail.objects.select_for_update(of=("self",))
                .select_related("recipient")
                .filter(pk=pk, sent_at=None)
                .first()
            )
            if mail is None:
                continue
            mail.sent_at = at
            mail.save(update_fields=["sent_at"])
            send_mail(mail.subject, mail.body, settings.DEFAULT_FROM_EMAIL, [mail.recipient.email])
            sent += 1
    return sent
