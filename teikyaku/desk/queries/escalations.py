"""期限超過の報告 as who leads an office reads them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from clients.queries.subject import names_of
from plans.models import Escalation, ReminderMention
from plans.queries.reminder import escalations_of, late_afters
from teikyaku.accounts.models import Office


@dataclass(frozen=True, slots=True)
class EscalationRow:
    """One report: whom about, which due date, who was in charge, and who was told."""

    client_id: UUID
    name: str
    kana: str
    due_on: date
    days: int
    """Past the due date when it was told."""
    staff_name: str
    made_at: datetime
    readers: tuple[str, ...]
    """Name and what became of the mail."""
    is_settled: bool
    """That lateness is over: they met, or the support has ended."""


def escalations(office: Office) -> QuerySet[Escalation]:
    """The office's reports, newest first; page this."""
    return escalations_of(office.pk)


def escalation_rows(page: Iterable[Escalation], on: date) -> list[EscalationRow]:
    """The rows of a page (five queries)."""
    rows = list(page)
    names = names_of([row.enrolment.client_id for row in rows], on)
    late = late_afters([row.enrolment_id for row in rows], on)
    found = []
    for row in rows:
        name = names.get(row.enrolment.client_id)
        found.append(
            EscalationRow(
                client_id=row.enrolment.client.public_id,
                name=name.name if name else "",
                kana=name.kana if name else "",
                due_on=row.due_on,
                days=(row.made_on - row.due_on).days,
                staff_name=row.staff.user.name if row.staff else "",
                made_at=row.made_at,
                readers=tuple(map(_reader, row.mentions.all())),
                is_settled=_is_settled(row, late.get(row.enrolment_id), on),
            )
        )
    return found


def _is_settled(row: Escalation, late_after: date | None, on: date) -> bool:
    """The support has ended, or the lateness that was told is over; another one is told anew."""
    ended = row.enrolment.ends_on is not None and row.enrolment.ends_on < on
    return ended or late_after is None or late_after > row.made_on


def _reader(mention: ReminderMention) -> str:
    mail = mention.mail
    if mail.withdrawn_at is not None:
        return _("%(name)s（取り下げ）") % {"name": mail.recipient.name}
    if mail.sent_at is None:
        return _("%(name)s（送信待ち）") % {"name": mail.recipient.name}
    return mail.recipient.name
