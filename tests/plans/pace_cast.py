"""The cast's person at two months, under settings of the office that let it be so early."""

from datetime import timedelta

from plans.actions import life_change
from plans.models import PaceSetting
from teikyaku.clock import at_noon
from tests.cast import LONG_AGO

VALUES = {
    "monthly_first_months": 0, "monthly_last_months": 6, "settled_meetings": 3,
    "attempts_to_tighten": 2, "longest_months": 3,
}  # fmt: skip


def settings_from(cast, starts_on=LONG_AGO, **values):
    return PaceSetting.objects.create(
        office=cast.office, starts_on=starts_on, recorded_by=cast.members["head"],
        recorded_at=at_noon(starts_on), **{**VALUES, **values},
    )  # fmt: skip


def at_two_months(cast, decided_on=None):
    """Accepted on the day after the last meeting, or on the day given."""
    day = decided_on or cast.interview.held_on + timedelta(days=1)
    return life_change.decide_pace(
        enrolment=cast.enrolment, decided_on=day, is_accepted=True, reason="",
        by=cast.members["manager"], at=at_noon(day),
    )  # fmt: skip


def attempts(cast, *days):
    for day in days:
        life_change.log_interview(
            enrolment=cast.enrolment, held_on=day, way="phone", outcome="attempt",
            met_by=cast.members["worker"], by=cast.members["worker"], at=at_noon(day),
        )  # fmt: skip
