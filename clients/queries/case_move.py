"""担当の引き継ぎ: whose people can go, and what was handed over."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from clients.access import enrolments_for
from clients.models import CaseMove, Enrolment, StaffAssignment
from clients.queries.subject import names_of, names_seen
from clients.rules.case_move import undo_until
from teikyaku.accounts.models import Membership
from teikyaku.accounts.roles import Permission
from teikyaku.clock import date_of, end_of
from teikyaku.era import both
from teikyaku.ids import MOST_CHOSEN
from teikyaku.periods import day_before, in_force
from teikyaku.prepared import prepared

# How long one is told that people went to somebody else, or that a move was taken back.
TOLD_FOR = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Going:
    """One person who goes, and what the new one must know of them."""

    enrolment: Enrolment
    note: str = ""


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
    held = StaffAssignment.objects.in_charge(on).filter(
        enrolment=OuterRef("pk"), staff__user=user_id
    )
    return _here(membership, on).filter(Exists(held))


def left_behind(membership: Membership, on: date) -> list[tuple[Membership, int]]:
    """Members of the office who have left and still carry people, with how many (two queries)."""
    held = StaffAssignment.objects.in_charge(on).filter(
        in_force(on, "enrolment__"), enrolment__office=membership.office_id
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
    """Those who can go, by kana; MOST_CHOSEN at most (three queries)."""
    rows = list(people.select_related("client").order_by("pk")[:MOST_CHOSEN])
    names = names_of([row.client_id for row in rows], on)
    held = StaffAssignment.objects.in_charge(on).filter(enrolment__in=rows)
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
    """One person of a move, with what was said of them, and who is in charge by now."""

    enrolment_key: int
    client_id: UUID
    name: str
    kana: str
    note: str
    staff_name: str
    """ "" where nobody is in charge."""
    ended_on: date | None
    """The last day with the office, where that has passed."""


@dataclass(frozen=True, slots=True)
class StuckPerson:
    """Somebody who cannot come back from a move, and what has happened since."""

    name: str
    why: str


@dataclass(frozen=True, slots=True)
class MoveRow:
    """A move as lists and its page show it on a day: what came later is not told."""

    move_id: UUID
    from_name: str
    """ "" where nobody was in charge."""
    to_name: str
    starts_on: date
    note: str
    recorded_on: date
    recorded_by: str
    people: int
    """Also of one that was taken back; 0 where the people are not on file any more."""
    read_at: datetime | None
    undone_at: datetime | None
    undone_by: str
    undo_until: date
    is_mine: bool
    """The reader is who got the people."""
    was_mine: bool
    """The reader is who carried the people before."""

    @property
    def undone_on(self) -> date | None:
        """The day on which it was taken back, in Tokyo."""
        return date_of(self.undone_at) if self.undone_at else None

    @property
    def waits(self) -> bool:
        """Nobody has confirmed it, and it stands."""
        return self.read_at is None and self.undone_at is None

    def can_be_undone(self, on: date) -> bool:
        """Whether it was recorded or began lately enough."""
        return self.undone_at is None and on <= self.undo_until


def moves_of(membership: Membership, on: date) -> QuerySet[CaseMove]:
    """The moves of the membership's office that were recorded by `on`, the newest first."""
    own = CaseMove.objects.filter(office=membership.office_id, recorded_at__lt=end_of(on))
    return own.order_by("-recorded_at", "-pk")


def unread_moves(membership: Membership, on: date) -> QuerySet[CaseMove]:
    """Moves to the reader that nobody had confirmed or taken back by the end of `on`."""
    later = end_of(on)
    return moves_of(membership, on).filter(
        Q(read_at=None) | Q(read_at__gte=later),
        Q(undone_at=None) | Q(undone_at__gte=later),
        to_staff__user=membership.user_id,
    )


def moves_to_tell(membership: Membership, on: date) -> QuerySet[CaseMove]:
    """What a home tells of moves: to who got the people, and to who carried them before.

    The one is told while the move waits for a confirmation; the other for a week from the day on
    which it was recorded, and again from the day on which it begins. Both are told for a week that
    somebody took it back. Whoever did it themselves knows.
    """
    user, later, since = membership.user_id, end_of(on), end_of(on - TOLD_FOR)
    undone = Q(undone_at__gte=since, undone_at__lt=later) & ~Q(undone_by__user=user)
    stands = Q(undone_at=None) | Q(undone_at__gte=later)
    lately = Q(recorded_at__gte=since) | Q(starts_on__gt=on - TOLD_FOR, starts_on__lte=on)
    waiting = unread_moves(membership, on).values("pk")
    gone = Q(from_staff__user=user) & stands & lately & ~Q(recorded_by__user=user)
    either = Q(to_staff__user=user) | Q(from_staff__user=user)
    return moves_of(membership, on).filter(Q(pk__in=waiting.order_by()) | gone | (either & undone))


def move_rows(moves: QuerySet[CaseMove], membership: Membership, on: date) -> list[MoveRow]:
    """A page of moves as they stood on `on` (one query)."""
    return [_row(row, membership, on) for row in _with_people(moves)]


def told_moves(membership: Membership, on: date, shown: int) -> list[MoveRow]:
    """What a home tells of moves, the newest first (one query)."""
    rows = _to_tell.rows(
        office=membership.office_id, user=membership.user_id, on=on, shown=shown
    )  # fmt: skip
    return [_row(row, membership, on) for row in rows]


@prepared("office", "user")
def _to_tell(office: int, user: int, on: date, shown: int) -> QuerySet[CaseMove]:
    reader = Membership(office_id=office, user_id=user)
    return _with_people(moves_to_tell(reader, on)[:shown])


def _with_people(moves: QuerySet[CaseMove]) -> QuerySet[CaseMove]:
    """Moves with who did them and how many people went."""
    moved = StaffAssignment.objects.with_undone().filter(move=OuterRef("pk")).order_by()
    people = moved.values("move").annotate(n=Count("pk")).values("n")
    return moves.select_related(
        "from_staff__user", "to_staff__user", "recorded_by__user", "undone_by__user"
    ).annotate(people=Coalesce(Subquery(people), 0))


def _row(row: Any, membership: Membership, on: date) -> MoveRow:
    recorded_on = date_of(row.recorded_at)
    undone_at = _by(on, row.undone_at)
    return MoveRow(
        move_id=row.public_id,
        from_name=row.from_staff.user.name if row.from_staff else "",
        to_name=row.to_staff.user.name,
        starts_on=row.starts_on,
        note=row.note,
        recorded_on=recorded_on,
        recorded_by=row.recorded_by.user.name,
        people=row.people,
        read_at=_by(on, row.read_at),
        undone_at=undone_at,
        undone_by=row.undone_by.user.name if undone_at else "",
        undo_until=undo_until(recorded_on, row.starts_on),
        is_mine=row.to_staff.user_id == membership.user_id,
        was_mine=row.from_staff is not None and row.from_staff.user_id == membership.user_id,
    )


def _by(on: date, at: datetime | None) -> datetime | None:
    return at if at is not None and date_of(at) <= on else None


def moved_people(move: CaseMove, on: date) -> list[MovedPerson]:
    """Who went with a move, by kana, also after it was taken back (three queries)."""
    rows = list(move.assignments.with_undone().select_related("enrolment__client"))
    enrolments = [row.enrolment for row in rows]
    names = names_seen(enrolments, on)
    held = StaffAssignment.objects.in_charge(on).filter(enrolment__in=enrolments)
    staff = dict(held.values_list("enrolment", "staff__user__name"))
    found = [
        MovedPerson(
            enrolment_key=row.enrolment_id,
            client_id=row.enrolment.client.public_id,
            name=name.name if (name := names.get(row.enrolment_id)) else "",
            kana=name.kana if name else "",
            note=row.note,
            staff_name=staff.get(row.enrolment_id, ""),
            ended_on=ends if (ends := row.enrolment.ends_on) is not None and ends < on else None,
        )
        for row in rows
    ]
    return sorted(found, key=lambda person: person.kana)


def may_get_back(former: Membership, on: date) -> bool:
    """Whether who carried people can carry them again: here, and still meeting people.

    By the person: a change of roles makes another membership.
    """
    here = Membership.objects.filter(office=former.office_id, user=former.user_id).in_force(on)
    return any(each.may(Permission.INTERVIEW_WRITE) for each in here)


def formers(move: CaseMove) -> QuerySet[StaffAssignment]:
    """The assignments that ended when a move began; of people whom nobody carried there is none."""
    if move.from_staff_id is None:
        return StaffAssignment.objects.standing().none()
    return StaffAssignment.objects.standing().filter(ends_on=day_before(move.starts_on))


def stuck_people(move: CaseMove, on: date) -> list[StuckPerson]:
    """Who of a standing move cannot come back, by kana, and why (five queries).

    Taken back without them, somebody would be left without 担当, or with two.
    """
    rows = list(move.assignments.standing().select_related("enrolment"))
    keys = [row.enrolment_id for row in rows]
    later = {
        row.enrolment_id: row
        for row in StaffAssignment.objects.standing()
        .filter(enrolment__in=keys, starts_on__gt=move.starts_on)
        .select_related("staff__user")
        .order_by("-starts_on")
    }
    known = set(formers(move).filter(enrolment__in=keys).values_list("enrolment", flat=True))
    has_former = move.from_staff_id is not None
    why = {
        key: _since(later[key]) if key in later else _("引き継ぐ前の担当の記録がありません。")
        for key in keys
        if key in later or (has_former and key not in known)
    }
    names = names_seen([row.enrolment for row in rows if row.enrolment_id in why], on)
    found = sorted(why, key=lambda key: name.kana if (name := names.get(key)) else "")
    return [StuckPerson(name.name if (name := names.get(key)) else "", why[key]) for key in found]


def _since(row: StaffAssignment) -> str:
    words = {"since": both(row.starts_on), "name": row.staff.user.name}
    return _("%(since)sから%(name)sさんの担当になっています。") % words
