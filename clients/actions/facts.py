"""Dated facts: a new one takes over from the one that runs, a wrong one is corrected with a reason."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils.translation import gettext as _

from clients.models import Client, Enrolment
from teikyaku.accounts.actions.record import save_record
from teikyaku.accounts.models import Membership
from teikyaku.clock import date_of
from teikyaku.era import both
from teikyaku.periods import Month, day_before, months_later

# What is known ahead lies near: a day further off is a slip of the year.
MONTHS_AHEAD = 12


def person_of(row: models.Model) -> Client:
    """The person whom a fact belongs to, through whatever it hangs on."""
    if isinstance(row, Client):
        return row
    for link in ("client", "enrolment", "employment", "decision", "application"):
        if hasattr(row, f"{link}_id"):
            return person_of(getattr(row, link))
    raise TypeError(f"{type(row).__name__} belongs to no person")


def refuse_after_use(enrolment: Enrolment, **days: date | None) -> None:
    """Raises ValidationError at the field of a first day that lies after the end of the use."""
    ends_on = enrolment.ends_on
    if ends_on is None:
        return
    text = _("利用の終わり（%(day)s）までのことだけを記録できます。") % {"day": both(ends_on)}
    found = {field: text for field, day in days.items() if day is not None and day > ends_on}
    if found:
        raise ValidationError(found)


def refuse_future(*, at: datetime, **days: Any) -> None:
    """Refuse facts dated after the Tokyo day of `at`.

    Raises ValidationError with the message at each field that lies ahead.
    """
    on = date_of(at)
    late = {name: _("まだ来ていない日付です。") for name, day in days.items() if day and day > on}
    if late:
        raise ValidationError(late)


def refuse_after_death(client: Client, **days: date | None) -> None:
    """Refuse what would go out, or be agreed, on the day of the death or later (docs/rules.md §9 G).

    The person is asked for anew: a page may have been open since before. Raises ValidationError with
    the message at each field.
    """
    died_on = Client.objects.filter(pk=client.pk).values_list("died_on", flat=True).first()
    if died_on is None:
        return
    text = _("%(on)sに亡くなった方です。この日からは、同意も交付も記録できません。")
    told = text % {"on": both(died_on)}
    late = {name: told for name, day in days.items() if day is not None and day >= died_on}
    if late:
        raise ValidationError(late)


def refuse_far_ahead(*, at: datetime, **days: Any) -> None:
    """Refuse facts dated more than a year after the Tokyo day of `at`.

    Raises ValidationError with the message at each field that lies further ahead.
    """
    last = months_later(date_of(at), MONTHS_AHEAD)
    text = _("1年より先の日付です。年を確かめてください。")
    late = {name: text for name, day in days.items() if day and day > last}
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
    Raises ValidationError also for a start more than a year ahead.
    """
    begins = getattr(row, starts)
    refuse_far_ahead(at=at, **{starts: begins})
    running = siblings.filter(**{f"{starts}__lt": begins, f"{ends}__isnull": True}).first()
    if running is not None:
        setattr(running, ends, _last_before(begins, starts))
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


@transaction.atomic
def correct_succeeded(
    row: models.Model, *, siblings: models.QuerySet[Any], changes: dict[str, Any], reason: str,
    by: Membership, at: datetime, starts: str = "starts_on", ends: str = "ends_on",
) -> models.Model:  # fmt: skip
    """As `correct_fact`, of a fact that took over from the one before it (`succeed_fact`).

    Where its start was wrong, so was the end of the one before: both are put right. Raises
    ValidationError also for a start more than a year ahead, or not after that of the one before.
    """
    began, begins = getattr(row, starts), changes.get(starts, getattr(row, starts))
    before = None
    if begins != began:
        refuse_far_ahead(at=at, **{starts: begins})
        before = siblings.filter(**{ends: _last_before(began, starts)}).exclude(pk=row.pk).first()
    if before is None:
        return correct_fact(row, changes=changes, reason=reason, by=by, at=at)
    if begins <= getattr(before, starts):
        text = _("前の記録の始まりより後にしてください。")
        raise ValidationError({starts: text})

    def end_before() -> None:
        end = {ends: _last_before(begins, starts)}
        correct_fact(before, changes=end, reason=reason, by=by, at=at)

    # Never two at once: the one that shrinks is written first.
    if begins < began:
        end_before()
    correct_fact(row, changes=changes, reason=reason, by=by, at=at)
    if begins > began:
        end_before()
    return row


def _last_before(begins: date, starts: str) -> date:
    """The last day before `begins`; of facts that count in months, their month before."""
    if starts == "first_month":
        return (Month.of(begins) - 1).first_day
    return day_before(begins)


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
