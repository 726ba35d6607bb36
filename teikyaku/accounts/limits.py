"""So many files and searches a minute of one person; and the page that says when to come again."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from teikyaku.accounts.rate import wait_seconds

# The longest of the windows in which sign-ins and resets are counted by address (allauth).
A_MINUTE = 60
SEARCH = "q"


def too_many(request: HttpRequest, seconds: int = A_MINUTE) -> HttpResponse:
    """429: how long to wait, in words and in the header."""
    response = render(request, "429.html", {"seconds": seconds}, status=429)
    response["Retry-After"] = str(seconds)
    response["Cache-Control"] = "no-store"
    return response


class LimitMiddleware:
    """Counts what a signed-in person takes away: files, and searches of lists.

    Whatever hands out a file is counted, also a page that is written tomorrow: a file shows by its
    answer. Once there were too many, an address that has handed one out is not even worked on.
    """

    gives_files: set[str] = set()
    """Names of addresses that have answered with a file in this process."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, or say when to come again."""
        if not request.user.is_authenticated:
            return self.get_response(request)
        if request.GET.get(SEARCH) and (
            wait := _wait(request, "search", settings.SEARCHES_A_MINUTE)
        ):
            return too_many(request, wait)
        response = self.get_response(request)
        if getattr(request, "is_counted_file", False) or not _is_file(response):
            return response
        if request.resolver_match is not None:
            self.gives_files.add(request.resolver_match.view_name)
        wait = _wait(request, "files", settings.FILES_A_MINUTE)
        # What a POST has stored is done: its answer is handed out, and counts.
        return too_many(request, wait) if wait and request.method == "GET" else response

    def process_view(
        self, request: HttpRequest, view: Any, args: Any, kwargs: Any
    ) -> HttpResponse | None:
        """Refuse before the work where the address is known to hand out files."""
        match = request.resolver_match
        is_known = match is not None and match.view_name in self.gives_files
        if request.method != "GET" or not is_known or not request.user.is_authenticated:
            return None
        request.is_counted_file = True  # type: ignore[attr-defined]
        wait = _wait(request, "files", settings.FILES_A_MINUTE)
        return too_many(request, wait) if wait else None


def _wait(request: HttpRequest, what: str, most: int) -> int:
    return wait_seconds(request, what, str(request.user.pk), most)


def _is_file(response: HttpResponse) -> bool:
    """A workbook, a PDF, a claim file: not the pictures that a page shows."""
    kind = str(response.get("Content-Type", ""))
    return "Content-Disposition" in response and not kind.startswith("image/")
