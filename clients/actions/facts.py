"""Dated facts: a new one takes over from the one that runs, a wrong one is corrected with a reason."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils.translation import gettext as _

from clients.models import Client
from teikyaku.accounts.actions.record import save_record
from teikyaku.accounts.models import Membership
from teikyaku.clock import date_of
from teikyaku.periods import Month, day_before


def person_of(row: models.Model) -> Client:
    """The person whom a fact belongs to, through whatever it hangs on."""
    if isinstance(row, Client):
        return row
    for link in ("client", "enrolment", "employment", "decision", "application"):
        if hasattr(row, f"{link}_id"):
            return person_of(getattr(row, link))
    raise TypeError(f"{type(row).__name__} belongs to no person")


def refuse_future(*, at: datetime, **days: Any) -> None:
    """Refuse facts dated after the Tokyo day of `at`.

    Raises ValidationError with the message at each field that lies ahead.
    """
    on = date_of(at)
    late = {name: _("まだ来ていない日付です。") for name, day in days.items() if day and day > on}
    if late:
        raise ValidationError(late)


@transaction.atomic
def add_fact(row: models.Model, *, verb: str, by: Membership, at: datetime) -> models.Model:
    """Store a new fact about a person as it is, with its audit line.

    Raises ValidationError when a constraint or a field says no.
    """
    person = person_of(row)
    return save_record(row, verb=verb, by=by, at=at, person_id=person.public_id)


@transaction.atomic
def succeed_fact(
    row: models.Model,
    *,
    siblings: models.QuerySet[Any],
    verb: str,
    by: Membership,
    at: datetime,
    starts: str = "starts_on",
    ends: str = "ends_on",
) -> models.Model:
    """Store `row`; the open sibling that began earlier ends the day (or month) before it.

    A sibling that begins on or after the new start is an overlap, which the constraint refuses.
    """
    begins = getattr(row, starts)
    running = siblings.filter(**{f"{starts}__lt": begins, f"{ends}__isnull": True}).first()
    if running is not None:
        is_month = starts == "first_month"
        last = (Month.of(begins) - 1).first_day if is_month else day_before(begins)
        setattr(running, ends, last)
        _store(running, verb=f"{verb}_ended", by=by, at=at, fields=(ends,))
    return add_fact(row, verb=verb, by=by, at=at)


@transaction.atomic
def correct_fact(
    row: models.Model, *, changes: dict[str, Any], reason: str, by: Membership, at: datetime
) -> models.Model:
    """Change fields of a fact that was written wrongly; the history keeps the old values.

    Raises ValidationError without a reason, or when a constraint says no.
    """
    if not reason.strip():
        raise ValidationError({"reason": _("訂正の理由を入れてください。")})
    changed = tuple(name for name, value in changes.items() if getattr(row, name) != value)
    for name in changed:
        setattr(row, name, changes[name])
    return _store(row, verb="corrected", by=by, at=at, fields=changed, reason=reason)


def _store(
    row: models.Model,
    *,
    verb: str,
    by: Membership,
    at: datetime,
    fields: tuple[str, ...],
    reason: str = "",
) -> models.Model:
    person = person_of(row)
    return save_record(
        row, verb=verb, by=by, at=at, person_id=person.public_id, fields=fields, reason=reason
    )
