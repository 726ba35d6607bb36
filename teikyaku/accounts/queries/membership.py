"""Which memberships a user holds on a day, and which is the active one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.db.models import QuerySet

from teikyaku.accounts.models import Membership, Office, User
from teikyaku.periods import Period, overlapping
from teikyaku.prepared import prepared
from teikyaku.rehearsal import once


def memberships_of(user: User, on: date) -> list[Membership]:
    """The memberships in force on `on`, with their places, in a steady order.

    One query; none for the user of a session, who came with them.
    """
    held = user.held_memberships
    if held is None:
        held = list(Membership.objects.filter(user=user).in_force(on).with_places())
    return [membership for membership in held if membership.is_in_force(on)]


def choose_membership(held: Sequence[Membership], wanted: str | None) -> Membership | None:
    """The membership that the session names, else the first; None when there is none."""
    for membership in held:
        if str(membership.public_id) == wanted:
            return membership
    return held[0] if held else None


def member_on(membership: Membership, on: date) -> Membership | None:
    """As what the same person worked in the same place on `on`; None when they did not.

    Roles change by a new membership: a late note of an earlier day belongs to the former one.
    """
    if membership.worked_on(on):
        return membership
    same = Membership.objects.filter(
        user=membership.user_id,
        office=membership.office_id,
        municipality=membership.municipality_id,
    )
    return next((row for row in same.in_force(on) if row.worked_on(on)), None)


def staff_of(office: Office, on: date) -> list[Membership]:
    """Everyone who works (or on a past day worked) at the office on `on`, with their user."""
    held = once(("staff_of", office.pk, on), lambda: list(_held.rows(office=office.pk, on=on)))
    return sorted(
        (membership for membership in held if membership.worked_on(on)),
        key=_place_in_list,
    )


def staff_within(office: Office, period: Period) -> list[Membership]:
    """Everyone who worked at the office on some day of a period, with their user (one query).

    Whoever changed roles meanwhile stands in it with each of their memberships.
    """
    held = Membership.objects.filter(overlapping(period), office=office).with_places()
    return sorted(
        (membership for membership in held if not membership.was_called_off),
        key=_place_in_list,
    )


def _place_in_list(membership: Membership) -> tuple[str, str, int]:
    """As 職員 sorts them: by reading, whoever has none first."""
    return membership.user.kana, membership.user.name, membership.pk


@prepared("office")
def _held(office: int, on: date) -> QuerySet[Membership]:
    return Membership.objects.filter(office=office).in_force(on).with_places()
