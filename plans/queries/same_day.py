"""同じ日の記録: contacts with one person that stand on the day for which another is written."""

from __future__ import annotations

from datetime import date

from django.db.models import QuerySet

from clients.models import Enrolment
from plans.models import Interview
from plans.rules.kinds import ContactOutcome
from teikyaku.prepared import prepared


def same_day(enrolment: Enrolment, day: date) -> list[Interview]:
    """What holds of that day, the latest first; corrected and withdrawn ones are not among them."""
    return _of_day.rows(enrolment=enrolment.pk, day=day)


def last_talk(enrolment: Enrolment) -> Interview | None:
    """The latest contact that was a talk (one query)."""
    return next(iter(_last.rows(enrolment=enrolment.pk)), None)


@prepared("enrolment")
def _of_day(enrolment: int, day: date) -> QuerySet[Interview]:
    rows = Interview.objects.standing().filter(enrolment=enrolment, held_on=day)
    return rows.select_related("recorded_by__user")


@prepared("enrolment")
def _last(enrolment: int) -> QuerySet[Interview]:
    talks = Interview.objects.standing().filter(enrolment=enrolment)
    return talks.exclude(outcome=ContactOutcome.ATTEMPT)[:1]
