"""After the session ended: the way back to the page on which a button was pressed, and what is to be done there.

An address behind a button takes no GET: whoever signs in again is led to the page on which the button
stood, which says that it is to be pressed once more. A mark in a cookie tells it that somebody comes so.
"""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.contrib.auth.views import redirect_to_login
from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponseNotAllowed,
    HttpResponseRedirect,
)
from django.shortcuts import redirect, render, resolve_url
from django.urls import Resolver404, resolve
from django.utils.translation import gettext as _

# As long as a reset password or a second factor may take.
MARK_SECONDS = 60 * 60
SIGNING_IN = "/accounts/"
_SAFE = ("GET", "HEAD", "OPTIONS")


def page_of_button(request: HttpRequest) -> str:
    """The page of this site on which the sent form stood; the address itself where nothing says it.

    Of another page the path alone: what was searched for may be a name, and belongs in no more addresses.
    """
    try:
        page = urlsplit(request.headers.get("Referer", ""))
        resolve(page.path)
    except (ValueError, Resolver404):
        return request.get_full_path()
    is_here = page.netloc == request.get_host() and page.path != request.path
    return page.path if is_here else request.get_full_path()


def to_sign_in(request: HttpRequest) -> HttpResponseRedirect:
    """Lead to the sign-in, and from there to the page that was asked for or on which a button was pressed."""
    url = resolve_url(settings.LOGIN_URL)
    if request.path.startswith(SIGNING_IN) or not _is_shown(request):
        return HttpResponseRedirect(url)
    if request.method in _SAFE:
        return redirect_to_login(request.get_full_path(), url)
    answer = redirect_to_login(page_of_button(request), url)
    answer.set_cookie(
        settings.PRESSED_COOKIE, "1", max_age=MARK_SECONDS, httponly=True, samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )  # fmt: skip
    return answer


class SignInMiddleware(LoginRequiredMiddleware):
    """Sends strangers to the sign-in."""

    def handle_no_permission(self, request: HttpRequest, view_func: Any) -> HttpResponseRedirect:
        """Lead to the sign-in and back."""
        return to_sign_in(request)


class PressAgainMiddleware:
    """Says to whoever comes back that the button is to be pressed again; and 405 in words."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer; who would come to an address behind a button comes home instead, with the same words."""
        if not _is_shown(request):
            return self.get_response(request)
        comes_back = _comes_back(request)
        if comes_back:
            text = _(
                "サインインが切れていたため、まだ何も変わっていません。もう一度押してください。"
            )
            messages.warning(request, text)
        answer = self.get_response(request)
        if answer.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
            answer = (
                redirect(settings.LOGIN_REDIRECT_URL) if comes_back else _in_words(request, answer)
            )
        if comes_back:
            answer.delete_cookie(settings.PRESSED_COOKIE, samesite="Lax")
        return answer


def _comes_back(request: HttpRequest) -> bool:
    return (
        bool(request.COOKIES.get(settings.PRESSED_COOKIE))
        and request.method == "GET"
        and request.user.is_authenticated
        and not request.path.startswith(SIGNING_IN)
    )


def _is_shown(request: HttpRequest) -> bool:
    """Whether a browser shows the answer: what a script fetches leads nobody anywhere."""
    return request.headers.get("Sec-Fetch-Mode", "navigate") == "navigate"


def _in_words(request: HttpRequest, answer: HttpResponse) -> HttpResponse:
    """The page instead of the empty answer, which names the methods that are taken."""
    if not isinstance(answer, HttpResponseNotAllowed):
        return answer
    page = render(request, "405.html", status=answer.status_code)
    page["Allow"] = answer["Allow"]
    return page
