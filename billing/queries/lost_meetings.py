"""Closed months that lost their only meeting after the close: corrected, taken back, or no worker's any more.

What was closed stays as it was billed (docs/rules.md §8): the office is told, so that it asks the
municipality for a 過誤申立. Whether a meeting still counts is asked where the binder asks it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol
from uuid import UUID

from django.db.models import QuerySet

from billing.models import PersonMonth
from billing.queries.after_close import ClosedMonth, Key, closed_before, touched_meetings
from billing.rules.binder import lack_of_meeting
from plans.models import Interview
from plans.queries.month import months_in_span
from plans.rules.interview import MEETING_WAYS
from plans.rules.kinds import ContactOutcome
from teikyaku.accounts.models import Office
from teikyaku.periods import Month
from teikyaku.prepared import prepared
from teikyaku.reasons import Reason


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

    Of one `month`, or of one row (`only`), or of all. Two queries; two or three more where a meeting
    was touched, and those of plans.queries.month where that was after the close.
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


class OfMonth(Protocol):
    """Something about one person's month."""

    @property
    def month(self) -> Month:
        """Of which month."""


def by_month(lost: Iterable[OfMonth]) -> tuple[tuple[Month, int], ...]:
    """How many people of each month, newest month first."""
    counts = Counter(row.month for row in lost)
    return tuple(sorted(counts.items(), reverse=True))


def _touched(
    office: int, month: Month | None, only: PersonMonth | None
) -> Mapping[Key, ClosedMonth]:
    """Closed months with a meeting that was touched after their close."""
    # What was touched at all is asked first: it is little, and a month is compared without the database.
    asked = Month.of(only.month) if only is not None else month
    rows = closed_before(office, touched_meetings(office, asked))
    return {key: row for key, row in rows.items() if only is None or row.pk == only.pk}


def _met(rows: Iterable[Key]) -> set[Key]:
    """In which of these months somebody was met, as the contacts stand."""
    held = _meetings.rows(enrolments={enrolment for enrolment, _month in rows})
    return {(enrolment, Month.of(held_on)) for enrolment, held_on in held}


@prepared("enrolments")
def _meetings(enrolments: list[int]) -> QuerySet[Any, Any]:
    met = Interview.objects.standing().filter(
        outcome=ContactOutcome.MET, way__in=list(MEETING_WAYS), enrolment__in=enrolments
    )
    return met.order_by().values_list("enrolment", "held_on")
