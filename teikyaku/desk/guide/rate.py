"""So many requests a minute from one address: what is public stays quick for everybody."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from hashlib import sha256

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from teikyaku.clock import now

A_MINUTE = 30
SECONDS = 60
View = Callable[[HttpRequest], HttpResponse]


def limited(view: View) -> View:
    """At most `A_MINUTE` requests a minute of one address; then 429, which says when to come back.

    Of the address only a keyed hash is kept, for a minute, in the cache.
    """

    @wraps(view)
    def answer(request: HttpRequest) -> HttpResponse:
        minute, second = divmod(int(now(request).timestamp()), SECONDS)
        if _count(request, minute) <= A_MINUTE:
            return view(request)
        wait = SECONDS - second
        response = render(request, "desk/guide/wait.html", {"seconds": wait}, status=429)
        response["Retry-After"] = str(wait)
        return response

    return answer


def _count(request: HttpRequest, minute: int) -> int:
    """This request's place among those of its address in this minute, from 1."""
    address = get_adapter().get_client_ip(request)
    who = sha256(f"{settings.SECRET_KEY}{address}".encode()).hexdigest()[:32]
    key = f"guide:{who}:{minute}"
    if cache.add(key, 1, SECONDS):
        return 1
    try:
        return cache.incr(key)
    except ValueError:  # it went out between the two
        return 1
