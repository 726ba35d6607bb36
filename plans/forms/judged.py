"""What an action would refuse, told by its form: all of it in one round, each at its field."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from django import forms

from teikyaku.constraints import add_errors

# Takes what was cleaned so far and raises ValidationError for what the action would refuse.
Check = Callable[[dict[str, Any]], None]


def day_check(name: str, refuse: Callable[[date], None]) -> Check:
    """The check of one day: asked once it can be read."""

    def check(data: dict[str, Any]) -> None:
        if data.get(name):
            refuse(data[name])

    return check


class Judged(forms.Form):
    """Asks each of `checks` of as much as was typed well; a check leaves alone what it lacks."""

    def __init__(self, *args: Any, checks: Sequence[Check] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.checks = checks

    def clean(self) -> dict[str, Any]:
        """With what the rules refuse, beside what cannot be read."""
        data = super().clean() or {}
        for check in self.checks:
            try:
                check(data)
            except forms.ValidationError as error:
                add_errors(self, error)
        return data
