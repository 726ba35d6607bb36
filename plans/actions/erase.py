"""Erasing in this app: an office's records of a person, and what goes with the last file."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from clients.actions.erase import REASON
from clients.models import Client, Enrolment
from plans.models import Proposal, ReminderMention
from plans.queries.keeping import last_parts, office_parts
from teikyaku.accounts.actions.outbox import withdraw
from teikyaku.accounts.models import Office, OutboxMail
from teikyaku.erasing import erase_parts


@transaction.atomic
def erase_office_records(*, client: Client, office: Office, at: datetime) -> int:
    """The office's records of a person in this app. Returns how many mails lost their words."""
    mails = OutboxMail.objects.filter(
        pk__in=list(
            ReminderMention.objects.filter(
                enrolment__client=client, enrolment__office=office
            ).values_list("mail", flat=True)
        )
    )
    withdraw(mails, at=at)
    count = mails.exclude(body="").update(body="")
    erase_parts(office_parts(client, office), reason=REASON)
    return count


@transaction.atomic
def erase_last(*, client: Client) -> None:
    """The person, when nobody keeps a file any more: shared facts, transcriptions, shells.

    Raises ProtectedError where somebody still does.
    """
    erase_parts(last_parts(client), reason=REASON)


@transaction.atomic
def drop_shells(*, client: Client) -> None:
    """Shells to which no record points any more."""
    pointed = Proposal.objects.filter(enrolment__client=client).values("enrolment")
    Enrolment.every.filter(client=client, is_erased=True).exclude(pk__in=pointed).delete()
    shells = Enrolment.every.filter(client=client).values_list("pk", flat=True)
    gone = Enrolment.history.filter(client=client.pk).exclude(id__in=list(shells))
    gone.delete()
