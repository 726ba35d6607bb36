"""はじめに: a step is done once somebody opens its page, so that the card goes away by itself.

Only where a browser says that it shows the page to somebody (`Sec-Fetch-Mode: navigate`, and no
prefetch): a part of a page, a machine or a test that reads many pages marks nothing. One write for
each step of a person, ever.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from http import HTTPStatus

from django.db import OperationalError
from django.http import HttpRequest, HttpResponse

from teikyaku.accounts.actions.first_steps import step_done
from teikyaku.desk.queries.first_steps import is_open_step


class StepsOpenedMiddleware:
    """Notes after the answer that the page of an open step was shown."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """The page first: what is noted holds it up in no way."""
        response = self.get_response(request)
        membership, match = getattr(request, "membership", None), request.resolver_match
        if membership is None or match is None or response.status_code >= HTTPStatus.BAD_REQUEST:
            return response
        if _is_shown(request) and is_open_step(membership, match.view_name):
            # A database that is busy or read only: the step stays, the page is shown.
            with suppress(OperationalError):
                step_done(user=membership.user, page=match.view_name)
        return response


def _is_shown(request: HttpRequest) -> bool:
    headers = request.headers
    return (
        request.method == "GET"
        and headers.get("Sec-Fetch-Mode") == "navigate"
        and "prefetch" not in headers.get("Sec-Purpose", "")
    )
