"""What reminders are made of: each member's own people, what falls due for them, and what is long overdue.

The answers are those of the caseload and of the expiry board; mails and feeds ask nothing of their own.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import (
    BooleanField,
    Exists,
    ExpressionWrapper,
    OuterRef,
    Prefetch,
    QuerySet,
)  # fmt: skip

from clients.models import Enrolment, StaffAssignment
from clients.queries.initials import initials_of
from plans.models import Escalation, InterviewDue
from plans.queries.caseload import Ask, ask_q, in_charge_q, last_meeting_in
from plans.queries.expiry import ends_of
from plans.queries.pace import in_force_of
from plans.queries.report_asked import given_to_person
from plans.rules.decision_next import AHEAD_DAYS
from plans.rules.pace_in_force import late_after
from plans.rules.reminder import Overdue
from teikyaku.accounts.models import Membership, User
from teikyaku.accounts.queries.figures import figure
from teikyaku.accounts.queries.people import INVITED
from teikyaku.accounts.roles import Permission, Role
from teikyaku.clock import date_of
from teikyaku.periods import Month

# The questions that reminders ask of each person.
ASKS = (
    Ask.OVERDUE, Ask.REFUSED, Ask.DUE_WEEK, Ask.APPOINTMENT, Ask.REPORT, Ask.REPORT_NOW,
)  # fmt: skip
LEADS = (Role.OFFICE_MANAGER, Role.SERVICE_MANAGER)


@dataclass(frozen=True, slots=True)
class Case:
    """One person in charge of a member: the questions that they answer, and what ends when."""

    row: Enrolment
    initials: str
    asks: frozenset[Ask]
    next_on: date | None
    """The next day agreed with the person."""
    met_before_on: date | None
    """The last meeting of the month before, whose report is asked for."""
    is_report_again: bool
    """That report went out once, before the meeting: it is handed over anew."""
    ends: Mapping[str, date]
    """Kind (plans.queries.expiry) → the first such day."""


def readers(offices: Collection[int], on: date) -> list[Membership]:
    """Who may get mails about people of these offices: at work on `on`, sign-in taken, not barred."""
    held = Membership.objects.filter(office__in=offices, ended_at=None, user__is_active=True)
    rows = (
        held.in_force(on)
        .exclude(user__in=User.objects.filter(INVITED))
        .with_places()
        .order_by("office", "pk")
    )
    return [row for row in rows if row.may(Permission.INTERVIEW_READ)]


def own_people(members: Sequence[Membership], on: date) -> QuerySet[Enrolment]:
    """Those in use for whom one of these members is in charge, at any of their offices."""
    return Enrolment.objects.filter(
        ask_q(Ask.IN_USE, on),
        in_charge_q(on, user__in={member.user_id for member in members}),
        office__in={member.office_id for member in members},
    )


def cases_of(members: Sequence[Membership], on: date) -> Mapping[int, list[Case]]:
    """Membership → its own people in use, the most urgent first (nine queries, however many)."""
    if not members:
        return {}
    people = own_people(members, on)
    flags = {ask.value: ExpressionWrapper(ask_q(ask, on), BooleanField()) for ask in ASKS}
    rows = list(
        people.annotate(**{f"ask_{name}": flag for name, flag in flags.items()})
        .annotate(met_before_on=last_meeting_in(Month.of(on) - 1))
        .annotate(given_before=given_to_person(Month.of(on) - 1))
        .select_related("client")
        .order_by("interview_due_on", "pk")
    )
    letters = initials_of({member.office_id for member in members if member.office_id}, on)
    ends = _first_ends(people, on)
    staff = _in_charge(people, on)
    found: dict[int, list[Case]] = {member.pk: [] for member in members}
    places = {(member.office_id, member.user_id): member.pk for member in members}
    for row in rows:
        initials = letters.get((row.office_id, row.client_id), "")
        case = _case(row, initials, ends.get(row.pk, {}), on)
        member = places.get((row.office_id, staff.get(row.pk, 0)))
        if member is not None:
            found[member].append(case)
    return found


def _case(row: Enrolment, letters: str, ends: Mapping[str, date], on: date) -> Case:
    asks = frozenset(ask for ask in ASKS if getattr(row, f"ask_{ask.value}"))
    noted: Any = row
    is_again = Ask.REPORT in asks and noted.given_before
    agreed_on = row.next_appointment(on)
    return Case(row, letters, asks, agreed_on, noted.met_before_on, is_again, ends)


def _in_charge(people: QuerySet[Enrolment], on: date) -> dict[int, int]:
    """Enrolment → the user in charge; the database allows one at a time."""
    held = StaffAssignment.objects.in_charge(on).filter(enrolment__in=people.values("pk"))
    return dict(held.values_list("enrolment", "staff__user"))


def _first_ends(people: QuerySet[Enrolment], on: date) -> Mapping[int, dict[str, date]]:
    soon = timedelta(days=int(figure("reminder.ahead_days", Month.of(on)).value))
    ahead = {
        "decision": timedelta(days=AHEAD_DAYS), "support_plan": soon, "handover": soon,
    }  # fmt: skip
    found: dict[int, dict[str, date]] = defaultdict(dict)
    for enrolment, day, kind in ends_of(people, on, ahead):
        known = found[enrolment].get(kind)
        found[enrolment][kind] = min(day, known) if known else day
    return found


def long_overdue(offices: Collection[int], on: date) -> QuerySet[Enrolment]:
    """Interviews overdue by so many days (a dated figure) that nobody who leads was told of yet.

    The days count from the day on which they became late (plans.rules.pace_in_force): a date that
    had passed when it was set counts from that day, and one lateness is told once.
    """
    days = int(figure("reminder.escalation_days", Month.of(on)).value)
    since = on - timedelta(days=days)
    told = Escalation.objects.filter(enrolment=OuterRef("pk"), due_on=OuterRef("interview_due_on"))
    rows = (
        Enrolment.objects.filter(
            ask_q(Ask.OVERDUE, on), office__in=offices, interview_due_on__lte=since
        )
        .exclude(Exists(told))
        .order_by("office", "interview_due_on", "pk")
    )
    late = late_afters(rows.order_by().values("pk"), on)
    early = {pk for pk, day in late.items() if day > since}
    return rows.exclude(pk__in=early | _told_since(late))


def late_afters(enrolments: Any, on: date) -> Mapping[int, date]:
    """Enrolment → the day from which the days of its lateness count (one query).

    `enrolments`: their keys, or a query of them. Whoever is not late by the dates as stored is left out.
    """
    dues: dict[int, list[InterviewDue]] = defaultdict(list)
    stored = InterviewDue.objects.filter(enrolment__in=enrolments)
    for due in stored.order_by("enrolment", "since"):
        dues[due.enrolment_id].append(due)
    found = {pk: late_after(in_force_of(each), on) for pk, each in dues.items()}
    return {pk: day for pk, day in found.items() if day is not None}


def _told_since(late: Mapping[int, date]) -> set[int]:
    """Those of whose present lateness who leads was told under an earlier date (one query)."""
    made = Escalation.objects.filter(enrolment__in=late).values_list("enrolment", "made_at")
    return {pk for pk, made_at in made if date_of(made_at) > late[pk]}


def leads(offices: Collection[int], on: date) -> Mapping[int, list[Membership]]:
    """Office → its 管理者 and サービス管理責任者 who can read a mail."""
    found: dict[int, list[Membership]] = defaultdict(list)
    for member in readers(offices, on):
        if any(member.has_role(role) for role in LEADS):
            found[member.office_id or 0].append(member)
    return found


def staff_in_charge(enrolments: Collection[int], on: date) -> Mapping[int, Membership]:
    """Enrolment → the member in charge, with their user (one query)."""
    held = StaffAssignment.objects.in_charge(on).filter(enrolment__in=enrolments)
    return {row.enrolment_id: row.staff for row in held.select_related("staff__user")}


def told_lines(escalations: Sequence[Escalation], on: date) -> list[Overdue]:
    """How a mail names them (two queries)."""
    letters = initials_of({row.enrolment.office_id for row in escalations}, on)
    return [
        Overdue(
            enrolment=row.enrolment_id,
            initials=letters.get((row.enrolment.office_id, row.enrolment.client_id), ""),
            due_on=row.due_on,
            days=(on - row.due_on).days,
            staff_name=row.staff.user.name if row.staff else "",
        )
        for row in escalations
    ]


def escalations_of(office: int) -> QuerySet[Escalation]:
    """What was told about the office's people, newest first, with whom it was told to."""
    return (
        Escalation.objects.filter(enrolment__office=office)
        .select_related("enrolment__client", "staff__user")
        .prefetch_related(Prefetch("mentions__mail__recipient"))
    )
