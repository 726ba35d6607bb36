"""What somebody had typed into a form that could not be taken: shown again, so that it can be copied."""

from __future__ import annotations

import re
import uuid

from django.http import HttpRequest

# Of every form: marks of the page, not anybody's writing.
_OWN = {"csrfmiddlewaretoken", "next", "back", "draft", "version", "seen"}
_SECRET = ("password", "code", "otp")
# The choices of lists and ticks travel as short codes; a person would not know them again.
_CODE = re.compile(r"[a-z0-9_]*[a-z_][a-z0-9_]*|[0-9]")


def typed_in(request: HttpRequest) -> list[str]:
    """The texts of the request in the order of the form, each once; secrets, marks and choices left out."""
    found: dict[str, None] = {}
    for name, values in request.POST.lists():
        if name in _OWN or any(word in name for word in _SECRET):
            continue
        for value in values:
            text = str(value).strip()
            if text and not _is_choice(text):
                found[text] = None
    return list(found)


def _is_choice(text: str) -> bool:
    if _CODE.fullmatch(text):
        return True
    try:
        uuid.UUID(text)
    except ValueError:
        return False
    return True
