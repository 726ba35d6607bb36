"""The days of somebody's own calendar: initials only, nothing of diagnosis, notes or workplaces."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from uuid import uuid5

from django.urls import reverse

from plans.queries.caseload import Ask
from plans.queries.pace import due_dates
from plans.queries.reminder import Case, cases_of
from plans.rules.pace import NextDue
from plans.rules.reminder import day_words
from teikyaku.accounts.models import Membership, User
from teikyaku.accounts.queries.figures import figure
from teikyaku.accounts.queries.membership import memberships_of
from teikyaku.accounts.roles import Permission
from teikyaku.calendars import CalendarDay
from teikyaku.links import absolute
from teikyaku.periods import Month

CLAIM_DAY = "claim.last_day"
SIGN_IN = "くわしいことは、サインインした画面で。"


def feed_members(user: User, on: date) -> list[Membership]:
    """As what a user's calendar reads: memberships in force at offices, with sight of interviews."""
    held = memberships_of(user, on)
    return [row for row in held if row.office_id and row.may(Permission.INTERVIEW_READ)]


def feed_days(members: Sequence[Membership], on: date) -> list[CalendarDay]:
    """Due days, days agreed and report deadlines of one's own people, by day (some twenty queries)."""
    cases = [case for found in cases_of(members, on).values() for case in found]
    dues = due_dates([case.row for case in cases])
    claim_day = int(figure(CLAIM_DAY, Month.of(on)).value)
    days = [
        day for case in cases for day in _days(case, dues[case.row.pk], on, claim_day)
    ]  # fmt: skip
    return sorted(days, key=lambda day: (day.on, day.title))


def _days(case: Case, due: NextDue, on: date, claim_day: int) -> Iterator[CalendarDay]:
    due_on = case.row.interview_due_on
    if due_on is not None:
        late = "（本人の希望）" if case.row.has_refused(on) and due_on < on else _late(due_on, on)
        yield _day(case, "due", due_on, f"面談の期限{late}")
        suggested = due.suggested_on
        if suggested is not None and on <= suggested < due_on:
            yield _day(
                case, "suggested", suggested, "面談の目安", f"期限は {day_words(due_on)} です。"
            )
    if case.next_on is not None:
        yield _day(case, "appointment", case.next_on, "会う約束")
    if Ask.REPORT in case.asks:
        yield _report(case, Month.of(on) - 1, on, claim_day)
    if Ask.REPORT_NOW in case.asks:
        yield _report(case, Month.of(on), on, claim_day)


def _late(day: date, on: date) -> str:
    return "（過ぎています）" if day < on else ""


def _report(case: Case, month: Month, on: date, claim_day: int) -> CalendarDay:
    """Without its report shared, a month is held; claims close on a day of the month after."""
    closes_on = (month + 1).first_day + timedelta(days=claim_day - 1)
    title = f"{month.month}月分のレポートを渡す{_late(closes_on, on)}"
    return _day(case, f"report {month}", closes_on, title, "請求の締切の日です。それまでに。")


def _day(case: Case, kind: str, on: date, title: str, text: str = "") -> CalendarDay:
    return CalendarDay(
        uid=uuid5(case.row.public_id, kind),
        on=on,
        title=f"{case.initials} {title}",
        text=f"{text}{SIGN_IN}",
        url=absolute(reverse("client_page", args=[case.row.client.public_id])),
    )
