"""Writing the steps of ends into the outbox: one mail a member and day, each step of each end once."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from clients.models import Enrolment
from plans.actions.reminder_locks import lock_offices, still_alive, still_in_use
from plans.models import EndNotice, ReminderMention
from plans.queries.caseload import alive_q
from plans.queries.reminder_steps import AFTER, StepDue, steps_due, steps_words
from plans.rules.reminder import Mail
from teikyaku.accounts.models import Membership, OutboxMail
from teikyaku.clock import date_of

STEPS = "end_steps"


def write_steps(offices: list[int], *, at: datetime, is_dry: bool = False) -> int:
    """Tell each member of these offices what has come a step nearer; how many mails that are.

    A step whose day passed without a run is told by the next run, as the step where the end stands by
    then. A second run on the day writes only what is new, in a mail of its own.
    """
    on = date_of(at)
    due = steps_due(offices, on)
    if is_dry or not due:
        return len(due)
    with transaction.atomic():
        lock_offices(offices)
        # Another run may have told them, and somebody's support may have ended, since it was read.
        due = steps_due(offices, on)
        every = [each for rows in due.values() for each in rows]
        running = still_in_use({each.enrolment for each in every if each.kind not in AFTER}, on)
        alive = still_alive({each.enrolment for each in every if each.kind in AFTER}, on)
        return sum(
            _tell(
                member,
                [
                    each
                    for each in rows
                    if each.enrolment in (alive if each.kind in AFTER else running)
                ],
                at,
            )
            for member, rows in due.items()
        )


def _tell(member: Membership, due: list[StepDue], at: datetime) -> int:
    words = steps_words(member, due, date_of(at))
    if words is None:
        return 0
    mail = OutboxMail.objects.create(
        kind=STEPS, recipient=member.user, membership=member, period=_period(member, date_of(at)),
        subject=words.subject, body=words.body, created_at=at,
    )  # fmt: skip
    EndNotice.objects.bulk_create(
        [
            EndNotice(
                mail=mail, membership=member, enrolment_id=each.enrolment, kind=each.kind,
                ends_on=each.ends_on, stage=each.stage,
            )
            for each in due
        ]
    )  # fmt: skip
    ReminderMention.objects.bulk_create(
        [ReminderMention(mail=mail, enrolment_id=pk) for pk in {each.enrolment for each in due}]
    )
    return 1


def _period(member: Membership, on: date) -> str:
    """2026-11-23:7:1, and 2026-11-23:7:2 for what became due later on the day."""
    day = f"{on}:{member.office_id}:"
    known = OutboxMail.objects.filter(kind=STEPS, recipient=member.user, period__startswith=day)
    return f"{day}{known.count() + 1}"


def steps_again(mail: OutboxMail, gone: set[int], on: date) -> Mail | None:
    """The words of a waiting mail without the people who are `gone`; None where nothing is left.

    What waits after the end of a use stays in it, but for a death.
    """
    assert mail.membership is not None  # noqa: S101  (reminders are for members)
    over = set(Enrolment.objects.filter(alive_q(on), pk__in=gone).values_list("pk", flat=True))
    told = EndNotice.objects.filter(mail=mail)
    told.filter(enrolment__in=gone - over).delete()
    told.filter(enrolment__in=over).exclude(kind__in=AFTER).delete()
    kept = told.filter(enrolment__in=over).values_list("enrolment", flat=True)
    ReminderMention.objects.bulk_create(
        [ReminderMention(mail=mail, enrolment_id=pk) for pk in sorted(set(kept))]
    )
    left = EndNotice.objects.filter(mail=mail).order_by("ends_on", "pk")
    return steps_words(mail.membership, left, on)
