"""As of: in the demo, the product is looked at as of another date; nothing is written meanwhile."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import Resolver404, resolve
from django.utils.translation import gettext as _

from teikyaku.era import both

SESSION_KEY = "as_of"
# What may be sent all the same: the way back, another role, the way out.
ALLOWED = {"as_of", "switch_membership", "account_logout"}
_SAFE = ("GET", "HEAD", "OPTIONS")


class AsOfMiddleware:
    """Sets `request.as_of` for who has chosen a date; the clock's edge reads it.

    Not part of production. It stands behind the membership: who may see what is asked as of the real
    day, what is seen as of the chosen one.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer as of the chosen date, or say that nothing can be written."""
        chosen = request.session.get(SESSION_KEY) if request.user.is_authenticated else None
        if chosen is None:
            return self.get_response(request)
        on = date.fromisoformat(chosen)
        if _name_of(request) in ALLOWED:
            return self.get_response(request)
        if request.method not in _SAFE:
            text = _("%(on)sとして見ています。書き込むには、今日に戻してください。")
            messages.error(request, text % {"on": both(on)})
            return redirect("home")
        request.as_of = on  # type: ignore[attr-defined]
        with transaction.atomic():
            response = self.get_response(request)
            # Whatever a page writes while it is read goes back with it.
            transaction.set_rollback(True)
        request.audit_reads = []  # type: ignore[attr-defined]
        return response


def _name_of(request: HttpRequest) -> str:
    try:
        return resolve(request.path).url_name or ""
    except Resolver404:
        return ""
