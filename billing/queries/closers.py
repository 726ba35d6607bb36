"""Where somebody may close months."""

from __future__ import annotations

from datetime import date

from teikyaku.accounts.models import Membership
from teikyaku.accounts.roles import Permission


def closing_memberships(email: str, on: date) -> list[Membership]:
    """The memberships in which a user may close months on `on`, by office number (one query)."""
    held = Membership.objects.in_force(on).filter(
        user__email=email.casefold(), user__is_active=True, office__isnull=False, ended_at=None
    )
    rows = held.select_related("user", "office").order_by("office__number")
    return [each for each in rows if each.may(Permission.MONTH_CLOSE)]
