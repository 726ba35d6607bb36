"""What each role of an office sees first: counts that are links, and the people behind them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from billing.models import MonthClosing
from clients.access import enrolments_for
from clients.models import Enrolment, StaffAssignment
from clients.queries.client_list import Show, show_q
from plans.models import Application
from plans.queries.caseload import Ask, CaseRow, ask_counts, ask_q, by_urgency, case_rows
from plans.queries.interview_draft import DraftRow, draft_rows
from plans.queries.plan_list import PlanAsk, plan_counts
from plans.queries.queue import QueueRow, paths_of_waiting
from plans.queries.team import Team, team_of
from teikyaku.accounts.models import Membership
from teikyaku.accounts.roles import Permission
from teikyaku.desk.queries.end_axis import EndAxis, end_axis
from teikyaku.periods import Month, in_force

SHOWN = 10
DECISIONS_SHOWN = 5
# Settled ones among them are rare: enough to find the first ten that wait.
PATHS_READ = 100
# From this day of the month on, what the month still lacks is told in a sentence.
NUDGE_FROM_DAY = 20

TONES = {
    Ask.OVERDUE: "danger",
    Ask.DUE_WEEK: "warning",
    Ask.APPOINTMENT: "info",
    Ask.NOT_MET: "warning",
    Ask.REPORT: "warning",
    Ask.WORRYING: "warning",
    Ask.NO_STAFF: "warning",
}
PLAN_TONES = {
    PlanAsk.NONE: "danger",
    PlanAsk.NONE_NEXT: "warning",
    PlanAsk.CONSENT: "info",
}
WORKER_ASKS = (
    Ask.OVERDUE, Ask.DUE_WEEK, Ask.APPOINTMENT, Ask.NOT_MET, Ask.REPORT, Ask.WORRYING, Ask.ENDING,
)  # fmt: skip
LEAD_ASKS = (Ask.OVERDUE, Ask.NOT_MET, Ask.REPORT, Ask.WORRYING, Ask.NO_STAFF, Ask.IN_USE)


@dataclass(frozen=True, slots=True)
class HomeCount:
    """A number and the list that agrees with it."""

    label: str
    count: int
    url: str
    tone: str = "neutral"


@dataclass(frozen=True, slots=True)
class WorkerDesk:
    """就労定着支援員: one's own people of today, this week and this month."""

    counts: tuple[HomeCount, ...]
    people: list[CaseRow]
    """Overdue, due within a week, or with an appointment."""
    reports: list[CaseRow]
    paths: list[QueueRow]
    """Of the whole office: who waits for whom before the use begins."""
    drafts: list[DraftRow]
    """What one began to write and has not recorded yet."""
    is_own: bool
    """Only the people assigned to oneself; everybody's where nobody is."""
    report_month: Month
    """The month of the reports that wait: the last one."""


@dataclass(frozen=True, slots=True)
class LeadDesk:
    """サービス管理責任者・管理者: the whole office."""

    counts: tuple[HomeCount, ...]
    nudge: str
    """What the month still lacks, in a sentence, in its last third; else empty."""
    suggestions: list[CaseRow]
    """Empty for a reader who does not decide."""
    suggestions_url: str
    worrying: list[CaseRow]
    team: Team
    ends: EndAxis


def worker_desk(membership: Membership, on: date) -> WorkerDesk:
    """The desk of somebody who meets people (about ten queries)."""
    own = enrolments_for(membership, on)
    # By the person: after a change of roles the caseload hangs on the former membership.
    mine = StaffAssignment.objects.filter(in_force(on), staff__user=membership.user_id)
    is_own = mine.exists()
    people = own.filter(pk__in=mine.values("enrolment")) if is_own else own
    soon = ask_q(Ask.OVERDUE, on) | ask_q(Ask.DUE_WEEK, on) | ask_q(Ask.APPOINTMENT, on)
    to_meet, reports = _first(people, soon), _first(people, ask_q(Ask.REPORT, on))
    rows = _rows(own, {*to_meet, *reports}, on)
    return WorkerDesk(
        counts=_counts(people, WORKER_ASKS, str(membership.public_id) if is_own else "", on),
        people=[rows[public_id] for public_id in to_meet.values()],
        reports=[rows[public_id] for public_id in reports.values()],
        paths=paths_ahead(membership, on),
        drafts=draft_rows(membership, on),
        is_own=is_own,
        report_month=Month.of(on) - 1,
    )


def _first(people: QuerySet[Enrolment], condition: Q, shown: int = SHOWN) -> dict[int, UUID]:
    """The most urgent of those who answer, as key → public id."""
    found = by_urgency(people.filter(condition))[:shown]
    return dict(found.values_list("pk", "public_id"))


def _rows(own: QuerySet[Enrolment], keys: set[int], on: date) -> dict[UUID, CaseRow]:
    return {row.enrolment_id: row for row in case_rows(own.filter(pk__in=keys), on)}


def lead_desk(membership: Membership, on: date) -> LeadDesk:
    """The desk of somebody who answers for the office (about fifteen queries)."""
    office = membership.office
    assert office is not None  # noqa: S101  (the caller asks for an office's member)
    own = enrolments_for(membership, on)
    counts = _counts(own, LEAD_ASKS, "", on)
    waiting = own.filter(show_q(Show.WAITING, on)).count()
    worrying = _first(own, ask_q(Ask.WORRYING, on))
    decides = membership.may(Permission.PACE_DECIDE)
    suggested = _first(own, ask_q(Ask.SUGGESTION, on), DECISIONS_SHOWN) if decides else {}
    rows = _rows(own, {*worrying, *suggested}, on)
    return LeadDesk(
        counts=(
            *counts,
            *_plan_counts(membership, own, on),
            HomeCount(_("開始待ち"), waiting, reverse("waiting")),
        ),
        nudge=_nudge(counts, on),
        suggestions=[rows[public_id] for public_id in suggested.values()],
        suggestions_url=caseload_url(Ask.SUGGESTION),
        worrying=[rows[public_id] for public_id in worrying.values()],
        team=team_of(office, on),
        ends=end_axis(office, on),
    )


def _plan_counts(
    membership: Membership, own: QuerySet[Enrolment], on: date
) -> tuple[HomeCount, ...]:
    """Of the 個別支援計画, for whoever makes them: what costs, and what waits (one query)."""
    if not membership.may(Permission.SUPPORT_PLAN_WRITE):
        return ()
    return tuple(
        HomeCount(
            _("個別支援計画：%(ask)s") % {"ask": ask.label},
            count,
            f"{reverse('plan_list')}?ask={ask.value}",
            PLAN_TONES[ask] if count else "neutral",
        )
        for ask, count in plan_counts(own, PLAN_TONES, on).items()
    )


def paths_ahead(membership: Membership, on: date) -> list[QueueRow]:
    """Applications of people before their use: whose turn it is (two queries)."""
    waiting = enrolments_for(membership, on).filter(show_q(Show.WAITING, on)).values("client")
    applications = Application.objects.filter(client__in=waiting)
    return paths_of_waiting(applications, on, at_most=PATHS_READ)[:SHOWN]


def month_to_close(membership: Membership, on: date) -> Month | None:
    """The last month while nothing of it is closed (one query)."""
    last = Month.of(on) - 1
    closed = MonthClosing.objects.filter(office=membership.office, month=last.first_day)
    return None if closed.exists() else last


def caseload_url(ask: Ask, staff: str = "") -> str:
    """The list that agrees with a count."""
    chosen = f"&staff={staff}" if staff else ""
    return f"{reverse('caseload')}?ask={ask.value}{chosen}"


def _counts(
    people: QuerySet[Enrolment], asks: Iterable[Ask], staff: str, on: date
) -> tuple[HomeCount, ...]:
    found = ask_counts(people, asks, on)
    return tuple(
        HomeCount(
            str(ask.label),
            n,
            caseload_url(ask, staff),
            TONES.get(ask, "neutral") if n else "neutral",
        )
        for ask, n in found.items()
    )


def _nudge(counts: tuple[HomeCount, ...], on: date) -> str:
    """From the 20th on: who is to be met yet this month, and which reports are not with anybody."""
    numbers = dict(zip(LEAD_ASKS, (item.count for item in counts), strict=True))
    not_met, reports = numbers[Ask.NOT_MET], numbers[Ask.REPORT]
    if on.day < NUDGE_FROM_DAY or not (not_met or reports):
        return ""
    left = (Month.of(on).last_day - on).days
    return _(
        "今月はあと%(left)d日。会えていない人が%(met)d人、渡していない先月のレポートが%(reports)d件。"
    ) % {
        "left": left,
        "met": not_met,
        "reports": reports,
    }
