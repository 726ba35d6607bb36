"""Which membership a request acts in, the idle time-out, and the audit of reads and refusals."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from teikyaku.accounts.actions.audit import record_reads, record_refusal
from teikyaku.accounts.queries.membership import choose_membership, memberships_of
from teikyaku.accounts.sign_in_again import to_sign_in
from teikyaku.clock import date_of, now

GetResponse = Callable[[HttpRequest], HttpResponse]
SEEN_KEY = "seen_at"
BEGAN_KEY = "began_at"
MEMBERSHIP_KEY = "membership"
# Refresh the mark at most this often: a session write per request would queue on SQLite.
SEEN_EVERY_SECONDS = 60


class ActiveMembershipMiddleware:
    """Puts `request.membership` and `request.memberships` beside `request.user`."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer with the membership in force, or after an idle sign-out."""
        request.memberships = []  # type: ignore[attr-defined]
        request.membership = None  # type: ignore[attr-defined]
        if request.user.is_authenticated:
            at = now(request)
            if words := self._is_over(request, at):
                logout(request)
                messages.info(request, words)
                return to_sign_in(request)
            self._mark_seen(request, at)
            held = memberships_of(request.user, date_of(at))
            request.memberships = held  # type: ignore[attr-defined]
            request.membership = choose_membership(  # type: ignore[attr-defined]
                held, request.session.get(MEMBERSHIP_KEY)
            )
        return self.get_response(request)

    @staticmethod
    def _is_over(request: HttpRequest, at: datetime) -> str:
        """Why the session ends in words: nobody was there, or it began too long ago; "" while it holds."""
        seen, began = request.session.get(SEEN_KEY), request.session.get(BEGAN_KEY)
        if seen is not None and at.timestamp() - seen > settings.IDLE_MINUTES * 60:
            return _("しばらく操作がなかったため、サインアウトしました。")
        if began is not None and at.timestamp() - began > settings.SESSION_COOKIE_AGE:
            return _("サインインから時間がたったため、サインアウトしました。")
        return ""

    @staticmethod
    def _mark_seen(request: HttpRequest, at: datetime) -> None:
        seen = request.session.get(SEEN_KEY)
        if seen is None or at.timestamp() - seen > SEEN_EVERY_SECONDS:
            request.session[SEEN_KEY] = at.timestamp()
            # Use lengthens the life of a session in the database: this one mark stays as it was.
            request.session.setdefault(BEGAN_KEY, at.timestamp())


class PrivatePagesMiddleware:
    """Signed-in pages are never stored; reads and refusals become audit lines after the response."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, then record what was read or refused (one autocommit insert)."""
        response = self.get_response(request)
        if not request.user.is_authenticated:
            return response
        response.setdefault("Cache-Control", "no-store")
        reads = getattr(request, "audit_reads", None)
        if reads and (response.status_code < 400 or response.status_code == 422):  # noqa: PLR2004
            record_reads(request.user, getattr(request, "membership", None), reads, at=now(request))
        elif response.status_code == 403:  # noqa: PLR2004
            record_refusal(
                request.user, getattr(request, "membership", None), request, at=now(request)
            )
        return response
