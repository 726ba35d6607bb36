"""Erasing an office's file of a person: money, records, facts, in one transaction."""

from __future__ import annotations

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from billing.actions.erase import erase_months
from clients.actions.erase import (
    REASON,
    erase_office_facts,
    forget_evidence,
    keep_evidence,
    past_erasure,
    record_erasure,
)
from clients.models import Client, Erasure
from clients.queries.keeping import document_part, office_file, years_kept
from plans.actions.erase import drop_shells, erase_last, erase_office_records
from plans.queries.keeping import is_kept, last_parts, shells_of, signers_elsewhere
from teikyaku.accounts.actions.takeout import remove_takeouts_of
from teikyaku.accounts.models import Membership, Office
from teikyaku.clock import date_of
from teikyaku.desk.queries.keeping import office_file_parts
from teikyaku.erasing import Count, added, counted, erase_parts


@transaction.atomic
def erase_file(*, client: Client, office: Office, by: Membership, at: datetime) -> Erasure:
    """Erase an office's file of a person whose time of keeping is over; with the last file, the person.

    A ward's rows and another office's stay as they are. Two at once, or asked again: one erasure,
    the same answer. Raises ValidationError while the file is not due, is held back, or something in
    it is not settled.
    """
    person = Client.objects.select_for_update().filter(pk=client.pk).first()
    if person is None or not person.enrolments.filter(office=office).exists():
        done = past_erasure(client.public_id, by)
        if done is None:
            raise ValidationError(_("消去する記録がありません。"))
        return done
    on = date_of(at)
    file = office_file(person, office, int(years_kept(on).value))
    if file is None or not file.keeping.is_due(on):
        raise ValidationError(_("保存期間が、まだ終わっていません。"))
    if file.is_held(on):
        raise ValidationError(_("この方の消去は、保留になっています。"))
    counts = list(counted(office_file_parts(person, office)))
    shells, signers = shells_of(person, office), signers_elsewhere(person, office)
    keep_evidence(client=person, office=office, on=on)
    forget_evidence(office=office, on=on)
    erase_months(client=person, office=office)
    mails = erase_office_records(client=person, office=office, at=at)
    erase_parts([document_part(person, office=office)], reason=REASON)
    erase_office_facts(client=person, office=office, shells=shells, signers=signers, by=by, at=at)
    drop_shells(client=person)
    is_last = not is_kept(person)
    if is_last:
        counts += counted(last_parts(person))
        erase_last(client=person)
    remove_takeouts_of(office, at=at)
    if mails:
        counts.append(Count(str(_("知らせのメールの本文")), mails))
    return record_erasure(
        client=client, keeping=file.keeping, counts=added(counts), was_last=is_last, by=by, at=at
    )
