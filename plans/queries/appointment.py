"""会う約束: what was agreed with the person, read from the talks and from the changes between them.

Which day holds is `plans.rules.appointment`; it stands on the enrolment (`appointment_on`), so that
home, lists, mail, calendar and pages ask a column. An attempt agrees nothing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from django.db.models import Q

from plans.models import AppointmentChange, Interview
from plans.rules.appointment import Said, agreed_day
from plans.rules.interview import MEETING_WAYS
from plans.rules.kinds import ContactOutcome


def appointment_q(first: date, last: date | None = None) -> Q:
    """The enrolments with an appointment on that day, or from `first` up to `last`."""
    return Q(appointment_on=first) if last is None else Q(appointment_on__range=(first, last))


def agreed_days(enrolments: Iterable[int]) -> Mapping[int, date | None]:
    """Enrolment → the agreed day that holds, ahead or past (two queries)."""
    keys = list(enrolments)
    said: dict[int, list[Said]] = defaultdict(list)
    met: dict[int, list[date]] = defaultdict(list)
    says = Q(next_on__isnull=False, agreed_at__isnull=False) & ~Q(outcome=ContactOutcome.ATTEMPT)
    meets = Q(outcome=ContactOutcome.MET, way__in=[way.value for way in MEETING_WAYS])
    talks = Interview.objects.standing().filter(says | meets, enrolment__in=keys).order_by()
    columns = ("pk", "enrolment", "held_on", "agreed_at", "next_on", "outcome", "way")
    for pk, enrolment, held_on, agreed_at, next_on, outcome, way in talks.values_list(*columns):
        if next_on and agreed_at and outcome != ContactOutcome.ATTEMPT:
            said[enrolment].append(Said(held_on, agreed_at, True, pk, next_on))
        if outcome == ContactOutcome.MET and way in MEETING_WAYS:
            met[enrolment].append(held_on)
    changes = AppointmentChange.objects.filter(enrolment__in=keys).order_by()
    for pk, enrolment, changed_on, recorded_at, next_on in changes.values_list(
        "pk", "enrolment", "changed_on", "recorded_at", "next_on"
    ):
        said[enrolment].append(Said(changed_on, recorded_at, False, pk, next_on))
    return {key: agreed_day(said[key], met[key]) for key in keys}


def said_last(contacts: Sequence[Interview]) -> Interview | None:
    """Of contacts, the newest talk that says a day; a corrected record keeps its place in its day."""
    talks = [row for row in contacts if row.next_on and row.outcome != ContactOutcome.ATTEMPT]
    return max(
        talks,
        default=None,
        key=lambda row: (row.held_on, row.agreed_at or row.recorded_at, row.pk),
    )
