"""Billing's only door: what each person's month depends on, as frozen values.

In chunks of people, at a constant number of queries per chunk, whatever the size of the office.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence, Set
from dataclasses import dataclass, replace
from datetime import date
from itertools import islice
from typing import Any, cast
from uuid import UUID

from django.db.models import F, Q, QuerySet

from clients.enums import EmploymentKind
from clients.models import Enrolment
from clients.queries.facts import WorkingLife, working_lives
from clients.queries.other_support import barring_of
from clients.rules.barred import barred
from clients.rules.kinds import StandingState
from clients.rules.right import Right
from plans.models import CapPeriod, Decision, SupportPlan
from plans.queries.decision_change import is_changed
from plans.queries.month_rows import MonthRows, rows_of
from plans.queries.opening import NOTHING, asked_from, openings_of
from plans.rules.interview import not_counting
from plans.rules.kinds import ContactOutcome, ContactWay
from plans.rules.month import MonthFacts
from plans.rules.pace_facts import PaceOpening
from teikyaku.accounts.models import Office
from teikyaku.accounts.roles import Role
from teikyaku.periods import Month, Period
from teikyaku.prepared import prepared

CHUNK = 2000


@dataclass(frozen=True, slots=True)
class MonthOfSupport:
    """利用者の月: everything that the money of one person's month depends on."""

    enrolment_id: int
    enrolment_public_id: UUID
    client_id: int
    client_public_id: UUID
    office_id: int
    name: str
    kana: str
    month: Month
    facts: MonthFacts
    """What the verdict asks, but for the office's own answers (tier, tariff, unit price)."""
    municipality_id: int | None
    municipality_name: str
    certificate_number: str
    cap_yen: int | None
    is_first_month: bool
    has_initial_addition: bool
    months_without_plan: int
    """How many months in a row, this one included, lacked a valid 個別支援計画; 0 when valid."""
    decision_public_id: UUID | None
    plan_public_id: UUID | None = None
    """Of the plan that is being made, where the month has no valid one."""
    plan_step: str = ""
    """Its next step, by the key of its page."""
    managing_office_number: str = ""
    """上限額管理事業所, where the cap of the month is managed."""
    managing_office_name: str = ""
    has_initial_answer: bool = True
    """Whether a contract says in which month 初期加算 is billed."""


def used_in(first: Month, last: Month) -> Q:
    """The enrolments that were in use on some day from `first` to `last`."""
    return Q(use_starts_on__lte=last.last_day) & (
        Q(ends_on__isnull=True) | Q(ends_on__gte=first.first_day)
    )


def months_of_support(
    offices: Iterable[Office], month: Month, on: date
) -> Iterator[MonthOfSupport]:
    """One value per person in use at these offices in `month`, as of `on`."""
    return months_in_span(offices, month, month, on)


def months_in_span(
    offices: Iterable[Office],
    first: Month,
    last: Month,
    on: date,
    skip: Set[tuple[int, Month]] = frozenset(),
    only: Set[int] | None = None,
) -> Iterator[MonthOfSupport]:
    """As `months_of_support` for every month from `first` to `last`, at the queries of one.

    By enrolment, then by month. Nothing of months before the first one that an office bills here.
    `skip` holds enrolments and months that nobody asks about; of who is
    skipped in every month nothing is read. With `only`, of these enrolments alone.
    """
    counts = Counter(enrolment for enrolment, _month in skip)
    unasked = [key for key, n in counts.items() if n == len(list(Month.span(first, last)))]
    keys = [office.pk for office in offices]
    asked: dict[str, Any] = {"offices": keys, "unasked": unasked, "first": first, "last": last}
    if len(keys) == 1 and only is None:  # one office fits into memory
        stream = iter(_used.rows(**asked))
    else:
        found = _used.build(**asked)
        found = found if only is None else found.filter(pk__in=only)
        stream = found.iterator(chunk_size=CHUNK)
    while chunk := list(islice(stream, CHUNK)):
        rows = rows_of(chunk, first, last)
        by_month = {month: rows.of(month) for month in Month.span(first, last)}
        lives = working_lives({row.client_id for row in chunk})
        openings = openings_of([row.pk for row in chunk])
        for enrolment in chunk:
            opening = openings[enrolment.pk]
            for month, own in by_month.items():
                is_asked = _is_used(enrolment, month, opening)
                if is_asked and (enrolment.pk, month) not in skip:
                    yield _value(enrolment, own, lives[enrolment.client_id], month, on, opening)


@prepared("offices", "unasked")
def _used(offices: list[int], unasked: list[int], first: Month, last: Month) -> QuerySet[Enrolment]:
    found = Enrolment.objects.filter(used_in(first, last), office__in=offices)
    # Of the person their id alone: of each a row of their own would be made for nothing.
    found = found.exclude(pk__in=unasked).annotate(person_id=F("client__public_id"))
    return found.order_by("office_id", "pk")


def _is_used(enrolment: Enrolment, month: Month, opening: PaceOpening) -> bool:
    """`used_in` for a row at hand, from the first month on that the office bills here."""
    starts_on, ends_on = enrolment.use_starts_on, enrolment.ends_on
    if opening.first_day is not None and month.first_day < opening.first_day:
        return False
    has_begun = starts_on is not None and starts_on <= month.last_day
    return has_begun and (ends_on is None or month.first_day <= ends_on)


def _value(
    enrolment: Enrolment, rows: MonthRows, life: WorkingLife, month: Month, on: date,
    opening: PaceOpening,
) -> MonthOfSupport:  # fmt: skip
    decision = _decision_in(rows.decisions[enrolment.client_id], month)
    cap = _cap_in(rows.caps[enrolment.client_id], month)
    name = rows.names.get(enrolment.client_id)
    number = rows.numbers.get(decision.pk, "") if decision else ""
    plans = rows.plans[enrolment.pk]
    without_plan = months_without_plan(plans, enrolment, month, opening)
    making = _plan_being_made(plans, month) if without_plan else None
    facts = _facts(enrolment, rows, life, month, on, decision, cap, number, without_plan)
    if making is not None and making.next_step is not None:
        facts = replace(facts, plan_step=making.next_step.label)
    contracts = rows.contracts[enrolment.pk]
    return MonthOfSupport(
        enrolment_id=enrolment.pk,
        enrolment_public_id=enrolment.public_id,
        client_id=enrolment.client_id,
        client_public_id=cast(Any, enrolment).person_id,
        office_id=enrolment.office_id,
        name=name.name if name else "",
        kana=name.kana if name else "",
        month=month,
        facts=facts,
        municipality_id=decision.municipality_id if decision else None,
        municipality_name=decision.municipality.full_name if decision else "",
        certificate_number=number,
        cap_yen=cap.cap_yen if cap else None,
        is_first_month=enrolment.use_starts_on is not None
        and month.contains(enrolment.use_starts_on),
        has_initial_addition=any(c.initial_addition_month == month.first_day for c in contracts),
        months_without_plan=without_plan,
        decision_public_id=decision.public_id if decision else None,
        plan_public_id=making.public_id if making else None,
        plan_step=making.next_step.value if making and making.next_step else "",
        managing_office_number=cap.managing_office_number if cap and cap.is_managed else "",
        managing_office_name=cap.managing_office_name if cap and cap.is_managed else "",
        has_initial_answer=any(c.initial_addition_month for c in contracts),
    )


def _facts(
    enrolment: Enrolment,
    rows: MonthRows,
    life: WorkingLife,
    month: Month,
    on: date,
    decision: Decision | None,
    cap: CapPeriod | None,
    number: str,
    without_plan: int,
) -> MonthFacts:
    whole = Period(month.first_day, month.last_day)
    decisions = rows.decisions[enrolment.client_id]
    contracts = [Period(c.starts_on, c.ends_on) for c in rows.contracts[enrolment.pk]]
    jobs = [
        Period(job.starts_on, job.ends_on)
        for job in life.employments
        if job.kind == EmploymentKind.ORDINARY
    ]
    is_employed = any(job.overlaps(whole) for job in jobs)
    right = Right(life.employments, life.services)
    standing = right.state_of(month)
    is_renewal_late = decision is None and any(
        d.ends_on < month.first_day and d.revoked_on is None and not is_changed(d)
        for d in decisions
    )
    # A late renewal holds the month: its meetings count as soon as the decision is on file.
    granted = [Period(d.starts_on, d.ends_on) for d in decisions]
    granted += [whole] if is_renewal_late else []
    return MonthFacts(
        month=month,
        has_contract=any(contract.overlaps(whole) for contract in contracts),
        has_decision=decision is not None,
        is_renewal_late=is_renewal_late,
        is_employed=is_employed,
        is_employment_pending=standing == StandingState.PENDING,
        # Where a leaving ended the right, that is what the month lacks, and not the window.
        is_in_window=_in_window(enrolment, whole) or standing is StandingState.ENDED,
        has_right=standing in (StandingState.OPEN, StandingState.PENDING),
        qualifying_meetings=tuple(
            day for day in _meetings(enrolment, rows, contracts, granted, jobs) if right.holds(day)
        ),
        refused_on=rows.refusals.get(enrolment.pk),
        report_shared_on=rows.shared.get(enrolment.pk),
        has_cap=cap is not None,
        has_certificate=bool(number) or decision is None,
        is_cap_management_open=bool(cap and cap.is_managed and cap.cap_yen),
        is_served_elsewhere=bool(rows.offices[enrolment.client_id] - {enrolment.office_id}),
        barred_because=_barred(enrolment, rows, life, month),
        has_support_plan=without_plan == 0,
        is_over=on > month.last_day,
    )


def _decision_in(decisions: list[Decision], month: Month) -> Decision | None:
    found = [d for d in decisions if d.starts_on <= month.last_day and d.ends_on >= month.first_day]
    return found[-1] if found else None


def _cap_in(caps: list[CapPeriod], month: Month) -> CapPeriod | None:
    first = month.first_day
    found = [
        c for c in caps if c.first_month <= first and (not c.last_month or first <= c.last_month)
    ]
    return found[-1] if found else None


def _meetings(
    enrolment: Enrolment,
    rows: MonthRows,
    contracts: list[Period],
    granted: list[Period],
    jobs: list[Period],
) -> tuple[date, ...]:
    return tuple(
        row.held_on
        for row in rows.interviews[enrolment.pk]
        if not not_counting(
            row.held_on,
            ContactWay(row.way),
            ContactOutcome(row.outcome),
            met_by_support_worker=row.met_by.has_role(Role.SUPPORT_WORKER),
            contracts=tuple(contracts),
            decisions=tuple(granted),
            employments=tuple(jobs),
        )
    )


def _in_window(enrolment: Enrolment, whole: Period) -> bool:
    starts, ends = enrolment.window_starts_on, enrolment.window_ends_on
    if starts is None or ends is None:
        return False
    return Period(starts, ends).overlaps(whole)


def _barred(enrolment: Enrolment, rows: MonthRows, life: WorkingLife, month: Month) -> str:
    found = barred(month, barring_of(rows.barring[enrolment.client_id]), life.services)
    return found.text if found else ""


def months_without_plan(
    plans: Sequence[SupportPlan],
    enrolment: Enrolment,
    month: Month,
    opening: PaceOpening = NOTHING,
) -> int:
    """Months in a row up to `month` without a plan, counted from the month in which use began.

    Of an office that moved in, from its first month here, or as far back as it said.
    """
    began = asked_from(opening, enrolment.use_starts_on, month)
    count = 0
    while month - count >= began and not _has_plan(plans, month - count):
        count += 1
    return count


def _has_plan(plans: Sequence[SupportPlan], month: Month) -> bool:
    """Whether a complete plan, every step done, holds on some day of the month."""
    return any(
        plan.is_complete
        and plan.starts_on is not None
        and plan.review_by is not None
        and plan.starts_on <= month.last_day
        and plan.review_by >= month.first_day
        for plan in plans
    )


def _plan_being_made(plans: list[SupportPlan], month: Month) -> SupportPlan | None:
    """The plan on the way that was begun by the end of the month, if it does not lie ahead of it."""
    last = month.last_day
    return next(
        (
            plan
            for plan in plans
            if plan.is_open
            and plan.assessed_on <= last
            and (plan.starts_on is None or plan.starts_on <= last)
        ),
        None,
    )
