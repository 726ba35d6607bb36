"""So many requests a minute from one address: what is public stays quick for everybody."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from teikyaku.accounts.rate import address_of, wait_seconds

A_MINUTE = 30
View = Callable[[HttpRequest], HttpResponse]


def limited(view: View) -> View:
    """At most `A_MINUTE` requests a minute of one address; then 429, which says when to come back."""

    @wraps(view)
    def answer(request: HttpRequest) -> HttpResponse:
        wait = wait_seconds(request, "guide", address_of(request), A_MINUTE)
        if not wait:
            return view(request)
        response = render(request, "desk/guide/wait.html", {"seconds": wait}, status=429)
        response["Retry-After"] = str(wait)
        return response

    return answer
