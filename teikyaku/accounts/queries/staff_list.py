"""職員の一覧: who was invited in one go, and whether they have begun."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, QuerySet

from teikyaku.accounts.models import AuditEvent, Membership, Office

INVITED = "member_invited"
# A list is taken back soon or person by person.
DAYS = 30
MOST = 10


@dataclass(frozen=True, slots=True)
class StaffBatch:
    """What one press of 招待を送る invited, as far as it still stands."""

    at: datetime
    who: str
    names: tuple[str, ...]
    has_begun: bool


def batches(office: Office, at: datetime) -> list[StaffBatch]:
    """The last ones by this office's own people, newest first (a few queries each)."""
    events = AuditEvent.objects.filter(
        membership__office=office, verb=INVITED, at__gte=at - timedelta(days=DAYS)
    )
    days = events.order_by("-at").values("at").annotate(count=Count("pk"))
    found = []
    for each in days[:MOST]:
        members = list(invited_at(office, each["at"]))
        if not members:
            continue
        first = events.filter(at=each["at"]).select_related("user").first()
        found.append(
            StaffBatch(
                each["at"],
                first.user.name if first and first.user else "",
                tuple(member.user.name for member in members),
                any(has_begun(member) for member in members),
            )
        )
    return found


def invited_at(office: Office, at: datetime) -> QuerySet[Membership]:
    """Who was invited at that instant and was not let go since."""
    events = AuditEvent.objects.filter(membership__office=office, verb=INVITED, at=at)
    rows = Membership.objects.filter(
        office=office, public_id__in=events.values("subject_id"), ended_at=None
    )
    return rows.select_related("user").order_by("pk")


def has_begun(member: Membership) -> bool:
    """Whether the invitation was taken, or something was done here since (a query)."""
    taken = AuditEvent.objects.filter(user=member.user, verb="invitation_accepted").exists()
    return taken or AuditEvent.objects.filter(membership=member).exists()


def addresses(office: Office) -> set[str]:
    """Of everybody who works here, or is to (one query)."""
    rows = Membership.objects.filter(office=office, ended_at=None)
    return set(rows.values_list("user__email", flat=True))
