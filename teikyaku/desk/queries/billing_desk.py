"""The home of whoever does the money: the claim calendar, the months, what is open."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from billing.models import MonthClosing
from billing.queries.claim_calendar import ClaimDays, claim_days
from billing.queries.claim_files import never_claimed, unclaimed_months
from billing.queries.claim_payment_sums import ClaimPaymentSums, claim_payment_sums
from billing.queries.claim_payments import ShowClaims
from billing.queries.month import month_boards
from billing.queries.month_invoices import unsent_invoices
from billing.queries.payments import OpenSums, RefundSums, Show, money_sums, open_sums
from billing.rules.claim_calendar import CalendarDay
from plans.queries.month import uses_by_office
from teikyaku.accounts.models import Membership, Office
from teikyaku.accounts.queries.office_start import last_month_here
from teikyaku.accounts.roles import Permission
from teikyaku.desk.queries.after_close import told_since
from teikyaku.desk.queries.month_glance import (
    MonthCount,
    MonthGlance,
    glance_of,
    held_counts,
)
from teikyaku.figures import FigureError
from teikyaku.periods import Month
from teikyaku.prepared import prepared
from teikyaku.rehearsal import asked_once

# How many months before the last one are looked at for people who can still be claimed.
EARLIER_MONTHS = 3
CAP_MANAGEMENT = "cap_management"


@dataclass(frozen=True, slots=True)
class MissedClaim:
    """The last month's claims after their last day: who is left, and which day comes next."""

    month: MonthGlance
    passed_on: date
    next_claim: CalendarDay
    links: tuple[MonthCount, ...]
    """Ready, held, and closed without a claim file, each where there is somebody."""
    waits_for: tuple[MonthCount, ...] = ()
    """Where the reader has done all they can: whose turn it is, and with how many people."""


@dataclass(frozen=True, slots=True)
class BillingDesk:
    """What the billing home shows on a day."""

    days: ClaimDays | None
    """None where a figure of the timetable is missing."""
    missed: MissedClaim | None
    """None while the deadline lies ahead, or where nobody is left."""
    cap_managed: MonthCount | None
    """People whose result of 上限額管理 is awaited for the last month; None where nobody is."""
    unclaimed: MonthCount | None
    """People of the last month who are closed and in no claim file; None where nobody is."""
    unclaimed_before: tuple[MonthCount, ...]
    """The same of the months before it, newest first."""
    never_claimed: tuple[MonthCount, ...]
    """Those of them of which no claim file stands at all: the whole month was forgotten."""
    last: MonthGlance
    is_last_here: bool
    """False in the first month billed here: the one before it is nobody's task."""
    running: MonthGlance
    missing: tuple[MonthCount, ...]
    """Of the running month: what still lacks, the most frequent first."""
    earlier: tuple[MonthGlance, ...]
    """Months before the last with people who can be claimed or are held, newest first."""
    payments: OpenSums
    refunds: RefundSums
    open_url: str
    late_url: str
    refund_url: str
    claims: ClaimPaymentSums
    """What 国保連 owes, and what it paid otherwise."""
    claims_url: str
    differs_url: str
    unsent: MonthCount | None
    """請求書 of the last month that nobody has put into an envelope; None where there is none."""

    @property
    def closes_first(self) -> bool:
        """Whether this reader can close the last month: then that stands above all else."""
        return self.is_last_here and bool(self.last.close_url)

    @property
    def is_done(self) -> bool:
        """Whether everybody of the last month is closed, in a file, and has the paper."""
        left = self.last.left or self.unclaimed or self.unsent
        return bool(self.last.closed) and not left


@asked_once()
def billing_desk(membership: Membership, on: date) -> BillingDesk:
    """The billing home (some 40 queries, whatever the size of the office); what closed months ask for: `after_close`.

    Every count comes from the board of the month page, so it agrees with the list behind it. Raises
    PermissionDenied for who may not see the office's months.
    """
    office = membership.office
    if office is None or not membership.may(Permission.MONTH_READ):
        raise PermissionDenied
    running = Month.of(on)
    boards = month_boards(office, running - 1 - EARLIER_MONTHS, running, on)
    glances = {month: glance_of(board, on, membership) for month, board in boards.items()}
    days, last = _days(on), glances[running - 1]
    held = held_counts(boards[running - 1])
    unclaimed = _unclaimed(office)
    payments, refunds = money_sums(office, on)
    claims = claim_payment_sums(office)
    page = reverse("payments")
    before = {month: row for month, row in unclaimed.items() if month < last.month}
    return BillingDesk(
        days=days,
        missed=_missed(last, days, unclaimed.get(last.month)),
        unclaimed=unclaimed.get(last.month),
        unclaimed_before=tuple(before.values()),
        never_claimed=_never_claimed(office, before),
        cap_managed=next((row for row in held if _is_cap_management(row)), None),
        last=last,
        is_last_here=last_month_here(office, on) < running,
        running=glances[running],
        missing=held_counts(boards[running]),
        earlier=_earlier(glances, running - 1),
        payments=payments,
        refunds=refunds,
        open_url=f"{page}?show={Show.OPEN.value}",
        refund_url=f"{page}?show={Show.REFUND.value}",
        late_url=f"{page}?show={Show.LATE.value}",
        claims=claims,
        claims_url=f"{reverse('claim_payments')}?show={ShowClaims.WAITING.value}",
        differs_url=f"{reverse('claim_payments')}?show={ShowClaims.DIFFERS.value}",
        unsent=_unsent(office, last),
    )


@dataclass(frozen=True, slots=True)
class MonthState:
    """The money in short, for the home of who leads: the last month and what is open."""

    month: MonthGlance
    days: ClaimDays | None
    """None where a figure of the timetable is missing."""
    missed: MissedClaim | None
    never_claimed: tuple[MonthCount, ...]
    """Months before it that were closed, and of which no claim file stands, newest first."""
    lost: tuple[MonthCount, ...]
    fresh: tuple[MonthCount, ...]
    """Closed months that differ otherwise by something told since, newest first."""
    fresh_causes: str
    """What was told, in words; "" where nothing was."""
    earlier: tuple[MonthGlance, ...]
    """Months before it with people who can be claimed or are held, newest first."""
    payments: OpenSums
    open_url: str


@asked_once()
def month_state(membership: Membership, on: date) -> MonthState:
    """The last month, those before it that still hold money, the next day of the calendar, open payments.

    The same numbers as on the billing home. Raises PermissionDenied for who may not see them.
    """
    office = membership.office
    if office is None or not membership.may(Permission.MONTH_READ):
        raise PermissionDenied
    last = last_month_here(office, on)
    boards = month_boards(office, min(last, Month.of(on) - 1 - EARLIER_MONTHS), last, on)
    glances = {of: glance_of(board, on, membership) for of, board in boards.items()}
    month = glances[last]
    days, unclaimed = _days(on), _unclaimed(office)
    lost, fresh, causes = told_since(office, on)
    before = {of: row for of, row in unclaimed.items() if of < min(month.month, Month.of(on) - 1)}
    return MonthState(
        month=month,
        days=days,
        missed=_missed(month, days, unclaimed.get(month.month))
        if month.month < Month.of(on)
        else None,
        never_claimed=_never_claimed(office, before),
        lost=lost,
        fresh=fresh,
        fresh_causes=causes,
        earlier=_earlier(glances, Month.of(on) - 1),
        payments=open_sums(office, on),
        open_url=f"{reverse('payments')}?show={Show.OPEN.value}",
    )


def unclosed_month(membership: Membership, on: date) -> MonthCount | None:
    """The last month with how many used it, where nothing of it was closed; else None (three queries).

    For whoever leads and closes too: their home counts who is ready only after the page is there.
    """
    office, month = membership.office, Month.of(on) - 1
    if office is None or last_month_here(office, on) >= Month.of(on):
        return None
    if _first_closing.rows(office=office.pk, month=month):
        return None
    used = uses_by_office([office], month).get(office.pk, 0)
    return MonthCount(month.label, used, reverse("month_page", args=[month])) if used else None


@prepared("office")
def _first_closing(office: int, month: Month) -> QuerySet[Any, Any]:
    rows = MonthClosing.objects.filter(office=office, month=month.first_day)
    return rows.order_by("pk").values_list("pk", flat=True)[:1]


def _earlier(glances: Mapping[Month, MonthGlance], last: Month) -> tuple[MonthGlance, ...]:
    """Months before the last one with somebody left: they stay until their last person is claimed."""
    return tuple(
        glances[month]
        for month in sorted(glances, reverse=True)
        if month < last and glances[month].left
    )


def _unclaimed(office: Office) -> dict[Month, MonthCount]:
    """Closed, but in no claim file: by month with the page that lists them, newest first."""
    return {
        month: MonthCount(month.label, count, reverse("claim_export", args=[month]), "warning")
        for month, count in reversed(unclaimed_months(office).items())
    }


def _unsent(office: Office, last: MonthGlance) -> MonthCount | None:
    count = unsent_invoices(office, last.month) if last.closed else 0
    url = reverse("envelopes", args=[last.month])
    return MonthCount(last.month.label, count, url, "warning") if count else None


def _never_claimed(office: Office, before: Mapping[Month, MonthCount]) -> tuple[MonthCount, ...]:
    never = never_claimed(office, before)
    return tuple(row for month, row in before.items() if month in never)


def _is_cap_management(row: MonthCount) -> bool:
    return row.url.endswith(f"reason={CAP_MANAGEMENT}")


def _days(on: date) -> ClaimDays | None:
    try:
        return claim_days(on)
    except FigureError:
        return None


def _missed(
    last: MonthGlance, days: ClaimDays | None, unclaimed: MonthCount | None
) -> MissedClaim | None:
    if days is None or days.passed_on is None or not (last.left or unclaimed):
        return None
    # What can be done at once stands first; whoever is held may be somebody else's task.
    links = [MonthCount(_("請求できる"), last.ready, last.ready_url)]
    if unclaimed:
        links.append(MonthCount(_("締めたが、請求ファイルにない"), unclaimed.count, unclaimed.url))
    links.append(MonthCount(_("保留"), last.held, last.held_url))
    turns = last.turns
    is_done = turns.is_with_others and not last.ready and not unclaimed
    return MissedClaim(
        waits_for=tuple(MonthCount(who, n, last.held_url) for who, n in turns.others)
        if is_done
        else (),
        month=last,
        passed_on=days.passed_on,
        next_claim=days.next_claim,
        links=tuple(link for link in links if link.count),
    )
