"""Whether what an issued report tells of is still on file: for its own pages, not for the binder."""

from __future__ import annotations

from datetime import date

from clients.models import Enrolment
from plans.models import Interview, ReportVersion
from plans.queries.binder import version_facts
from plans.rules.binder_report import meetings_gone
from plans.rules.kinds import ContactOutcome
from plans.rules.mismatch import Mismatch
from teikyaku.periods import Month


def gone_from(version: ReportVersion) -> tuple[Mismatch, ...]:
    """The meetings in a version that were corrected or taken back since (one query)."""
    facts = version_facts(version)
    standing = Interview.objects.standing().filter(
        enrolment=version.report.enrolment_id,
        outcome=ContactOutcome.MET,
        held_on__in=facts.tells_of,
    )
    return tuple(meetings_gone(facts, set(standing.values_list("held_on", flat=True))))


def version_of_day(enrolment: Enrolment, day: date) -> ReportVersion | None:
    """The newest version of the report of a day's month; None where nothing was issued."""
    rows = ReportVersion.objects.filter(
        report__enrolment=enrolment, report__month=Month.of(day).first_day
    )
    return rows.select_related("report").order_by("-number").first()
