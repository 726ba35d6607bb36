"""移行の取込: what each part of a line is handed, and how it tells what is refused."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError

from clients.models import Client, Enrolment
from plans.move_in_row import PersonRow
from teikyaku.accounts.models import Membership
from teikyaku.clock import date_of
from teikyaku.constraints import violations_as_validation_errors


@dataclass(slots=True)
class Told:
    """What a line does, in words: what is added, what is on file otherwise and stays, what to look at."""

    added: list[str] = field(default_factory=list)
    differs: list[str] = field(default_factory=list)
    warns: list[str] = field(default_factory=list)
    asks: list[str] = field(default_factory=list)
    """Fields of the line that `warns` ask to put right."""
    left: dict[str, str] = field(default_factory=dict)
    """By field of the line what does not come in, and what to do about it."""
    stored: set[str] = field(default_factory=set)
    """Fields of the line that stand on file now as they are told, whatever else it told."""


@dataclass(frozen=True, slots=True)
class Desk:
    """What each part is handed."""

    row: PersonRow
    client: Client
    enrolment: Enrolment
    is_new: bool
    by: Membership
    at: datetime
    told: Told
    is_opened: bool = False
    """The line has opened the work with the person: its end is the line's too."""

    @property
    def on(self) -> date:
        """The day of the import."""
        return date_of(self.at)

    @property
    def who(self) -> dict[str, Any]:
        """For the actions."""
        return {"by": self.by, "at": self.at}


@contextmanager
def at_fields(*models: Any, rest: str = "", **places: str) -> Iterator[None]:
    """Tell what is refused inside at the fields of the line; what names no field at `rest`."""
    try:
        with violations_as_validation_errors(*models):
            yield
    except ValidationError as error:
        if not hasattr(error, "error_dict"):
            if not rest:
                raise
            raise ValidationError({rest: error.messages}) from error
        found: dict[str, list[ValidationError]] = {}
        for name, errors in error.error_dict.items():
            place = places.get(name, name)
            found.setdefault(rest if place == NON_FIELD_ERRORS and rest else place, []).extend(
                errors
            )
        raise ValidationError(found) from error
