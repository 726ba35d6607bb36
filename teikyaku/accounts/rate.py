"""So many requests a minute of one asker, for pages that answer without a sign-in."""

from __future__ import annotations

from hashlib import sha256

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest

from teikyaku.clock import now

SECONDS = 60


def wait_seconds(request: HttpRequest, what: str, who: str, most: int) -> int:
    """0 while `who` has asked at most `most` times this minute; else seconds until the next one.

    Of `who` only a keyed hash is kept, for a minute, in the cache.
    """
    minute, second = divmod(int(now(request).timestamp()), SECONDS)
    return 0 if _count(what, who, minute) <= most else SECONDS - second


def address_of(request: HttpRequest) -> str:
    """The address that asks, as the trusted proxies tell it."""
    return str(get_adapter().get_client_ip(request))


def _count(what: str, who: str, minute: int) -> int:
    """This request's place among those of its asker in this minute, from 1."""
    hashed = sha256(f"{settings.SECRET_KEY}{who}".encode()).hexdigest()[:32]
    key = f"{what}:{hashed}:{minute}"
    if cache.add(key, 1, SECONDS):
        return 1
    try:
        return cache.incr(key)
    except ValueError:  # it went out between the two
        return 1
