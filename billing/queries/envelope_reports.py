"""封筒に足す支援レポート: whose report belongs to an envelope that its packer may not print, and who may.

Printing is reading: who bills does not read what was written of a person (docs/rules.md §10), also not
of a report that went to them already. So the pack says what is missing and who adds it.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from plans.models import ReportShare
from teikyaku.accounts.models import Membership, Office
from teikyaku.accounts.roles import Permission
from teikyaku.periods import Month

ADDS = (Permission.INTERVIEW_READ, Permission.MONTH_READ)


def clients_with_report(enrolments: Collection[int], month: Month) -> set[int]:
    """The clients who were given the month's report: it goes into their envelope (one query)."""
    shares = ReportShare.objects.filter(
        report__enrolment__in=enrolments, report__month=month.first_day,
        recipient=ReportShare.Recipient.PERSON, taken_back_at=None,
    )  # fmt: skip
    return set(shares.values_list("report__enrolment__client", flat=True))


def who_adds_reports(office: Office, on: date) -> str:
    """Those of the office whose packs hold the reports, by name with their role (one query)."""
    rows = Membership.objects.in_force(on).filter(
        office=office, user__is_active=True, ended_at=None
    )
    able = [each for each in rows.select_related("user") if all(each.may(right) for right in ADDS)]
    return "、".join(sorted({each.user.name for each in able}))
