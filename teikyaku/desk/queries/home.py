"""What each role sees first: counts that are links, and the people behind them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.translation import gettext as _

from billing.models import MonthClosing
from clients.access import enrolments_for
from clients.models import StaffAssignment
from clients.queries.client_list import Show, listed, show_q
from plans.models import Application
from plans.queries.expiry import Expiries, Expiry
from plans.queries.queue import QueueRow, paths_of_waiting
from teikyaku.accounts.models import Membership
from teikyaku.accounts.roles import Permission
from teikyaku.periods import Month, in_force

SHOWN = 10
EXPIRY_MONTHS = 3
# Settled ones among them are rare: enough to find the first ten that wait.
PATHS_READ = 100


@dataclass(frozen=True, slots=True)
class HomeCount:
    """A number and the list that agrees with it."""

    label: str
    count: int
    url: str
    tone: str = "neutral"


@dataclass(frozen=True, slots=True)
class OfficeHome:
    """The home of an office's member."""

    counts: tuple[HomeCount, ...]
    due: list[Any]
    expiries: list[Expiry]
    month_to_close: Month | None
    paths: list[QueueRow]


def office_home(membership: Membership, on: date) -> OfficeHome:
    """Counts, the people to meet, what ends next, and the month that waits (ten queries)."""
    own = enrolments_for(membership, on)
    # By the person: after a change of roles the caseload hangs on the former membership.
    assigned = StaffAssignment.objects.filter(in_force(on), staff__user=membership.user_id)
    mine = assigned.values("enrolment")
    is_own_caseload = membership.may(Permission.INTERVIEW_WRITE)
    people = own.filter(pk__in=mine) if is_own_caseload and mine.exists() else own
    staff = str(membership.public_id) if people is not own else ""
    soon = people.filter(show_q(Show.OVERDUE, on) | show_q(Show.DUE_THIS_MONTH, on))
    assert membership.office is not None  # noqa: S101  (the caller asks for an office's member)
    return OfficeHome(
        counts=_counts(people, staff, on),
        due=list(listed(soon, on)[:SHOWN]),
        expiries=Expiries(membership.office, on, EXPIRY_MONTHS)[:SHOWN],
        month_to_close=_month_to_close(membership, on),
        paths=_paths(own, on)[:SHOWN],
    )


def _counts(people: Any, staff: str, on: date) -> tuple[HomeCount, ...]:
    shown = (
        (Show.OVERDUE, _("面談の期限が過ぎた"), "danger"),
        (Show.DUE_THIS_WEEK, _("7日以内が期限"), "warning"),
        (Show.DUE_THIS_MONTH, _("今月が期限"), "info"),
        (Show.ENDING, _("6か月以内に期間が終わる"), "info"),
        (Show.WAITING, _("利用の開始前"), "neutral"),
        (Show.IN_USE, _("利用中"), "neutral"),
    )
    totals = people.aggregate(
        **{show.value: Count("pk", filter=Q(show_q(show, on))) for show, _label, _tone in shown}
    )
    url = reverse("client_list")
    chosen = f"&staff={staff}" if staff else ""
    return tuple(
        HomeCount(label, totals[show.value], f"{url}?show={show.value}{chosen}", tone)
        for show, label, tone in shown
    )


def _paths(own: Any, on: date) -> list[QueueRow]:
    """The applications of people who wait for their use to begin: whose turn it is."""
    waiting = own.filter(show_q(Show.WAITING, on)).values("client")
    applications = Application.objects.filter(client__in=waiting)
    return paths_of_waiting(applications, on, at_most=PATHS_READ)


def _month_to_close(membership: Membership, on: date) -> Month | None:
    if not membership.may(Permission.MONTH_CLOSE):
        return None
    last = Month.of(on) - 1
    closed = MonthClosing.objects.filter(office=membership.office, month=last.first_day)
    return None if closed.exists() else last
