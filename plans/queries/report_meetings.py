"""Whether what an issued report tells of is still on file: for its own pages, not for the binder."""

from __future__ import annotations

from datetime import date

from clients.models import Enrolment
from plans.models import Interview, ReportVersion
from plans.rules.kinds import ContactOutcome
from plans.rules.report import ToldMeeting, days_gone
from teikyaku.era import DateInputError, parse_date
from teikyaku.periods import Month


def told_meetings(version: ReportVersion) -> tuple[ToldMeeting, ...]:
    """The meetings in the frozen text; their days stand there as they are printed."""
    found = []
    for meeting in version.content.get("meetings", []):
        try:
            found.append(ToldMeeting(parse_date(meeting["on"]), meeting["way"]))
        except DateInputError:
            continue
    return tuple(found)


def gone_from(version: ReportVersion) -> tuple[date, ...]:
    """The days in a version whose meeting was corrected (its day, its way) or taken back since (one query)."""
    told = told_meetings(version)
    days = [each.on for each in told]
    standing = Interview.objects.standing().filter(
        enrolment=version.report.enrolment_id, outcome=ContactOutcome.MET, held_on__in=days
    )
    return days_gone(
        told, {ToldMeeting(row.held_on, str(row.get_way_display())) for row in standing}
    )


def version_of_day(enrolment: Enrolment, day: date) -> ReportVersion | None:
    """The newest version of the report of a day's month; None where nothing was issued."""
    rows = ReportVersion.objects.filter(
        report__enrolment=enrolment, report__month=Month.of(day).first_day
    )
    return rows.select_related("report").order_by("-number").first()
