"""会う約束: the one answer to "when does one meet next?", for home, lists, mail, calendar and pages.

The day of the newest talk that says one; a later talk, or a change of its own, takes its place. An
attempt agrees nothing. Once they met on the day, or after it, the appointment is kept and gone.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django.db.models import (
    Case,
    DateField,
    Exists,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce
from django.db.models.lookups import Exact, LessThanOrEqual

from clients.models import Enrolment
from plans.models import AppointmentChange, Interview
from plans.rules.interview import MEETING_WAYS
from plans.rules.kinds import ContactOutcome

# What may say a day: a talk, or a change without one.
Said = Interview | AppointmentChange


def next_appointment(on: date) -> Coalesce:
    """For a query on enrolments: the next day agreed with the person, not before `on`."""
    return Coalesce(
        Subquery(_latest(_talks(on), on), output_field=DateField()),
        Subquery(_latest(_changes(on), on), output_field=DateField()),
    )


def appointment_on_q(on: date) -> Q:
    """The enrolments with an appointment on `on` itself."""
    return Q(Exact(next_appointment(on), Value(on, DateField())))


def appointment_by_q(on: date, until: date) -> Q:
    """The enrolments with an appointment from `on` up to `until`."""
    return Q(LessThanOrEqual(next_appointment(on), Value(until, DateField())))


def next_appointment_of(enrolment: Enrolment, on: date) -> date | None:
    """The next agreed day of one person (at most four queries)."""
    return next_appointments([enrolment.pk], on).get(enrolment.pk)


def next_appointments(enrolments: Iterable[int], on: date) -> dict[int, date]:
    """Enrolment → its next agreed day, of those that have one (at most four queries).

    For rows at hand: their few talks are read sooner than `next_appointment` is put into a query.
    """
    keys = list(enrolments)
    talks = _saying(on).filter(enrolment__in=keys)
    changes = AppointmentChange.objects.filter(enrolment__in=keys, changed_on__lte=on)
    ahead: list[Said] = [*talks.filter(next_on__gte=on), *changes.filter(next_on__gte=on)]
    if not ahead:
        return {}
    # Whatever was said since then, too: it may have taken the place of that day.
    open_ones, since = {row.enrolment_id for row in ahead}, min(map(_told_on, ahead))
    later = Q(enrolment__in=open_ones)
    met = Interview.objects.standing().filter(later, outcome=ContactOutcome.MET, held_on=on)
    said: list[Said] = [
        *talks.filter(later, held_on__gte=since),
        *met.filter(next_on=None),
        *changes.filter(later, changed_on__gte=since),
    ]
    found = {
        key: next_said([row for row in said if row.enrolment_id == key], on) for key in open_ones
    }
    return {key: day for key, day in found.items() if day is not None}


def _told_on(row: Said) -> date:
    return row.held_on if isinstance(row, Interview) else row.changed_on


def agreed_next(enrolment: Enrolment, contacts: Iterable[Interview], on: date) -> date | None:
    """The same of one person from the contacts at hand, those that hold (one query)."""
    changes = AppointmentChange.objects.filter(enrolment=enrolment, changed_on__lte=on)
    return next_said([*(row for row in contacts if row.held_on <= on), *changes], on)


def next_said(rows: Iterable[Said], on: date) -> date | None:
    """The next agreed day by what was said, and met, up to `on`."""
    said, is_met_on = [], False
    for row in rows:
        if isinstance(row, AppointmentChange):
            said.append(((row.changed_on, row.recorded_at, 0, row.pk), row.next_on))
            continue
        if row.next_on and row.agreed_at and row.outcome != ContactOutcome.ATTEMPT:
            said.append(((row.held_on, row.agreed_at, 1, row.pk), row.next_on))
        is_meeting = row.outcome == ContactOutcome.MET and row.way in MEETING_WAYS
        is_met_on = is_met_on or (is_meeting and row.held_on == on)
    day = max(said)[1] if said else None
    if day is None or day < on or (day == on and is_met_on):
        return None
    return day


def agreed_last(contacts: Sequence[Interview]) -> tuple[Interview, date | None] | None:
    """Of contacts, oldest first: the newest talk that says a day, and what became of that day.

    None where no talk says one; the day is None where it was called off (at most one query).
    """
    talks = [row for row in contacts if row.next_on and row.outcome != ContactOutcome.ATTEMPT]
    if not talks:
        return None
    # A corrected record keeps its place among those of its day.
    talk = max(talks, key=lambda row: (row.held_on, row.agreed_at or row.recorded_at, row.pk))
    later = AppointmentChange.objects.filter(
        Q(changed_on__gt=talk.held_on) | Q(changed_on=talk.held_on, recorded_at__gt=talk.agreed_at),
        enrolment=talk.enrolment_id,
    ).first()
    return talk, later.next_on if later else talk.next_on


def _talks(on: date) -> QuerySet[Interview]:
    """Talks that say a day, unless the day was changed after them."""
    later = AppointmentChange.objects.filter(
        Q(changed_on__gt=OuterRef("held_on"))
        | Q(changed_on=OuterRef("held_on"), recorded_at__gt=OuterRef("agreed_at")),
        enrolment=OuterRef("enrolment"), changed_on__lte=on,
    )  # fmt: skip
    said = _saying(on).filter(~Exists(later), enrolment=OuterRef("pk"))
    return said.order_by("-held_on", "-agreed_at", "-pk")


def _changes(on: date) -> QuerySet[AppointmentChange]:
    """Changes, unless a later talk said another day: kept or past, that day ends the older one too."""
    later = _saying(on).filter(
        Q(held_on__gt=OuterRef("changed_on"))
        | Q(held_on=OuterRef("changed_on"), agreed_at__gte=OuterRef("recorded_at")),
        enrolment=OuterRef("enrolment"),
    )
    changes = AppointmentChange.objects.filter(
        ~Exists(later), enrolment=OuterRef("pk"), changed_on__lte=on
    )
    return changes.order_by("-changed_on", "-pk")


def _saying(on: date) -> QuerySet[Interview]:
    """Talks that say a day."""
    talks = Interview.objects.standing().filter(held_on__lte=on, next_on__isnull=False)
    return talks.exclude(outcome=ContactOutcome.ATTEMPT)


def _latest(said: QuerySet[Interview] | QuerySet[AppointmentChange], on: date) -> QuerySet[Any]:
    """The day that the latest says: none where it is past, or where they met on it or since."""
    met = Interview.objects.standing().filter(
        enrolment=OuterRef("enrolment"), outcome=ContactOutcome.MET,
        way__in=[way.value for way in MEETING_WAYS], held_on__gte=OuterRef("next_on"),
        held_on__lte=on,
    )  # fmt: skip
    is_open = Q(next_on__gte=on) & ~Q(Exists(met))
    return said.annotate(day=Case(When(is_open, then=F("next_on")))).values("day")[:1]
