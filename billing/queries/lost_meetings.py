"""Closed months whose only meeting was corrected or taken back after the close.

What was closed stays as it was billed (docs/rules.md §8): the office is told, so that it asks the
municipality for a 過誤申立. Whether a meeting still counts is asked where the binder asks it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import Q, QuerySet

from billing.models import PersonMonth
from billing.rules.binder import lack_of_meeting
from plans.models import Interview
from plans.queries.month import months_in_span
from plans.rules.interview import MEETING_WAYS
from plans.rules.kinds import ContactOutcome
from teikyaku.accounts.models import Office
from teikyaku.periods import Month
from teikyaku.prepared import prepared
from teikyaku.reasons import Reason

_Key = tuple[int, Month]  # of an enrolment, and its month


@dataclass(frozen=True, slots=True)
class LostMeeting:
    """One closed month of a person that holds no counting meeting any more."""

    person_month: UUID
    client: UUID
    month: Month
    name: str
    kana: str
    units: int
    """As billed."""
    reason: Reason


def lost_meetings(
    office: Office, on: date, *, month: Month | None = None, only: PersonMonth | None = None
) -> tuple[LostMeeting, ...]:
    """The office's closed months without a meeting as known on `on`, by month, then by kana.

    Of one `month`, or of one row (`only`), or of all. One query; two more where a contact was
    touched, and those of plans.queries.month where that was after the close.
    """
    rows = _touched(office.pk, month, only)
    if not rows:
        return ()
    met = _met(rows)
    people = {enrolment for enrolment, _month in rows}
    months = [each for _enrolment, each in rows]
    first, last = min(months), max(months)
    skip = {(key, each) for key in people for each in Month.span(first, last)} - set(rows)
    lost = []
    for each in months_in_span([office], first, last, on, skip=skip, only=people):
        key = (each.enrolment_id, each.month)
        reason = lack_of_meeting(each.facts, was_met=key in met)
        if reason is not None:
            row = rows[key]
            who = (row.public_id, each.client_public_id, each.month, each.name, each.kana)
            lost.append(LostMeeting(*who, row.units, reason))
    return tuple(sorted(lost, key=lambda row: (row.month, row.kana, row.name)))


def by_month(lost: tuple[LostMeeting, ...]) -> tuple[tuple[Month, int], ...]:
    """How many people of each month, newest month first."""
    counts = Counter(row.month for row in lost)
    return tuple(sorted(counts.items(), reverse=True))


class _Closed(NamedTuple):
    """A closed month that stands."""

    pk: int
    public_id: UUID
    enrolment: int
    day: date
    units: int
    closed_at: datetime


def _touched(office: int, month: Month | None, only: PersonMonth | None) -> dict[_Key, _Closed]:
    """Closed months with a contact that was corrected or taken back after their close."""
    # What was touched at all is asked first: it is little, and a month is compared without the database.
    asked = Month.of(only.month) if only is not None else month
    touched: dict[_Key, datetime] = {}
    for enrolment, held_on, *instants in _contacts.rows(office=office, month=asked):
        key = (enrolment, Month.of(held_on))
        touched[key] = max(each for each in (touched.get(key), *instants) if each is not None)
    if not touched:
        return {}
    enrolments = {enrolment for enrolment, _month in touched}
    found = (_Closed(*row) for row in _closed.rows(office=office, enrolments=enrolments))
    rows = {(row.enrolment, Month.of(row.day)): row for row in found}
    return {
        key: row
        for key, row in rows.items()
        if key in touched and row.closed_at < touched[key] and (only is None or row.pk == only.pk)
    }


def _met(rows: Iterable[_Key]) -> set[_Key]:
    """In which of these months somebody was met, as the contacts stand."""
    held = _meetings.rows(enrolments={enrolment for enrolment, _month in rows})
    return {(enrolment, Month.of(held_on)) for enrolment, held_on in held}


@prepared("office")
def _contacts(office: int, month: Month | None) -> QuerySet[Any, Any]:
    """(enrolment, day, taken back, corrected) of the contacts that were touched, of a month or of all."""
    touched = Interview.objects.filter(
        Q(withdrawn_at__isnull=False) | Q(replaced_by__isnull=False), enrolment__office=office
    )
    if month is not None:
        touched = touched.filter(held_on__range=(month.first_day, month.last_day))
    columns = ("enrolment", "held_on", "withdrawn_at", "replaced_by__recorded_at")
    return touched.order_by().values_list(*columns)


@prepared("office", "enrolments")
def _closed(office: int, enrolments: list[int]) -> QuerySet[Any, Any]:
    rows = PersonMonth.objects.standing().filter(closing__office=office, enrolment__in=enrolments)
    columns = ("pk", "public_id", "enrolment", "month", "units", "closing__closed_at")
    return rows.order_by().values_list(*columns)


@prepared("enrolments")
def _meetings(enrolments: list[int]) -> QuerySet[Any, Any]:
    met = Interview.objects.standing().filter(
        outcome=ContactOutcome.MET, way__in=list(MEETING_WAYS), enrolment__in=enrolments
    )
    return met.order_by().values_list("enrolment", "held_on")
