"""Which shares with the person count: the rule of plans.rules.report_handed as one condition."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from clients.models import Enrolment
from plans.models import Interview, ReportShare
from plans.rules.interview import MEETING_WAYS
from plans.rules.kinds import ContactOutcome
from plans.rules.report_handed import handed_on
from teikyaku.periods import Month


def counted_in(month: Month) -> QuerySet[Interview]:
    """The meetings of a month for which it is billed; under which papers is asked by the month itself."""
    held = Interview.objects.standing().filter(
        outcome=ContactOutcome.MET,
        way__in=[way.value for way in MEETING_WAYS],
        held_on__range=(month.first_day, month.last_day),
    )
    return held.by_support_workers()


def after_meeting_q(month: Month) -> Q:
    """The condition on shares of the month's reports that one is not early."""
    held = counted_in(month).filter(enrolment=OuterRef("report__enrolment"))
    return Q(Exists(held.filter(held_on__lte=OuterRef("shared_on")))) | ~Q(Exists(held))


def handed(month: Month, **which: Any) -> QuerySet[ReportShare]:
    """The standing shares of the month's reports with the person that count."""
    shares = ReportShare.with_person(report__month=month.first_day, **which)
    return shares.filter(after_meeting_q(month))


def early_day(enrolment: Enrolment, month: Month, given: Sequence[date]) -> date | None:
    """The last of the days on which the person got the report, where all are early (one query)."""
    met = list(counted_in(month).filter(enrolment=enrolment).values_list("held_on", flat=True))
    return max(given) if handed_on(given, met) is None else None
