"""同じ日の記録: contacts with one person that stand on the day for which another is written."""

from __future__ import annotations

from datetime import date

from clients.models import Enrolment
from plans.models import Interview


def same_day(enrolment: Enrolment, day: date) -> list[Interview]:
    """What holds of that day, the latest first; corrected and withdrawn ones are not among them."""
    rows = Interview.objects.standing().filter(enrolment=enrolment, held_on=day)
    return list(rows.select_related("recorded_by__user"))
