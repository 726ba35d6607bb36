"""What the product says when it fails: of a lost database or a full disk that it passes, and what was typed."""

from __future__ import annotations

import errno
import sys
from collections.abc import Iterator

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.http.request import RawPostDataException
from django.shortcuts import render
from django.template.loader import get_template

from teikyaku.accounts.sign_in_again import page_of_button

# The database is away, has no room or does not let go: it passes, and the request may come again.
PASSES = (OperationalError, InterfaceError)
# So it is with a disk: full, over its quota, or a file over its limit.
NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
RETRY_SECONDS = 30
# Never shown or sent along again: what proves who somebody is.
SECRET = ("password", "csrfmiddlewaretoken")
# From here on a text is shown in a field of its own, so that it can be copied.
LONG_LETTERS = 40


def server_fault(request: HttpRequest) -> HttpResponse:
    """500, or 503 where the fault passes; with what was typed, to be sent again or copied.

    Asks no database and no session: they may be what failed. Sign-in forms are not shown again.
    """
    passes = _passes(sys.exc_info()[1])
    typed = list(_typed(request))
    content = get_template("500.html").render(
        {
            "passes": passes,
            "typed": [pair for pair in typed if pair[0] not in SECRET],
            "token": dict(typed).get("csrfmiddlewaretoken", "") if passes else "",
            "action": request.get_full_path(),
            "long_letters": LONG_LETTERS,
            "lost_files": bool(_files(request)),
        }
    )
    answer = HttpResponse(content, status=503 if passes else 500)
    answer["Cache-Control"] = "no-store"
    if passes:
        answer["Retry-After"] = str(RETRY_SECONDS)
    return answer


def sent_too_late(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403 where the form's token is of another sign-in; leads to the page on which the button stood."""
    return render(request, "403_csrf.html", {"page": page_of_button(request)}, status=403)


def _passes(fault: BaseException | None) -> bool:
    return isinstance(fault, PASSES) or (isinstance(fault, OSError) and fault.errno in NO_ROOM)


def _typed(request: HttpRequest) -> Iterator[tuple[str, str]]:
    if request.method != "POST" or request.path.startswith("/accounts/"):
        return
    try:
        sent = request.POST
    except (OSError, RawPostDataException):
        return  # the connection broke in the middle of it
    for name, values in sent.lists():
        for value in values:
            yield name, value


def _files(request: HttpRequest) -> bool:
    return request.method == "POST" and "multipart/form-data" in (request.content_type or "")
