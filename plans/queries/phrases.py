"""定型文 at hand: what somebody may put into a contact with one tap."""

from __future__ import annotations

from django.db.models import QuerySet

from plans.models import Phrase
from teikyaku.accounts.models import Membership
from teikyaku.prepared import prepared


def phrases_for(membership: Membership) -> list[Phrase]:
    """The office's, then the own (one query)."""
    return _of.rows(office=membership.office_id, user=membership.user_id)


@prepared("office", "user")
def _of(office: int | None, user: int) -> QuerySet[Phrase]:
    return Phrase.objects.of(office, user)
