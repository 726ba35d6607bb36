"""As of: in the demo, the product is looked at as of another date; nothing is written meanwhile."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any
from urllib.parse import urlsplit

from django.db import transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import Resolver404, resolve
from django.utils.translation import gettext as _

from teikyaku.clock import today
from teikyaku.desk.typed import typed_in
from teikyaku.era import both

SESSION_KEY = "as_of"
# What may be sent all the same: the way back, another role, the way out.
ALLOWED = {"as_of", "switch_membership", "account_logout"}
_SAFE = ("GET", "HEAD", "OPTIONS")
CONFLICT = 409


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
        # What was recorded after a past day is on file all the same, and the page says so.
        request.as_of_is_past = on < today()  # type: ignore[attr-defined]
        request.as_of = on  # type: ignore[attr-defined]
        if request.method not in _SAFE:
            # Answered by process_view, where the form's token was looked at.
            return self.get_response(request)
        with transaction.atomic():
            response = self.get_response(request)
            # Whatever a page writes while it is read goes back with it.
            transaction.set_rollback(True)
        request.audit_reads = []  # type: ignore[attr-defined]
        return response

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: Any, kwargs: Any
    ) -> HttpResponse | None:
        """Nothing is written; what was typed comes back to be copied, with the way to its form."""
        on = getattr(request, "as_of", None)
        if on is None or request.method in _SAFE:
            return None
        text = _("%(on)sとして見ています。書き込むには、今日に戻してください。") % {"on": both(on)}
        if request.headers.get("Sec-Fetch-Mode", "navigate") != "navigate":
            # A draft that saves itself: keep.js says this beside the form, which stays as it is.
            return JsonResponse({"error": text}, status=CONFLICT)
        context = {
            "text": text,
            "typed": typed_in(request),
            "has_files": bool(request.FILES),
            "form_url": _form_url(request),
        }
        return render(request, "desk/as_of_refused.html", context, status=CONFLICT)


def _form_url(request: HttpRequest) -> str:
    """The page on which it was typed: where the device keeps words, it offers them there."""
    try:
        page = urlsplit(request.headers.get("Referer", ""))
    except ValueError:
        return request.get_full_path()
    if page.netloc != request.get_host():
        return request.get_full_path()
    return f"{page.path}?{page.query}" if page.query else page.path


def _name_of(request: HttpRequest) -> str:
    try:
        return resolve(request.path).url_name or ""
    except Resolver404:
        return ""
