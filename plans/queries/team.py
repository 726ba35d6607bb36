"""担当の割り当て: how much each member of staff carries, and how far the month has come."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from clients.models import Enrolment
from clients.models.enrolment import EnrolmentQuerySet, StaffAssignmentQuerySet
from plans.queries.caseload import Ask, ask_q, met_this_month_q
from teikyaku.accounts.models import Membership, Office
from teikyaku.accounts.queries.figures import figure
from teikyaku.accounts.queries.membership import staff_of
from teikyaku.accounts.roles import Role
from teikyaku.periods import Month
from teikyaku.prepared import prepared

STANDARD = "staff.clients_per_worker"


@dataclass(frozen=True, slots=True)
class Load:
    """One member of staff: people in use, how many were met this month, how many are overdue."""

    staff_id: UUID
    name: str
    people: int
    met: int
    overdue: int
    percent: int
    """Of the standard per full post; more than 100 is possible."""


@dataclass(frozen=True, slots=True)
class Team:
    """The loads of an office, and the standard (people per full post, a dated figure)."""

    loads: tuple[Load, ...]
    standard: int


def team_of(office: Office, on: date) -> Team:
    """Every 就労定着支援員 of the office, and whoever else carries people (three queries)."""
    standard = int(figure(STANDARD, Month.of(on)).value)
    counted = {
        row["assignments__staff__user"]: row for row in _carried.rows(office=office.pk, on=on)
    }
    loads = [
        _load(member, dict(counted.get(member.user_id, {})), standard)
        for member in staff_of(office, on)
        if member.user_id in counted or member.has_role(Role.SUPPORT_WORKER)
    ]
    return Team(tuple(sorted(loads, key=lambda load: -load.people)), standard)


@prepared("office")
def _carried(office: int, on: date) -> QuerySet[Any, Any]:
    """By member of staff: people in use, met this month, overdue."""
    people = Enrolment.objects.filter(EnrolmentQuerySet.in_use_q(on), office=office)
    held = people.filter(StaffAssignmentQuerySet.in_charge_q(on, "assignments__"))
    return held.values("assignments__staff__user").annotate(
        people=Count("pk"),
        met=Count("pk", filter=met_this_month_q(on)),
        overdue=Count("pk", filter=Q(ask_q(Ask.OVERDUE, on))),
    )


def _load(member: Membership, row: dict[str, Any], standard: int) -> Load:
    people = row.get("people", 0)
    return Load(
        staff_id=member.public_id,
        name=member.user.name,
        people=people,
        met=row.get("met", 0),
        overdue=row.get("overdue", 0),
        percent=round(people * 100 / standard),
    )
