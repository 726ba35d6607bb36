"""What each role of an office sees first: counts that are links, and the people behind them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, cast

from django.urls import reverse
from django.utils.translation import gettext as _

from clients.queries.case_move import MoveRow, told_moves
from clients.queries.keeping import due_count
from plans.queries.caseload import Ask, CaseRow, case_rows_of
from plans.queries.plan_list import PlanAsk
from plans.queries.queue import QueueRow, paths_told
from plans.queries.referral import ReferralAsk, eligible_count
from plans.queries.report_asked import with_reports
from plans.queries.report_day import report_day
from plans.queries.team import Team, team_of
from plans.rules.expiry import EndKind
from teikyaku.accounts.models import Membership
from teikyaku.accounts.queries.office_start import last_month_here
from teikyaku.accounts.roles import Permission
from teikyaku.desk.queries import home_questions as ask
from teikyaku.periods import Month
from teikyaku.prepared import Prepared

SHOWN = 10
# Whoever leads sees the first ones by name; more stand in the list.
OVERDUE_SHOWN = 3
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
    PlanAsk.OVERDUE: "warning",
}
LEAD_PLANS = (PlanAsk.NONE, PlanAsk.NONE_NEXT, PlanAsk.CONSENT)
# Assessment and draft are theirs to write.
WORKER_PLANS = (PlanAsk.NONE, PlanAsk.OVERDUE)
WORKER_ASKS = (
    Ask.OVERDUE, Ask.DUE_WEEK, Ask.APPOINTMENT, Ask.NOT_MET, Ask.REFUSED, Ask.REPORT, Ask.WORRYING,
    Ask.ENDING,
)  # fmt: skip
LEAD_ASKS = (
    Ask.OVERDUE, Ask.NOT_MET, Ask.REFUSED, Ask.REPORT, Ask.WORRYING, Ask.NO_STAFF, Ask.IN_USE,
)  # fmt: skip
# Of who decides they stand as a list; who does not is told how many wait.
DECIDED_ASKS = (Ask.SUGGESTION,)
# In an address: everybody's people, not only one's own.
EVERYBODY = "all"


@dataclass(frozen=True, slots=True)
class HomeCount:
    """A number and the list that agrees with it."""

    label: str
    count: int
    url: str
    tone: str = "neutral"
    unit: str = ""
    """人 where empty."""


@dataclass(frozen=True, slots=True)
class Counts:
    """The numbers of a desk: what asks for something as tiles, what is at nothing in one line."""

    every: tuple[HomeCount, ...]

    @property
    def some(self) -> list[HomeCount]:
        """With somebody behind them."""
        return [item for item in self.every if item.count]

    @property
    def none(self) -> list[HomeCount]:
        """Nobody: nothing to do."""
        return [item for item in self.every if not item.count]


@dataclass(frozen=True, slots=True)
class WorkerDesk:
    """就労定着支援員: one's own people of today, this week and this month."""

    counts: Counts
    found_again: Counts
    """Of the whole office, whoever is in charge; empty for who has the office's desk too."""
    today: list[CaseRow]
    """With an appointment today; they are not among `people` again."""
    people: list[CaseRow]
    """Overdue, due within a week, or with an appointment."""
    all_to_meet: HomeCount
    """Everybody of `today` and `people`, and who is not shown here."""
    reports: list[CaseRow]
    paths: list[QueueRow]
    """Of the whole office: who waits for whom before the use begins."""
    moves: list[MoveRow]
    """People whom somebody handed over to the reader, who has not confirmed it yet."""
    is_own: bool
    """Only the people assigned to oneself; everybody's where nobody is."""
    report_month: Month
    """The month of the reports that wait: the last one."""
    reports_due_on: date | None = None
    """By when they are to be handed over; None where nobody has set a day, or none waits."""


@dataclass(frozen=True, slots=True)
class Nudge:
    """What the month still lacks: how many days are left, and the lists."""

    title: str
    links: tuple[HomeCount, ...]


@dataclass(frozen=True, slots=True)
class LeadDesk:
    """サービス管理責任者・管理者: the whole office."""

    counts: Counts
    overdue: list[CaseRow]
    """Whose meeting is overdue, without those whom the reader's own desk names already."""
    all_overdue: HomeCount
    more_overdue: int
    """How many of them stand by name neither here nor on the reader's own desk."""
    nudge: Nudge | None
    """In the last third of the month, where something lacks."""
    month: Month | None
    """The month that is to be closed, whose state the page fetches; None for who may not see it."""
    suggestions: list[CaseRow]
    """Empty for a reader who does not decide."""
    all_suggestions: HomeCount
    worrying: list[CaseRow]
    all_worrying: HomeCount
    team: Team


def worker_desk(membership: Membership, on: date, *, needs_own: bool = False) -> WorkerDesk | None:
    """The desk of somebody who meets people (about seventeen queries).

    Where nobody is assigned to oneself everybody's people stand here; None where `needs_own`: then the
    office's desk says the same.
    """
    office = cast(int, membership.office_id)
    is_own = bool(ask.anybody.rows(office=office, user=membership.user_id, on=on))
    if needs_own and not is_own:
        return None
    people = _People(office, membership.user_id if is_own else None, on)
    to_meet = people.rows(ask.to_meet, shown=SHOWN)
    reports = people.rows(ask.answering, ask=Ask.REPORT, shown=SHOWN)
    rows = _rows(office, {*to_meet, *reports}, on)
    shown = [rows[key] for key in to_meet]
    whose = str(membership.public_id) if is_own else EVERYBODY
    found = {Ask.TO_MEET: len(to_meet), Ask.REPORT: len(reports)}
    *counts, all_to_meet = _counts(people, (*WORKER_ASKS, Ask.TO_MEET), whose, found)
    return WorkerDesk(
        counts=Counts(
            (
                *counts,
                *_plan_counts(people, WORKER_PLANS, whose),
                *handed_on(people, whose),
            )
        ),
        # Of the whole office: whoever leads it reads them on the office's desk.
        found_again=Counts(() if needs_own else found_again(membership, on)),
        today=[row for row in shown if row.next_on == on],
        people=[row for row in shown if row.next_on != on],
        all_to_meet=all_to_meet,
        reports=with_reports([rows[key] for key in reports], Month.of(on) - 1),
        paths=paths_ahead(membership, on),
        moves=told_moves(membership, on, SHOWN),
        is_own=is_own,
        report_month=Month.of(on) - 1,
        reports_due_on=report_day(Month.of(on) - 1) if reports else None,
    )


@dataclass(frozen=True, slots=True)
class _People:
    """Whose people a desk is about: those of a member of staff, or all of an office."""

    office: int
    user: int | None
    on: date

    def rows(self, question: Prepared, **given: Any) -> list[Any]:
        """What the question finds among them (one query)."""
        return question.rows(office=self.office, user=self.user, on=self.on, **given)


def _worrying_and_suggested(everybody: _People, *, decides: bool) -> tuple[list[int], list[int]]:
    """The most urgent of each, in one query; no suggestions for who does not decide."""
    if not decides:
        return everybody.rows(ask.answering, ask=Ask.WORRYING, shown=SHOWN), []
    found = ask.worrying_or_suggested.rows(office=everybody.office, on=everybody.on)
    worrying = [key for key, worries, _suggested in found if worries]
    suggested = [key for key, _worries, is_one in found if is_one]
    return worrying[:SHOWN], suggested[:DECISIONS_SHOWN]


def _overdue(everybody: _People, own: WorkerDesk | None) -> list[int]:
    """The first overdue ones whom the own desk does not name (one query)."""
    named = {row.enrolment_key for row in (*own.today, *own.people)} if own else set()
    found = everybody.rows(ask.answering, ask=Ask.OVERDUE, shown=OVERDUE_SHOWN + len(named))
    return [key for key in found if key not in named][:OVERDUE_SHOWN]


def _named_late(own: WorkerDesk | None) -> int:
    """How many overdue people the own desk names."""
    rows = (*own.today, *own.people) if own else ()
    return sum(row.is_late and row.refusal is None for row in rows)


def _rows(office: int, keys: set[int], on: date) -> dict[int, CaseRow]:
    return {row.enrolment_key: row for row in case_rows_of(office, keys, on)}


def lead_desk(membership: Membership, on: date, *, own: WorkerDesk | None = None) -> LeadDesk:
    """The desk of somebody who answers for the office (about twelve queries).

    What the reader's `own` desk says already is left out: a question with the same number is about
    the same people, and whom it names is not named again.
    """
    office = membership.office
    assert office is not None  # noqa: S101  (the caller asks for an office's member)
    everybody = _People(office.pk, None, on)
    decides = membership.may(Permission.PACE_DECIDE)
    *shared, suggestions = _counts(everybody, (*LEAD_ASKS, *DECIDED_ASKS), EVERYBODY)
    counts = tuple(shared) if decides else (*shared, suggestions)
    (waiting,) = ask.waiting.row(office=office.pk, on=on)
    worrying, suggested = _worrying_and_suggested(everybody, decides=decides)
    of = dict(zip(LEAD_ASKS, shared, strict=True))
    all_overdue = of[Ask.OVERDUE]
    overdue = _overdue(everybody, own) if all_overdue.count else []
    rows = _rows(office.pk, {*overdue, *worrying, *suggested}, on)
    told = {(item.label, item.count) for item in own.counts.every} if own else set()
    month = last_month_here(office, on) if membership.may(Permission.MONTH_READ) else None
    return LeadDesk(
        counts=Counts(
            (
                *(item for item in counts if (item.label, item.count) not in told),
                *_lead_plans(membership, everybody, told),
                HomeCount(_("開始待ち"), waiting, reverse("waiting")),
                *_keeping_count(membership, on),
                *found_again(membership, on),
            )
        ),
        overdue=[rows[key] for key in overdue],
        all_overdue=all_overdue,
        more_overdue=max(all_overdue.count - len(overdue) - _named_late(own), 0),
        nudge=_nudge(counts, on, told),
        month=month,
        suggestions=[rows[key] for key in suggested],
        all_suggestions=suggestions,
        worrying=[rows[key] for key in worrying],
        all_worrying=of[Ask.WORRYING],
        team=team_of(office, on),
    )


def _keeping_count(membership: Membership, on: date) -> tuple[HomeCount, ...]:
    """Files whose time of keeping is over and that wait for a decision, for who decides."""
    if membership.office is None or not membership.may(Permission.RECORD_ERASE):
        return ()
    count = due_count(membership.office, on)
    # Nobody most of the time: then it is no line on the page.
    return (HomeCount(_("保存期間が終わった記録"), count, reverse("keeping")),) if count else ()


def found_again(membership: Membership, on: date) -> tuple[HomeCount, ...]:
    """Who was led elsewhere and may be able to use the service now, for whoever may act on it."""
    count = eligible_count(membership, on)
    # Nobody most of the time: then it is no line on the page.
    url = f"{reverse('referral_list')}?ask={ReferralAsk.ELIGIBLE.value}"
    return (HomeCount(str(ReferralAsk.ELIGIBLE.label), count, url, "success"),) if count else ()


def handed_on(people: _People, whose: str) -> tuple[HomeCount, ...]:
    """Whose support has ended before the hand-over reached the new place."""
    ((count,),) = people.rows(ask.unfinished)
    # Nobody most of the time: then it is no line on the page.
    kind = EndKind.HANDOVER_OPEN
    url = f"{reverse('expiry')}?kind={kind.value}&late=1&staff={whose}"
    return (HomeCount(kind.label, count, url, "danger"),) if count else ()


def _lead_plans(
    membership: Membership, everybody: _People, told: set[tuple[str, int]]
) -> tuple[HomeCount, ...]:
    """For whoever makes plans, and whoever answers for what a month without one costs."""
    if not membership.may(Permission.INTERVIEW_READ):
        return ()
    found = _plan_counts(everybody, LEAD_PLANS)
    return tuple(item for item in found if (item.label, item.count) not in told)


def _plan_counts(
    people: _People, asks: tuple[PlanAsk, ...], staff: str = ""
) -> tuple[HomeCount, ...]:
    """Of the 個別支援計画: what costs, and what waits (one query); of one member of `staff` or of all."""
    whose = f"&staff={staff}" if staff else ""
    (counts,) = people.rows(ask.plans, asks=asks)
    return tuple(
        HomeCount(
            _("個別支援計画：%(ask)s") % {"ask": each.label},
            count,
            f"{reverse('plan_list')}?ask={each.value}{whose}",
            PLAN_TONES[each] if count else "neutral",
        )
        for each, count in zip(asks, counts, strict=True)
    )


def paths_ahead(membership: Membership, on: date) -> list[QueueRow]:
    """Applications of people before their use: whose turn it is (two queries)."""
    found = ask.paths.rows(office=membership.office_id, on=on, at_most=PATHS_READ)
    return paths_told(found, on)[:SHOWN]


def caseload_url(ask: Ask, staff: str) -> str:
    """The list that agrees with a count, of one member of staff or of EVERYBODY."""
    return f"{reverse('caseload')}?ask={ask.value}&staff={staff}"


def _counts(
    people: _People,
    asks: Sequence[Ask],
    staff: str,
    listed: Mapping[Ask, int] | None = None,
) -> tuple[HomeCount, ...]:
    """The numbers of the questions (one query). A list of SHOWN that is not full is counted already."""
    known = {ask: n for ask, n in (listed or {}).items() if n < SHOWN}
    unknown = tuple(each for each in asks if each not in known)
    (counted,) = people.rows(ask.counted, asks=unknown)
    found = known | dict(zip(unknown, counted, strict=True))
    return tuple(
        HomeCount(
            str(each.label),
            found[each],
            caseload_url(each, staff),
            TONES.get(each, "neutral") if found[each] else "neutral",
        )
        for each in asks
    )


def _nudge(counts: tuple[HomeCount, ...], on: date, told: set[tuple[str, int]]) -> Nudge | None:
    """From the 20th on: who is to be met yet this month, and which reports are not with anybody."""
    of = dict(zip(LEAD_ASKS, counts, strict=False))
    wanted = {
        Ask.NOT_MET: replace(of[Ask.NOT_MET], label=_("今月が期限で、まだ会えていない方")),
        Ask.REPORT: replace(
            of[Ask.REPORT], label=_("渡していない先月の支援レポート"), unit=_("件")
        ),
    }
    links = tuple(
        item
        for ask, item in wanted.items()
        if item.count and (of[ask].label, item.count) not in told
    )
    if on.day < NUDGE_FROM_DAY or not links:
        return None
    left = (Month.of(on).last_day - on).days
    title = (
        _("今月はあと%(left)d日です。") % {"left": left} if left else _("今日で今月が終わります。")
    )
    return Nudge(title, links)
