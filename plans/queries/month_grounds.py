"""What holds in one person's month: periods that touch it, and who was met inside them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import NamedTuple, TypeVar

from clients.queries.facts import WorkingLife
from clients.rules.kinds import EmploymentKind, StandingState
from clients.rules.right import Right
from plans.queries.decision_change import is_changed
from plans.queries.month_rows import MonthRows
from plans.queries.month_values import CapRow, ContactRow, ContractRow, DecisionRow, Use
from plans.rules.interview import missed_text, not_counting
from plans.rules.kinds import ContactOutcome, ContactWay
from plans.rules.paying_decision import unrenewed_days
from plans.rules.refusal import refusal_in
from teikyaku.periods import Lasting, Month, Period, whole_month
from teikyaku.reasons import Reason

L = TypeVar("L", bound=Lasting)
_WAYS = {each.value: each for each in ContactWay}
_OUTCOMES = {each.value: each for each in ContactOutcome}


class MonthGrounds(NamedTuple):
    """What holds in one person's month: periods that touch it, and who was met inside them."""

    whole: Period
    granted: list[DecisionRow]
    signed: list[ContractRow]
    """Of whichever office."""
    contracts: Sequence[Lasting]
    jobs: Sequence[Lasting]
    standing: StandingState
    met: tuple[date, ...]
    """Days of meetings that count; under a renewal that may come where there are no others."""
    is_renewal_late: bool
    refused_on: date | None
    met_between_jobs: bool
    """Nothing but meetings between two jobs, while the right was pending: whether they count is [?]."""
    missed: str
    """Where somebody was met and nothing counts: the first such day and why, in words."""


def grounds_of(
    use: Use, rows: MonthRows, life: WorkingLife, right: Right, month: Month
) -> MonthGrounds:
    """What the verdict on a month stands on, of rows at hand; `right`: of the life, for all its months."""
    whole = whole_month(month)
    granted = _touching(rows.decisions[use.client_id], whole)
    signed = _touching(rows.contracts[use.client_id], whole)
    contracts = [row for row in signed if row.enrolment == use.pk]
    ordinary = [job for job in life.employments if job.kind is EmploymentKind.ORDINARY]
    jobs = _touching(ordinary, whole)
    contacts = [row for row in rows.contacts[use.pk] if whole.contains(row.held_on)]

    def met_under(periods: Sequence[Lasting]) -> tuple[date, ...]:
        return tuple(
            [
                row.held_on
                for row in contacts
                if right.holds(row.held_on) and not _lacking(row, contracts, periods, jobs)
            ]
        )

    met, is_late = met_under(granted), False
    if not met and (late := _late_days(rows.decisions[use.client_id], granted, use, whole)):
        # Its meetings count as soon as the decision is on file. In a month that was granted in part
        # a meeting must lie there; without one nothing waits for the renewal.
        met = met_under((late,))
        is_late = not granted or bool(met)
    # Between two jobs the right is not decided: such a meeting is asked about and not lost (§2 [?]).
    between = () if met else tuple(_between_jobs(contacts, right, contracts, granted, jobs))
    met = met or between
    missed = [_missed(row, _lacking(row, contracts, granted, jobs)) for row in contacts if not met]
    refusal = refusal_in(contacts, month)
    return MonthGrounds(
        whole, granted, signed, contracts, jobs, right.state_of(month), met, is_late,
        refusal.held_on if refusal else None, bool(between), next(filter(None, missed), "") if missed else "",
    )  # fmt: skip


def _between_jobs(
    contacts: Iterable[ContactRow],
    right: Right,
    contracts: Sequence[Lasting],
    granted: Sequence[Lasting],
    jobs: Sequence[Lasting],
) -> Iterator[date]:
    """Days of meetings that lack nothing but a job, while the right was open or pending."""
    for row in contacts:
        lacking = _lacking(row, contracts, granted, jobs)
        if [each.code for each in lacking] == ["employment"] and right.holds(row.held_on):
            yield row.held_on


def _late_days(
    decisions: Sequence[DecisionRow], granted: Sequence[DecisionRow], use: Use, whole: Period
) -> Period | None:
    """The days of the month that wait for a renewal: what ran out was neither revoked nor changed."""
    if granted:
        last = granted[-1]
        is_open = last.revoked_on is None and not is_changed(last)
        return unrenewed_days(granted, whole, use.window_ends_on) if is_open else None
    before = (row for row in decisions if row.ends_on < whole.starts_on)
    ran_out = any(row.revoked_on is None and not is_changed(row) for row in before)
    return whole if ran_out else None


def cap_in(
    caps: Sequence[CapRow], decision: DecisionRow | None, month: Month
) -> tuple[CapRow | None, bool]:
    """The cap of the month, and whether the one on file is another municipality's than the one that pays.

    Each sets its own (§5). A move in the middle of a month begins a new cap for that whole month (§4):
    what is claimed from the municipality before has the cap that it had set up to then.
    """
    cap = next((row for row in reversed(caps) if row.holds(month.first_day)), None)
    if cap is None or decision is None or cap.municipality_id == decision.municipality_id:
        return cap, False
    before = (month - 1).first_day
    own = (
        row
        for row in caps
        if row.last_month == before and row.municipality_id == decision.municipality_id
    )
    found = next(own, None)
    return found, found is None


def _touching(rows: Iterable[L], whole: Period) -> list[L]:
    """The rows that share a day with the month: no other says anything about it."""
    first, last = whole.starts_on, whole.ends_on or date.max
    return [
        row
        for row in rows
        if row.starts_on <= last and (row.ends_on is None or first <= row.ends_on)
    ]


def _lacking(
    row: ContactRow,
    contracts: Sequence[Lasting],
    granted: Sequence[Lasting],
    jobs: Sequence[Lasting],
) -> tuple[Reason, ...]:
    return not_counting(
        row.held_on,
        _WAYS[row.way],
        _OUTCOMES[row.outcome],
        met_by_support_worker=row.is_by_support_worker,
        contracts=contracts,
        decisions=granted,
        employments=jobs,
    )


def _missed(row: ContactRow, lacking: tuple[Reason, ...]) -> str:
    return missed_text(row.held_on, _WAYS[row.way], _OUTCOMES[row.outcome], lacking)
