"""Pages that may be read from the standby: reports, statistics and lists to take along.

Each is told on a page of its own that writes nothing and on which nothing is decided about money or
rights. Whoever has just written something reads the primary for as long as the standby may be late.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse

from teikyaku.clock import now
from teikyaku.replica import (
    ASKED_EVERY_SECONDS,
    age_of_replica,
    give_up_replica,
    is_usable,
    late_reads,
)

LATE_PAGES = frozenset({
    "admin:application_list_xlsx", "admin:decision_list_xlsx", "admin:figures_xlsx", "admin:queue_xlsx",
    "admin:renewals_xlsx", "admin:ward_expiry_xlsx", "admin:ward_proposals_xlsx", "admin:ward_referrals_xlsx",
    "audit_log", "client_looked", "expiry_xlsx", "handover_duty_xlsx", "note_search", "office_year",
    "office_year_xlsx", "referrals_xlsx", "retention_forecast", "work_checks_xlsx",
})  # fmt: skip
_SAFE = ("GET", "HEAD")


class LatePagesMiddleware:
    """Reads `LATE_PAGES` from the standby, where there is one and it is near enough."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Whoever wrote is marked: their own words must not be missing from the next page."""
        response = self.get_response(request)
        if settings.REPLICA_URL and request.method not in (*_SAFE, "OPTIONS"):
            response.set_cookie(
                settings.FRESH_COOKIE, "1", httponly=True, samesite="Lax",
                max_age=settings.REPLICA_MOST_SECONDS + ASKED_EVERY_SECONDS,
                secure=settings.SESSION_COOKIE_SECURE,
            )  # fmt: skip
        return response

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: Any, kwargs: Any
    ) -> HttpResponse | None:
        """Make the page here, inside of `late_reads`."""
        if not _may_be_late(request):
            return None
        age = age_of_replica()
        if age is None or not is_usable(age):
            return None
        if age >= 1:
            request.read_until = now(request) - timedelta(seconds=age)  # type: ignore[attr-defined]
        try:
            with late_reads():
                return _made(view(request, *args, **kwargs))
        except OperationalError:
            # It went away, or had to let go of what the primary has removed: nothing was written yet.
            give_up_replica()
            request.read_until = None  # type: ignore[attr-defined]
            request.audit_reads = []  # type: ignore[attr-defined]
            return None


def _made(response: HttpResponse) -> HttpResponse:
    """The whole page: a template that is rendered later would read the primary."""
    return response.render() if isinstance(response, TemplateResponse) else response


def _may_be_late(request: HttpRequest) -> bool:
    match = request.resolver_match
    return bool(
        settings.REPLICA_URL
        and request.method in _SAFE
        and settings.FRESH_COOKIE not in request.COOKIES
        and match is not None
        and match.view_name in LATE_PAGES
    )
