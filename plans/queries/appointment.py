"""会う約束と辞退: what was agreed with the person, or refused by them, read from the contacts.

Which day holds is `plans.rules.appointment`, which refusal `plans.rules.refusal`; both stand on the
enrolment, so that home, lists, mail, calendar and pages ask columns. An attempt agrees nothing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet

from plans.models import AppointmentChange, Interview
from plans.rules.appointment import Said, agreed_day
from plans.rules.interview import MEETING_WAYS
from plans.rules.kinds import ContactOutcome
from plans.rules.refusal import last_refused_on
from teikyaku.prepared import prepared


def appointment_q(first: date, last: date | None = None) -> Q:
    """The enrolments with an appointment on that day, or from `first` up to `last`."""
    return Q(appointment_on=first) if last is None else Q(appointment_on__range=(first, last))


@dataclass(frozen=True, slots=True)
class LastWords:
    """What stands by what was said, as the enrolment keeps it."""

    appointment_on: date | None
    """The agreed day that holds, ahead or past; None where it is kept or called off."""
    refused_on: date | None
    """The refusal after which the person was not spoken with."""


@dataclass(frozen=True, slots=True)
class _Contact:
    held_on: date
    outcome: str


def last_words(enrolments: Iterable[int]) -> Mapping[int, LastWords]:
    """Enrolment → the agreed day and the refusal that hold (two queries)."""
    keys = list(enrolments)
    said: dict[int, list[Said]] = defaultdict(list)
    met: dict[int, list[date]] = defaultdict(list)
    spoken: dict[int, list[_Contact]] = defaultdict(list)
    for pk, enrolment, held_on, agreed_at, next_on, outcome, way in _talks.rows(enrolments=keys):
        spoken[enrolment].append(_Contact(held_on, outcome))
        if next_on and agreed_at and outcome != ContactOutcome.ATTEMPT:
            said[enrolment].append(Said(held_on, agreed_at, True, pk, next_on))
        if outcome == ContactOutcome.MET and way in MEETING_WAYS:
            met[enrolment].append(held_on)
    for pk, enrolment, changed_on, recorded_at, next_on in _changes.rows(enrolments=keys):
        said[enrolment].append(Said(changed_on, recorded_at, False, pk, next_on))
    return {
        key: LastWords(agreed_day(said[key], met[key]), last_refused_on(spoken[key]))
        for key in keys
    }


@prepared("enrolments")
def _talks(enrolments: list[int]) -> QuerySet[Any, Any]:
    says = Q(next_on__isnull=False, agreed_at__isnull=False) & ~Q(outcome=ContactOutcome.ATTEMPT)
    theirs = Q(outcome__in=[ContactOutcome.MET, ContactOutcome.REFUSED])
    talks = Interview.objects.standing().filter(says | theirs, enrolment__in=enrolments)
    columns = ("pk", "enrolment", "held_on", "agreed_at", "next_on", "outcome", "way")
    return talks.order_by("held_on", "pk").values_list(*columns)


@prepared("enrolments")
def _changes(enrolments: list[int]) -> QuerySet[Any, Any]:
    changes = AppointmentChange.objects.filter(enrolment__in=enrolments).order_by()
    return changes.values_list("pk", "enrolment", "changed_on", "recorded_at", "next_on")


def said_last(contacts: Sequence[Interview]) -> Interview | None:
    """Of contacts, the newest talk that says a day; a corrected record keeps its place in its day."""
    talks = [row for row in contacts if row.next_on and row.outcome != ContactOutcome.ATTEMPT]
    return max(
        talks,
        default=None,
        key=lambda row: (row.held_on, row.agreed_at or row.recorded_at, row.pk),
    )
