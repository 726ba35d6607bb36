"""What is said beside a report that waits: its month's own meeting, and that it went out once already."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from django.db.models import Exists, OuterRef, QuerySet

from clients.models import Enrolment
from plans.models import ReportShare
from plans.queries.caseload import CaseRow, last_meeting_in
from teikyaku.periods import Month
from teikyaku.prepared import prepared


def given_to_person(month: Month) -> Exists:
    """Whether the person around got the month's report once: where it waits all the same, once more."""
    rows = ReportShare.with_person(report__month=month.first_day, report__enrolment=OuterRef("pk"))
    return Exists(rows)


def with_reports(rows: Iterable[CaseRow], month: Month) -> list[CaseRow]:
    """These rows, of people whose report of the month waits, with what is said of it (one query)."""
    people = list(rows)
    keys = {row.enrolment_key for row in people}
    found = {key: told for key, *told in _told.rows(keys=keys, month=month)} if keys else {}
    return [
        replace(row, report_met_on=met_on, is_report_again=again)
        for row in people
        for met_on, again in [found.get(row.enrolment_key, (None, False))]
    ]


@prepared("keys")
def _told(keys: list[int], month: Month) -> QuerySet[Enrolment]:
    rows = Enrolment.objects.filter(pk__in=keys).order_by()
    rows = rows.annotate(met_on=last_meeting_in(month), again=given_to_person(month))
    return rows.values_list("pk", "met_on", "again")
