"""Marks that nobody types leave the text of a request before any form reads it.

They come with what is pasted: Word's hyphens, the line breaks of slides and sheets, the rest of a
broken copy. Told at a field they would be an error that nobody can see, stored they end in papers
and files. PostgreSQL does not even take the NUL.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict

# Line breaks of other programs, Word's hyphen that does not break.
_MEANT = {"\x0b": "\n", "\x0c": "\n", "\x85": "\n", "\x1e": "-"}
_MARKS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")


def readable(text: str) -> str:
    """The text with line breaks and hyphens in place of marks that mean them, and no others."""
    return _MARKS.sub(lambda mark: _MEANT.get(mark[0], ""), text)


class ReadableTextMiddleware:
    """Behind the check of the form's origin: a body that cannot be read is answered there."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Nothing of its own."""
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_view: Any) -> None:
        """Names and values of address and form; files stay as they are."""
        request.GET = _cleaned(request.GET)  # type: ignore[assignment]
        if request.method == "POST":
            request.POST = _cleaned(request.POST)  # type: ignore[assignment]


def _cleaned(sent: QueryDict) -> QueryDict:
    """The same object where there is nothing to take out, as nearly always."""
    if not any(_MARKS.search(each) for key, values in sent.lists() for each in (key, *values)):
        return sent
    clean = QueryDict(mutable=True, encoding=sent.encoding)
    for key, values in sent.lists():
        clean.setlist(readable(key), [readable(value) for value in values])
    clean._mutable = False
    return clean
