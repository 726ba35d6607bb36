"""担当の引き継ぎ: whose people can go, and what was handed over."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, QuerySet

from clients.access import enrolments_for
from clients.models import CaseMove, Enrolment, StaffAssignment
from clients.queries.subject import names_of, names_seen
from clients.rules.case_move import undo_until
from teikyaku.accounts.models import Membership
from teikyaku.clock import date_of
from teikyaku.periods import in_force

# A hand-over is read and ticked person by person: more than two caseloads are not done in one go.
MOST_PEOPLE = 80


@dataclass(frozen=True, slots=True)
class MovablePerson:
    """One person who can go: who carries them today, and when they are to be met next."""

    enrolment: Enrolment
    name: str
    kana: str
    staff_name: str
    """ "" where nobody is in charge."""
    is_waiting: bool
    """開始待ち: the use has not begun."""

    @property
    def key(self) -> str:
        """What a form says of the person."""
        return str(self.enrolment.public_id)


def carried_by(membership: Membership, user_id: int, on: date) -> QuerySet[Enrolment]:
    """The office's people whom a member of staff is in charge of on `on`, waiting ones too."""
    held = StaffAssignment.objects.filter(
        in_force(on), enrolment=OuterRef("pk"), staff__user=user_id
    )
    return _here(membership, on).filter(Exists(held))


def left_behind(membership: Membership, on: date) -> list[tuple[Membership, int]]:
    """Members of the office who have left and still carry people, with how many (two queries)."""
    held = StaffAssignment.objects.filter(
        in_force(on), in_force(on, "enrolment__"), enrolment__office=membership.office_id
    )
    people: dict[int, int] = {}
    staff: dict[int, Membership] = {}
    for row in held.select_related("staff__user").filter(staff__ends_on__lt=on):
        people[row.staff.user_id] = people.get(row.staff.user_id, 0) + 1
        staff[row.staff.user_id] = row.staff
    here = set(
        Membership.objects.filter(office=membership.office_id, user__in=staff)
        .in_force(on)
        .values_list("user", flat=True)
    )
    return [(staff[user], n) for user, n in people.items() if user not in here]


def chosen_people(membership: Membership, keys: Iterable[UUID], on: date) -> QuerySet[Enrolment]:
    """The office's people with these ids, the clients' own, as lists hand them on."""
    return _here(membership, on).filter(client__public_id__in=list(keys))


def _here(membership: Membership, on: date) -> QuerySet[Enrolment]:
    return enrolments_for(membership, on).filter(in_force(on))


def movable(people: QuerySet[Enrolment], on: date) -> list[MovablePerson]:
    """Those who can go, by kana; MOST_PEOPLE at most (three queries)."""
    rows = list(people.select_related("client").order_by("pk")[:MOST_PEOPLE])
    names = names_of([row.client_id for row in rows], on)
    held = StaffAssignment.objects.filter(in_force(on), enrolment__in=rows)
    staff = dict(held.values_list("enrolment", "staff__user__name"))
    found = [
        MovablePerson(
            enrolment=row,
            name=name.name if (name := names.get(row.client_id)) else "",
            kana=name.kana if name else "",
            staff_name=staff.get(row.pk, ""),
            is_waiting=row.use_starts_on is None or row.use_starts_on > on,
        )
        for row in rows
    ]
    return sorted(found, key=lambda person: (person.kana, person.enrolment.pk))


@dataclass(frozen=True, slots=True)
class MovedPerson:
    """One person of a move, with what was said of them."""

    client_id: UUID
    name: str
    kana: str
    note: str


@dataclass(frozen=True, slots=True)
class MoveRow:
    """A move as lists and its page show it."""

    move_id: UUID
    from_name: str
    """ "" where nobody was in charge."""
    to_name: str
    starts_on: date
    note: str
    recorded_on: date
    recorded_by: str
    people: int
    read_at: datetime | None
    undone_at: datetime | None
    undo_until: date
    is_mine: bool
    """The reader is who got the people."""

    @property
    def waits(self) -> bool:
        """Nobody has confirmed it, and it stands."""
        return self.read_at is None and self.undone_at is None

    def can_be_undone(self, on: date) -> bool:
        """Whether it was recorded or began lately enough."""
        return self.undone_at is None and on <= self.undo_until


def moves_of(membership: Membership) -> QuerySet[CaseMove]:
    """The moves of the membership's office, the newest first."""
    return CaseMove.objects.filter(office=membership.office_id).order_by("-recorded_at", "-pk")


def unread_moves(membership: Membership) -> QuerySet[CaseMove]:
    """Moves to the reader that nobody has confirmed yet."""
    return moves_of(membership).filter(
        to_staff__user=membership.user_id, read_at=None, undone_at=None
    )


def move_rows(moves: QuerySet[CaseMove], membership: Membership) -> list[MoveRow]:
    """A page of moves (one query)."""
    found: Sequence[Any] = list(
        moves.select_related("from_staff__user", "to_staff__user", "recorded_by__user").annotate(
            people=Count("assignments")
        )
    )
    return [_row(row, membership) for row in found]


def _row(row: Any, membership: Membership) -> MoveRow:
    recorded_on = date_of(row.recorded_at)
    return MoveRow(
        move_id=row.public_id,
        from_name=row.from_staff.user.name if row.from_staff else "",
        to_name=row.to_staff.user.name,
        starts_on=row.starts_on,
        note=row.note,
        recorded_on=recorded_on,
        recorded_by=row.recorded_by.user.name,
        people=row.people,
        read_at=row.read_at,
        undone_at=row.undone_at,
        undo_until=undo_until(recorded_on, row.starts_on),
        is_mine=row.to_staff.user_id == membership.user_id,
    )


def moved_people(move: CaseMove, on: date) -> list[MovedPerson]:
    """Who went with a move, by kana (two queries); nobody after it was taken back."""
    rows = list(move.assignments.select_related("enrolment__client"))
    names = names_seen([row.enrolment for row in rows], on)
    found = [
        MovedPerson(
            client_id=row.enrolment.client.public_id,
            name=name.name if (name := names.get(row.enrolment_id)) else "",
            kana=name.kana if name else "",
            note=row.note,
        )
        for row in rows
    ]
    return sorted(found, key=lambda person: person.kana)
