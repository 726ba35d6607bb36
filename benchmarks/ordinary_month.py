"""An ordinary last month for the crowd: what the demo city lacks on purpose is done before it is copied.

The city shows every trouble that an office can have: half of its people are not ready to be billed. In
life nine in ten are. So here the missing meetings are held, the reports handed over and the results of
the cap management recorded, by the actions of the pages. Who lacks something rarer stays as they are.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from django.core.exceptions import ValidationError

from billing.queries.month import MonthEntry, boards_of
from clients.models import Enrolment
from plans.actions.life_change import log_interview
from plans.actions.report import share_report, write_report
from plans.models import Interview, SupportReport
from teikyaku.accounts.models import Membership
from teikyaku.desk.demo.shared_caps import settle_caps
from teikyaku.periods import Month

MET_AFTER_DAYS = 11
MET = {
    "way": "face", "outcome": "met", "place": "事業所", "work_rating": "settled",
    "life_rating": "settled", "notes": "変わりはない。",
}  # fmt: skip
TEXTS = {
    "goals": "落ち着いて働き続ける。",
    "done": "面談しました。",
    "result": "変わりなく働いています。",
    "next_steps": "来月も会います。",
}


def make_ordinary(month: Month, closers: Iterable[Membership], at: datetime) -> None:
    """Do what the month still lacks at the office of each who may close it."""
    by_office = {by.office_id: by for by in closers}
    for entry in _lacking("no_meeting", by_office.values(), month, at):
        _meet(entry, month, at)
    for entry in _lacking("report_not_shared", by_office.values(), month, at):
        _hand_over(entry, month, at)
    for by in by_office.values():
        settle_caps(by.office, month, by, at)


def _lacking(
    code: str, closers: Iterable[Membership], month: Month, at: datetime
) -> Iterator[MonthEntry]:
    """The months of which this is one reason why they cannot be closed."""
    boards = boards_of([by.office for by in closers], month, month, at.date())
    for months in boards.values():
        board = months[month]
        for entry in (*board.held, *board.not_billable):
            if code in {reason.code for reason in entry.reasons}:
                yield entry


def _latest(enrolment: Enrolment) -> Interview | None:
    """The last time that somebody of the office met the person."""
    met = Interview.objects.standing().filter(enrolment=enrolment, outcome="met")
    return met.order_by("held_on", "pk").last()


def _meet(entry: MonthEntry, month: Month, at: datetime) -> None:
    enrolment = Enrolment.objects.get(pk=entry.support.enrolment_id)
    latest = _latest(enrolment)
    if latest is None:
        return
    day = month.first_day + timedelta(days=MET_AFTER_DAYS)
    try:
        log_interview(
            enrolment=enrolment, held_on=day, met_by=latest.met_by, by=latest.met_by, at=at, **MET
        )
    except ValidationError:
        return  # they were not in use on that day


def _hand_over(entry: MonthEntry, month: Month, at: datetime) -> None:
    enrolment = Enrolment.objects.get(pk=entry.support.enrolment_id)
    latest = _latest(enrolment)
    if latest is None:
        return
    by, first = latest.met_by, month.first_day
    report = SupportReport.objects.filter(enrolment=enrolment, month=first).first()
    if report is None:
        report = write_report(enrolment=enrolment, month=first, by=by, at=at, **TEXTS)
    share_report(
        report=report, recipient="person", shared_on=month.last_day, way="handed", by=by, at=at
    )
