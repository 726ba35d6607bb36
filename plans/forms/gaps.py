"""The gap of a 定型文 (＿＿) that nobody has filled in: told before it goes into a record or a paper."""

from __future__ import annotations

import re

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

GAP = re.compile(r"[＿_]{2,}")


def no_gap(text: str) -> None:
    """Raises ValidationError where a gap is left, with the words around it."""
    found = GAP.search(text)
    if found is None:
        return
    around = text[max(0, found.start() - 6) : found.end() + 6].replace("\n", " ")
    message = _(
        "「%(around)s」に、うめていないところ（＿＿）があります。言葉を入れるか、消してください。"
    )
    raise ValidationError(message % {"around": around}, code="gap")
