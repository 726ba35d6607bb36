"""Whose decision a ward took away while they use the service: told on the home until something follows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import cast
from uuid import UUID

from clients.queries.subject import names_of
from teikyaku.accounts.models import Membership
from teikyaku.desk.queries import home_questions as ask


@dataclass(frozen=True, slots=True)
class TakenAway:
    """One person, and the last day on which their decision holds."""

    client_id: UUID
    name: str
    until: date


def taken_away(membership: Membership, on: date, *, is_own: bool) -> list[TakenAway]:
    """Of one's own people (`is_own`) or of the office's, by day (one query, two where there are any)."""
    user = membership.user_id if is_own else None
    rows = ask.revoked.rows(office=cast(int, membership.office_id), user=user, on=on)
    names = names_of([client for client, _key, _until in rows], on) if rows else {}
    return [
        TakenAway(key, names[client].name if client in names else "", until)
        for client, key, until in rows
    ]
