"""Closed months whose only meeting was corrected or taken back after the close.

What was closed stays as it was billed (docs/rules.md §8): the office is told, so that it asks the
municipality for a 過誤申立. Whether a meeting still counts is asked where the binder asks it.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import TruncMonth

from billing.models import PersonMonth
from billing.rules.binder import lack_of_meeting
from plans.models import Interview
from plans.queries.month import months_in_span
from plans.rules.interview import MEETING_WAYS
from plans.rules.kinds import ContactOutcome
from teikyaku.accounts.models import Office
from teikyaku.periods import Month
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

    Of one `month`, or of one row (`only`), or of all. One query, and those of
    plans.queries.month where a contact of a closed month was touched after the close.
    """
    found = _touched(office)
    if month is not None:
        found = found.filter(month=month.first_day)
    if only is not None:
        found = found.filter(pk=only.pk)
    rows = {(row.enrolment_id, Month.of(row.month)): row for row in found}
    if not rows:
        return ()
    people = {enrolment for enrolment, _month in rows}
    months = [each for _enrolment, each in rows]
    first, last = min(months), max(months)
    skip = {(key, each) for key in people for each in Month.span(first, last)} - set(rows)
    lost = []
    for each in months_in_span([office], first, last, on, skip=skip, only=people):
        row: Any = rows[each.enrolment_id, each.month]  # with what `_touched` annotates
        reason = lack_of_meeting(each.facts, was_met=row.was_met)
        if reason is not None:
            who = (row.public_id, each.client_public_id, each.month, each.name, each.kana)
            lost.append(LostMeeting(*who, row.units, reason))
    return tuple(sorted(lost, key=lambda row: (row.month, row.kana, row.name)))


def by_month(lost: tuple[LostMeeting, ...]) -> tuple[tuple[Month, int], ...]:
    """How many people of each month, newest month first."""
    counts = Counter(row.month for row in lost)
    return tuple(sorted(counts.items(), reverse=True))


def _touched(office: Office) -> QuerySet[PersonMonth, PersonMonth]:
    """Closed months with a contact that was corrected or taken back after their close."""
    of_month = Interview.objects.alias(of=TruncMonth("held_on")).filter(
        enrolment=OuterRef("enrolment"), of=OuterRef("month")
    )
    closed_at = OuterRef("closing__closed_at")
    touched = of_month.filter(
        Q(withdrawn_at__gt=closed_at) | Q(replaced_by__recorded_at__gt=closed_at)
    )
    met = of_month.filter(
        replaced_by=None, withdrawn_at=None, outcome=ContactOutcome.MET, way__in=MEETING_WAYS
    )
    return (
        PersonMonth.objects.standing()
        .filter(Exists(touched), closing__office=office)
        .annotate(was_met=Exists(met))
        .only("public_id", "enrolment", "month", "units")
    )
