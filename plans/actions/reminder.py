"""Writing reminders into the outbox: each once, whole offices at a time, nothing about who has died.

What is to be said is read first; then one short transaction locks the offices and the people,
leaves out what another run has written meanwhile, and writes mails and marks together. A run that
is killed leaves whole offices done or not done, and the next one goes on from there.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.urls import reverse

from clients.models import Client, Enrolment
from plans.actions.reminder_locks import lock_offices as _lock
from plans.actions.reminder_locks import still_in_use as _still_in_use
from plans.actions.reminder_steps import STEPS, steps_again, write_steps
from plans.models import DigestWeek, Escalation, ReminderMention
from plans.queries.caseload import Ask, ask_q
from plans.queries.reminder import leads, long_overdue, readers, staff_in_charge, told_lines
from plans.queries.reminder_mail import Digest, digest_of, digests_for
from plans.rules.reminder import Mail, Overdue, escalation_mail, monday_of, week_key
from teikyaku.accounts.actions.outbox import withdraw
from teikyaku.accounts.models import Membership, Office, OutboxMail
from teikyaku.clock import date_of
from teikyaku.links import absolute

CHUNK = 50
DIGEST, ESCALATION = "digest", "escalation"
LAST_DAY_OF_WEEK = timedelta(days=6)


@dataclass(slots=True)
class Reminded:
    """What a run wrote, or would write: Monday mails, people told to who leads, mails about them."""

    digests: int = 0
    escalations: int = 0
    escalation_mails: int = 0
    unheard: int = 0
    """Long overdue where the office has nobody to tell: told as soon as there is somebody."""
    steps: int = 0
    """Mails about ends that have come a step nearer."""

    def add(self, other: Reminded) -> None:
        """The sums of both."""
        self.digests += other.digests
        self.escalations += other.escalations
        self.escalation_mails += other.escalation_mails
        self.unheard += other.unheard
        self.steps += other.steps


def write_reminders(*, at: datetime, is_dry: bool = False) -> Reminded:
    """The Monday mails of the week of `at`, what is long overdue by then, and ends a step nearer, for every office.

    Repeated, also at once from two places, it writes nothing twice; on a later day of the week it
    writes what Monday's run did not. `is_dry` writes nothing and counts.
    """
    total = Reminded()
    if not is_dry:
        rewrite_waiting(at=at)
    for offices in _chunks():
        total.add(_digests(offices, at, is_dry))
        total.add(_escalations(offices, at, is_dry))
        total.steps += write_steps(offices, at=at, is_dry=is_dry)
    return total


def _chunks() -> Iterator[list[int]]:
    keys = list(Office.objects.order_by("pk").values_list("pk", flat=True))
    for first in range(0, len(keys), CHUNK):
        yield keys[first : first + CHUNK]


# --- The Monday mail --------------------------------------------------------------------------


def _digests(offices: list[int], at: datetime, is_dry: bool) -> Reminded:
    on = date_of(at)
    todo = _unwritten(offices, on)
    if not todo:
        return Reminded()
    members = [row for row in readers(todo, on) if row.user.wants_digest]
    digests = {pk: each for pk, each in digests_for(members, on).items() if each.mail}
    told = {row.pk: row for row in members if row.pk in digests}
    if is_dry:
        return Reminded(digests=len(told))
    with transaction.atomic():
        _lock(todo)
        todo = _unwritten(todo, on)
        alive = _still_in_use({pk for each in digests.values() for pk in each.mentioned}, on)
        # Somebody's support ended since it was read: the mails are read again, one by one.
        fresh = {
            pk: digests[pk] if digests[pk].mentioned <= alive else digest_of(member, on)
            for pk, member in told.items()
            if member.office_id in todo
        }
        written = _write_digests({pk: told[pk] for pk in fresh}, fresh, at)
        DigestWeek.objects.bulk_create(
            [DigestWeek(office_id=pk, week_on=monday_of(on), made_at=at) for pk in todo]
        )
    return Reminded(digests=written)


def _unwritten(offices: list[int], on: date) -> list[int]:
    """Of these offices those whose mails of this week are not written."""
    written = DigestWeek.objects.filter(office__in=offices, week_on=monday_of(on))
    done = set(written.values_list("office", flat=True))
    return [pk for pk in offices if pk not in done]


def _write_digests(
    members: Mapping[int, Membership], digests: Mapping[int, Digest], at: datetime
) -> int:
    rows = [
        (
            _mail(
                DIGEST, member, f"{week_key(date_of(at))}:{member.office_id}", digests[pk].mail, at,
                last_on=monday_of(date_of(at)) + LAST_DAY_OF_WEEK,
            ),
            digests[pk].mentioned,
        )
        for pk, member in members.items()
    ]  # fmt: skip
    return _write([(mail, people) for mail, people in rows if mail is not None])


def _mail(
    kind: str, member: Membership, period: str, mail: Mail | None, at: datetime,
    last_on: date | None = None,
) -> OutboxMail | None:  # fmt: skip
    if mail is None:
        return None
    return OutboxMail(
        kind=kind, recipient=member.user, membership=member, period=period, subject=mail.subject,
        body=mail.body, created_at=at, last_on=last_on,
    )  # fmt: skip


def _write(mails: list[tuple[OutboxMail, Collection[int]]]) -> int:
    """Store mails with whom they mention (two statements)."""
    stored = OutboxMail.objects.bulk_create([mail for mail, _people in mails])
    ReminderMention.objects.bulk_create(
        [
            ReminderMention(mail=row, enrolment_id=pk)
            for row, (_mail, people) in zip(stored, mails, strict=True)
            for pk in sorted(people)
        ]
    )
    return len(stored)


# --- What is long overdue ---------------------------------------------------------------------


def _escalations(offices: list[int], at: datetime, is_dry: bool) -> Reminded:
    on = date_of(at)
    late = long_overdue(offices, on)
    if is_dry:
        heard = leads(offices, on)
        found = list(late.values_list("office", flat=True))
        told = [pk for pk in found if pk in heard]
        mails = sum(len(heard[pk]) for pk in set(told))
        return Reminded(0, len(told), mails, len(found) - len(told))
    if not late.exists():
        return Reminded()
    with transaction.atomic():
        _lock(offices)
        rows = list(
            late.select_related("client", "office").select_for_update(of=("self", "client"))
        )
        return _tell(rows, leads(offices, on), at)


def _tell(rows: list[Enrolment], heard: Mapping[int, list[Membership]], at: datetime) -> Reminded:
    on = date_of(at)
    told = [row for row in rows if row.office_id in heard]
    staff = staff_in_charge([row.pk for row in told], on)
    escalations = [
        Escalation(enrolment=row, due_on=due_on, staff=staff.get(row.pk), made_at=at)
        for row in told
        if (due_on := row.interview_due_on) is not None
    ]
    stored = Escalation.objects.bulk_create(escalations)
    lines = dict(zip((row.pk for row in told), told_lines(stored, on), strict=True))
    by_office: dict[int, list[Escalation]] = defaultdict(list)
    for each in stored:
        by_office[each.enrolment.office_id].append(each)
    mails, mentions = [], []
    for office, people in by_office.items():
        for member in heard[office]:
            # Later the same day somebody else can become overdue: that is another mail.
            period = f"{on}:{people[0].pk}"
            text = _words(member, [lines[each.enrolment_id] for each in people])
            mails.append(_mail(ESCALATION, member, period, text, at))
            mentions.append(people)
    written = OutboxMail.objects.bulk_create([mail for mail in mails if mail is not None])
    ReminderMention.objects.bulk_create(
        [
            ReminderMention(mail=mail, enrolment_id=each.enrolment_id, escalation=each)
            for mail, people in zip(written, mentions, strict=True)
            for each in people
        ]
    )
    return Reminded(0, len(stored), len(written), len(rows) - len(told))


def _words(member: Membership, people: list[Overdue]) -> Mail:
    return escalation_mail(
        name=member.user.name,
        place=member.label,
        people=people,
        url=absolute(reverse("escalations")),
    )


# --- What waits, when somebody's support ends ---------------------------------------------------


@transaction.atomic
def rewrite_waiting(*, at: datetime, client: Client | None = None) -> None:
    """Mails that wait say nothing of a person whose support has ended, least of all after a death.

    They are written again without the person (`client`, or anybody); one that has nothing else to
    say is withdrawn.
    """
    on = date_of(at)
    own = ReminderMention.objects.filter(mail__sent_at=None, mail__withdrawn_at=None)
    if client is not None:
        own = own.filter(enrolment__client=client)
    gone = own.exclude(enrolment__in=Enrolment.objects.filter(ask_q(Ask.IN_USE, on)))
    keys = set(gone.values_list("mail", flat=True))
    waiting = OutboxMail.objects.waiting().filter(pk__in=keys)
    for mail in waiting.select_related("membership__user", "membership__office").order_by("pk"):
        left = gone.filter(mail=mail)
        people = set(left.values_list("enrolment", flat=True))
        left.delete()
        words = _again(mail, people, on)
        if words is None:
            withdraw(OutboxMail.objects.filter(pk=mail.pk), at=at)
        else:
            OutboxMail.objects.waiting().filter(pk=mail.pk).update(
                subject=words.subject, body=words.body
            )


def _again(mail: OutboxMail, gone: set[int], on: date) -> Mail | None:
    if mail.kind == DIGEST:
        return _digest_again(mail, on)
    return steps_again(mail, gone, on) if mail.kind == STEPS else _escalation_again(mail, on)


def _digest_again(mail: OutboxMail, on: date) -> Mail | None:
    assert mail.membership is not None  # noqa: S101  (reminders are for members)
    digest = digest_of(mail.membership, on)
    mail.mentions.all().delete()
    ReminderMention.objects.bulk_create(
        [ReminderMention(mail=mail, enrolment_id=pk) for pk in sorted(digest.mentioned)]
    )
    return digest.mail


def _escalation_again(mail: OutboxMail, on: date) -> Mail | None:
    assert mail.membership is not None  # noqa: S101  (as above)
    rows = Escalation.objects.filter(mentions__mail=mail).order_by("due_on", "pk")
    left = list(rows.select_related("enrolment", "staff__user"))
    return _words(mail.membership, told_lines(left, on)) if left else None
