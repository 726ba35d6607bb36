"""Which calendar feed is somebody's, and whose a secret address is."""

from __future__ import annotations

from hashlib import sha256

from teikyaku.accounts.models import CalendarFeed, User


def hash_of(token: str) -> str:
    """What is kept of a token: it is random enough that no salt is needed."""
    return sha256(token.encode()).hexdigest()


def feed_of(user: User) -> CalendarFeed | None:
    """The address that is in use; None where there is none."""
    return CalendarFeed.objects.filter(user=user, revoked_at=None).first()


def feed_by(token: str) -> CalendarFeed | None:
    """The feed behind a secret address, with its user; None when wrong, revoked or barred."""
    alive = CalendarFeed.objects.filter(revoked_at=None, user__is_active=True)
    return alive.select_related("user").filter(token_hash=hash_of(token)).first()
