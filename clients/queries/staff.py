"""担当 of one person: who was in charge, who is, who will be, and what was taken back."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import F, Q

from clients.models import Client, StaffAssignment
from teikyaku.clock import date_of, end_of


@dataclass(frozen=True, slots=True)
class StaffSpell:
    """One member of staff in charge for a period, as it stood on the day asked for."""

    name: str
    starts_on: date
    ends_on: date | None
    is_ahead: bool
    """It is decided, and has not begun."""
    undone_on: date | None
    """The day on which it was taken back with its hand-over."""
    undone_by: str


def staff_history(client: Client, office_id: int | None, on: date) -> list[StaffSpell]:
    """Everybody whom this office put in charge of the person, as recorded by `on`, in order (one query).

    What was taken back later stood on that day. With the work of the office ends whoever is in charge.
    """
    rows = StaffAssignment.objects.with_undone().filter(
        Q(enrolment__ends_on=None) | Q(starts_on__lte=F("enrolment__ends_on")),
        enrolment__client=client,
        enrolment__office=office_id,
        recorded_at__lt=end_of(on),
    )
    people = rows.select_related("enrolment", "staff__user", "undone_by__user")
    return [_spell(row, on) for row in people.order_by("starts_on", "pk")]


def staff_in_charge(clients: Iterable[int], office_id: int, on: date) -> dict[int, str]:
    """By client, who is in charge at the office on `on`; without those of whom nobody is (one query)."""
    rows = StaffAssignment.objects.in_charge(on).filter(
        Q(enrolment__ends_on=None) | Q(enrolment__ends_on__gte=on),
        enrolment__client__in=list(clients),
        enrolment__office=office_id,
    )
    return dict(
        rows.order_by("starts_on", "pk").values_list("enrolment__client", "staff__user__name")
    )


def _spell(row: StaffAssignment, on: date) -> StaffSpell:
    undone_on = date_of(row.undone_at) if row.undone_at else None
    is_told = undone_on is not None and undone_on <= on
    return StaffSpell(
        name=row.staff.user.name,
        starts_on=row.starts_on,
        ends_on=min((day for day in (row.ends_on, row.enrolment.ends_on) if day), default=None),
        is_ahead=row.starts_on > on and not is_told,
        undone_on=undone_on if is_told else None,
        undone_by=row.undone_by.user.name if is_told and row.undone_by else "",
    )
