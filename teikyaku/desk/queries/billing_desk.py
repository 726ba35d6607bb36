"""The home of whoever does the money: the claim calendar, the months, what is open."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils.translation import gettext as _

from billing.queries.claim_calendar import claim_calendar_on
from billing.queries.month import MonthBoard, month_boards
from billing.queries.month_lists import month_lists, reason_counts
from billing.queries.payments import OpenSums, open_sums
from billing.rules.claim_calendar import CalendarDay, ClaimCalendar
from teikyaku.accounts.models import Membership
from teikyaku.accounts.roles import Permission
from teikyaku.figures import FigureError
from teikyaku.periods import Month

# How many months before the last one are looked at for people who can still be claimed.
EARLIER_MONTHS = 3


@dataclass(frozen=True, slots=True)
class MonthCount:
    """A number and the list that agrees with it."""

    label: str
    count: int
    url: str
    tone: str = "neutral"


@dataclass(frozen=True, slots=True)
class MonthGlance:
    """How a month stands. Yen are total costs (総費用)."""

    month: Month
    url: str
    close_url: str
    """Empty where nothing can be closed, or not by this reader."""
    counts: tuple[MonthCount, ...]
    ready: int
    held: int
    closed: int
    ready_yen: int
    held_yen: int | None
    """None while the office's own answers are missing: then nobody can say."""


@dataclass(frozen=True, slots=True)
class BillingDesk:
    """What the billing home shows on a day."""

    calendar: ClaimCalendar | None
    """None where a figure of the timetable is missing."""
    next_day: CalendarDay | None
    cap_managed: int
    """People whose result of 上限額管理 is awaited for the last month."""
    last: MonthGlance
    running: MonthGlance
    missing: tuple[MonthCount, ...]
    """Of the running month: what still lacks, the most frequent first."""
    earlier: tuple[MonthGlance, ...]
    """Months before the last with people who can be claimed or are held, newest first."""
    payments: OpenSums


def billing_desk(membership: Membership, on: date) -> BillingDesk:
    """The billing home (some 25 queries, whatever the size of the office).

    Every count comes from the board of the month page, so it agrees with the list behind it. Raises
    PermissionDenied for who may not see the office's months.
    """
    office = membership.office
    if office is None or not membership.may(Permission.MONTH_READ):
        raise PermissionDenied
    running = Month.of(on)
    boards = month_boards(office, running - 1 - EARLIER_MONTHS, running, on)
    may_close = membership.may(Permission.MONTH_CLOSE)
    glances = {month: _glance(board, on, may_close) for month, board in boards.items()}
    calendar, next_day = _calendar(on)
    waiting = [
        entry
        for entry in boards[running - 1].held
        if any(reason.code == "cap_management" for reason in entry.reasons)
    ]
    return BillingDesk(
        calendar=calendar,
        next_day=next_day,
        cap_managed=len(waiting),
        last=glances[running - 1],
        running=glances[running],
        missing=_missing(boards[running]),
        earlier=tuple(
            glances[month]
            for month in sorted(boards, reverse=True)
            if month < running - 1 and (glances[month].ready or glances[month].held)
        ),
        payments=open_sums(office, on),
    )


def _calendar(on: date) -> tuple[ClaimCalendar | None, CalendarDay | None]:
    try:
        return claim_calendar_on(on)
    except FigureError:
        return None, None


def _glance(board: MonthBoard, on: date, may_close: bool) -> MonthGlance:
    month = board.office_month.month
    url = reverse("month_page", args=[month])
    ready, held, not_billable, closed = month_lists(board)
    cuts = [
        MonthCount(
            _("うち減算：%(why)s") % {"why": row.label}, row.count, f"{url}{row.url}", "warning"
        )
        for row in reason_counts(ready)
    ]
    counts = (
        MonthCount(ready.label, ready.count, url + ready.url, "success"),
        *cuts,
        MonthCount(held.label, held.count, url + held.url, "warning" if held.count else "neutral"),
        MonthCount(not_billable.label, not_billable.count, url + not_billable.url),
        MonthCount(closed.label, closed.count, url + closed.url, "info"),
    )
    can_close = may_close and ready.count > 0 and on > month.last_day
    return MonthGlance(
        month=month,
        url=url,
        close_url=reverse("month_close", args=[month]) if can_close else "",
        counts=counts,
        ready=ready.count,
        held=held.count,
        closed=closed.count,
        ready_yen=board.ready_yen,
        held_yen=board.held_yen,
    )


def _missing(board: MonthBoard) -> tuple[MonthCount, ...]:
    """What the people of a running month still lack; one may lack several things."""
    page = reverse("month_page", args=[board.office_month.month])
    shown = next(each for each in month_lists(board) if each.key == "held")
    return tuple(
        MonthCount(row.label, row.count, f"{page}{row.url}", "warning")
        for row in reason_counts(shown)
    )
