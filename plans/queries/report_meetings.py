"""Whether what an issued report tells of is still on file: for its own pages, not for the binder."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from clients.models import Enrolment
from plans.models import Interview, ReportShare, ReportVersion
from plans.rules.kinds import ContactOutcome
from plans.rules.report import ToldMeeting, days_gone
from teikyaku.era import DateInputError, both, parse_date
from teikyaku.periods import Month
from teikyaku.reasons import Reason

UNTRUE_RULE = "docs/rules.md §6"
# As plans.report_papers prints it.
_DAY = re.compile(r"(\d{1,2})月(\d{1,2})日")


def told_meetings(version: ReportVersion) -> tuple[ToldMeeting, ...]:
    """The meetings in the frozen text; their days stand there as they are printed."""
    return _read(version.content.get("meetings"))


def _read(meetings: Any) -> tuple[ToldMeeting, ...]:
    found = []
    for meeting in meetings or []:
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


def untrue_refusal(version: ReportVersion) -> Reason | None:
    """Why a version may not go to the person any more; None where it may (one query).

    After a death no other version can go out, and what the person had is put on record.
    """
    if version.report.enrolment.client.died_on is not None:
        return None
    gone = gone_from(version)
    if not gone:
        return None
    text = _(
        "第%(n)d版にある%(days)sの面談は、いまの記録と合いません。訂正版を書いて、それを渡してください。"
    )
    days = "・".join(map(both, gone))
    return Reason("untrue", text % {"n": version.number, "days": days}, UNTRUE_RULE)


def meetings_gone(
    shares: Iterable[ReportShare], contacts: Iterable[Interview]
) -> dict[Month, tuple[date, ...]]:
    """The same by month, of what the person has: their shares of plans.queries.dossier, in order.

    `contacts` are the standing ones of the use.
    """
    met = {
        ToldMeeting(row.held_on, str(row.get_way_display()))
        for row in contacts
        if row.outcome == ContactOutcome.MET
    }
    found: dict[Month, tuple[date, ...]] = {}
    for share in shares:  # a later version takes the place of the one before
        words: Any = share.told_meetings  # type: ignore[attr-defined]  # annotated
        found[Month.of(share.report.month)] = days_gone(_read(words), met)
    return found


def told_next(month: Month, words: str) -> date | None:
    """The day that a month's report names for the next meeting; it stands there without its year."""
    found = _DAY.fullmatch(words)
    if found is None:
        return None
    year = month.last_day.year
    days = [_day(each, int(found[1]), int(found[2])) for each in (year, year + 1)]
    return next((day for day in days if day is not None and day > month.last_day), None)


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


@dataclass(frozen=True, slots=True)
class AppointmentGone:
    """An issued report names a day that lies ahead and does not hold any more."""

    told_on: date
    now_on: date | None
    """The day that holds instead; None where it was called off."""


def appointment_gone(
    version: ReportVersion, on: date, *, is_given: bool = False
) -> AppointmentGone | None:
    """Of the newest version of a report (at most two queries); None where its day holds, or is over.

    The plain version alone prints the day. `is_given`: only where somebody has that.
    """
    enrolment = version.report.enrolment
    died_on, ends_on = enrolment.client.died_on, enrolment.ends_on
    if (died_on is not None and died_on <= on) or (ends_on is not None and ends_on < on):
        return None  # no day is waited for any more
    told = told_next(Month.of(version.report.month), version.content.get("next_on", ""))
    if told is None or told <= on:
        return None
    if is_given and not version.shares.filter(ReportShare.standing(), with_plain=True).exists():
        return None
    return _gone(told, enrolment.next_appointment(on))


def appointments_gone(
    shares: Iterable[ReportShare], now_on: date | None, on: date
) -> dict[Month, AppointmentGone]:
    """The same by month, of what the person has: their shares of plans.queries.dossier, in order.

    `now_on` is the day that holds.
    """
    found: dict[Month, AppointmentGone] = {}
    for share in shares:
        month = Month.of(share.report.month)
        words: Any = share.told_next  # type: ignore[attr-defined]  # annotated
        told = told_next(month, words or "")
        found.pop(month, None)  # a later version takes the place of the one before
        if (
            share.with_plain
            and told is not None
            and told > on
            and (gone := _gone(told, now_on)) is not None
        ):
            found[month] = gone
    return found


def _gone(told: date, now_on: date | None) -> AppointmentGone | None:
    return AppointmentGone(told, now_on) if told != now_on else None


def version_of_day(enrolment: Enrolment, day: date) -> ReportVersion | None:
    """The newest version of the report of a day's month; None where nothing was issued."""
    rows = ReportVersion.objects.filter(
        report__enrolment=enrolment, report__month=Month.of(day).first_day
    )
    return rows.select_related("report").order_by("-number").first()
