"""Who of a place looked at one person, and what they did there: from the audit log, by the person's id."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import Count, Max, Q, QuerySet

from teikyaku.accounts.models import AuditEvent, Membership
from teikyaku.clock import end_of

# How far back the sums reach; the lines go back to the first.
SUMMED_DAYS = 365


@dataclass(frozen=True, slots=True)
class Looker:
    """A member of staff, with how often they read and wrote in a year, and when they last did."""

    name: str
    read: int
    done: int
    refused: int
    last_at: datetime


def looks_at(reader: Membership, person_id: UUID) -> QuerySet[AuditEvent]:
    """Every line about the person by members of the reader's own place, newest first.

    What other places do with the person is none of it: that they know the person is not told.
    """
    place = Q(membership__office=reader.office_id, membership__municipality=reader.municipality_id)
    rows = AuditEvent.objects.filter(place, person_id=person_id, membership__isnull=False)
    return rows.select_related("user").order_by("-at", "-pk")


def lookers(reader: Membership, person_id: UUID, on: date) -> list[Looker]:
    """Who they are, the last one first (one query); of the year up to `on`."""
    since = end_of(on - timedelta(days=SUMMED_DAYS))
    outcomes = AuditEvent.Outcome
    rows = (
        looks_at(reader, person_id)
        .filter(at__gte=since, at__lt=end_of(on))
        .order_by()
        .values("user__name")
        .annotate(
            read=Count("pk", filter=Q(outcome=outcomes.READ)),
            done=Count("pk", filter=Q(outcome=outcomes.DONE)),
            refused=Count("pk", filter=Q(outcome=outcomes.REFUSED)),
            last_at=Max("at"),
        )
        .order_by("-last_at", "user__name")
    )
    return [
        Looker(row["user__name"] or "", row["read"], row["done"], row["refused"], row["last_at"])
        for row in rows
    ]
