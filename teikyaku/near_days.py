"""Days close to today: read without their year, and offered beside their field."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext_lazy as _

from teikyaku.fields import AHEAD, DateField

WORDS = {0: _("今日"), -1: _("きのう"), 7: _("1週後"), 14: _("2週後")}
LATELY, SOON = (0, -1), (7, 14)


def near_days(form: Any, on: date) -> None:
    """Tell the date fields of `form` that today is `on`, before anything is read or drawn.

    A field that says nothing of where its days lie keeps asking for the year.
    """
    for name, field in getattr(form, "fields", {}).items():
        if not isinstance(field, DateField):
            continue
        if field.around is not None:
            field.near = on + timedelta(days=field.around)
        if field.near is not None:
            field.offered = [  # type: ignore[attr-defined]
                (WORDS[days], on + timedelta(days=days)) for days in _offers(name, field)
            ]


def _offers(name: str, field: DateField) -> tuple[int, ...]:
    """What the field says; else of the next time the coming weeks, and of what happened today."""
    if field.offers is not None:
        return field.offers
    if name.startswith("next_"):
        return SOON
    return () if field.around == AHEAD else LATELY
