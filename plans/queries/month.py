"""Billing's only door: what each person's month depends on, as frozen values.

In chunks of people, at a constant number of queries per chunk, whatever the size of the office.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence, Set
from datetime import date
from itertools import islice
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from clients.models import Enrolment
from clients.queries.facts import WorkingLife, working_lives
from clients.rules.barred import BarringSupport, barred
from clients.rules.kinds import StandingState
from clients.rules.right import Right
from plans.models import ReportShare, SupportPlan
from plans.queries.month_grounds import cap_in, grounds_of
from plans.queries.month_rows import MonthRows, rows_of
from plans.queries.month_values import (
    PlanRow,
    Use,
)
from plans.queries.opening import NOTHING, asked_from, openings_of
from plans.rules.month import MonthFacts
from plans.rules.pace_facts import PaceOpening
from plans.rules.paying_decision import paying_decision
from teikyaku.accounts.models import Office
from teikyaku.periods import Month, Period
from teikyaku.prepared import Keys, prepared

# A power of four: questions are put into SQL for that many keys (`teikyaku.prepared`).
CHUNK = 1024


class MonthOfSupport(NamedTuple):
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
    reported: bool = False,
) -> Iterator[MonthOfSupport]:
    """As `months_of_support` for every month from `first` to `last`, at the queries of one.

    By enrolment, then by month. Nothing of months before the first one that an office bills here.
    `skip` holds enrolments and months that nobody asks about; of who is
    skipped in every month nothing is read. With `only`, of these enrolments alone. With `reported`, of
    those alone who can be ready (§8): who was given the report of one of these months, and who died, since
    the municipality may let their month be billed without one.
    """
    months = list(Month.span(first, last))
    counts = Counter(enrolment for enrolment, _month in skip)
    unasked = [key for key, n in counts.items() if n == len(months)]
    keys = [office.pk for office in offices]
    asked: dict[str, Any] = {"unasked": unasked, "only": only, "first": first, "last": last}
    spans = [(month, month.first_day, month.last_day) for month in months]
    uses = map(Use._make, _used.tuples(offices=keys, reported=reported, **asked))
    while chunk := list(islice(uses, CHUNK)):
        ids = Keys(use.pk for use in chunk)
        clients = Keys({use.client_id for use in chunk})
        rows = rows_of(ids, clients, first, last)
        lives, openings = working_lives(clients), openings_of(ids)
        for use in chunk:
            opening, life = openings[use.pk], lives[use.client_id]
            right = Right(life.employments, life.services)
            for month, first_day, last_day in spans:
                if skip and (use.pk, month) in skip:
                    continue
                if _is_used(use, first_day, last_day, opening):
                    yield _value(use, rows, life, right, month, on, opening)


def uses_by_office(
    offices: Iterable[Office], month: Month, skip: Collection[int] = ()
) -> Mapping[int, int]:
    """How many are in use at each office in `month`, by its key, without those in `skip` (one query)."""
    keys = [office.pk for office in offices]
    return dict(_counted.tuples(offices=keys, unasked=list(skip), month=month))


def offices_sharing(month: Month) -> list[set[int]]:
    """The offices, by their keys, of each person whom several serve in `month` (one query)."""
    found: dict[int, set[int]] = defaultdict(set)
    for client, office in _of_several.tuples(month=month):
        found[client].add(office)
    return [offices for offices in found.values() if len(offices) > 1]


@prepared()
def _of_several(month: Month) -> QuerySet[Any, Any]:
    """Enrolments of the month, of those who have several in their life: few have."""
    several = Enrolment.objects.order_by().values("client").annotate(number=Count("pk"))
    rows = Enrolment.objects.filter(
        used_in(month, month), client__in=several.filter(number__gt=1).values("client")
    )
    return rows.order_by().values_list("client_id", "office_id")


@prepared("offices", "unasked")
def _counted(offices: list[int], unasked: list[int], month: Month) -> QuerySet[Any, Any]:
    found = Enrolment.objects.filter(used_in(month, month), office__in=offices)
    here = found.exclude(office__start__first_month__gt=month.first_day).exclude(pk__in=unasked)
    return here.order_by().values_list("office_id").annotate(number=Count("pk"))


@prepared("offices", "unasked", "only")
def _used(
    offices: list[int],
    unasked: list[int],
    only: list[int] | None,
    first: Month,
    last: Month,
    reported: bool,
) -> QuerySet[Any, Any]:
    found = Enrolment.objects.filter(used_in(first, last), office__in=offices)
    found = found if only is None else found.filter(pk__in=only)
    if reported:
        months = (first.first_day, last.first_day)
        shares = ReportShare.with_person(
            report__enrolment=OuterRef("pk"), report__month__range=months
        )
        found = found.filter(Exists(shares) | Q(client__died_on__isnull=False))
    return found.exclude(pk__in=unasked).order_by("office_id", "pk").values_list(
        "pk", "public_id", "client_id", "client__public_id", "office_id", "use_starts_on",
        "ends_on", "window_starts_on", "window_ends_on", "client__died_on",
    )  # fmt: skip


def _is_used(use: Use, first: date, last: date, opening: PaceOpening) -> bool:
    """`used_in` for a row and the days of a month, from the first month on that the office bills here."""
    if opening.first_day is not None and first < opening.first_day:
        return False
    has_begun = use.use_starts_on is not None and use.use_starts_on <= last
    return has_begun and (use.ends_on is None or first <= use.ends_on)


def _value(
    use: Use,
    rows: MonthRows,
    life: WorkingLife,
    right: Right,
    month: Month,
    on: date,
    opening: PaceOpening,
) -> MonthOfSupport:
    first, last = month.first_day, month.last_day
    grounds = grounds_of(use, rows, life, right, month)
    decision = paying_decision(grounds.granted, grounds.met)
    cap, is_foreign = cap_in(rows.caps[use.client_id], decision, month)
    name = next((row for row in rows.names[use.client_id] if row.holds(last)), None)
    number = rows.numbers.get(decision.pk, "") if decision else ""
    municipality = rows.municipalities[decision.municipality_id] if decision else ""
    is_split = len({row.municipality_id for row in grounds.granted}) > 1
    shared = rows.shared.get((use.pk, first))
    plans = rows.plans[use.pk]
    contracts = [row for row in rows.contracts[use.client_id] if row.enrolment == use.pk]
    without_plan = months_without_plan(plans, use, month, opening)
    making = _plan_being_made(plans, month) if without_plan else None
    step = making.next_step if making else None
    return MonthOfSupport(
        enrolment_id=use.pk,
        enrolment_public_id=use.public_id,
        client_id=use.client_id,
        client_public_id=use.person_id,
        office_id=use.office_id,
        name=name.name if name else "",
        kana=name.kana if name else "",
        month=month,
        facts=MonthFacts(
            month=month,
            has_contract=bool(grounds.contracts),
            has_decision=decision is not None,
            is_renewal_late=grounds.is_renewal_late,
            split_paid_by=municipality if is_split else "",
            is_employed=bool(grounds.jobs),
            is_employment_pending=grounds.standing == StandingState.PENDING
            or grounds.met_between_jobs,
            # Where a leaving ended the right, that is what the month lacks, and not the window.
            is_in_window=_in_window(use, grounds.whole) or grounds.standing is StandingState.ENDED,
            has_right=grounds.standing in (StandingState.OPEN, StandingState.PENDING),
            qualifying_meetings=grounds.met,
            missed=grounds.missed,
            refused_on=grounds.refused_on,
            report_shared_on=shared.of_meetings(grounds.met) if shared else None,
            has_died=use.died_on is not None and use.died_on <= on,
            is_report_early=bool(shared and shared.is_early(grounds.met)),
            has_cap=cap is not None,
            is_cap_of_another=is_foreign,
            has_certificate=bool(number) or decision is None,
            is_cap_management_open=bool(cap and cap.is_managed and cap.cap_yen),
            is_served_elsewhere=any(row.office != use.office_id for row in grounds.signed),
            barred_because=_barred(rows.barring.get(use.client_id, ()), life, month),
            has_support_plan=without_plan == 0,
            plan_step=step.label if step else "",
            is_over=on > last,
        ),
        municipality_id=decision.municipality_id if decision else None,
        municipality_name=municipality,
        certificate_number=number,
        cap_yen=cap.cap_yen if cap else None,
        is_first_month=use.use_starts_on is not None and first <= use.use_starts_on <= last,
        has_initial_addition=any(row.initial_addition_month == first for row in contracts),
        months_without_plan=without_plan,
        decision_public_id=decision.public_id if decision else None,
        plan_public_id=making.public_id if making else None,
        plan_step=step.value if step else "",
        managing_office_number=cap.managing_office_number if cap and cap.is_managed else "",
        managing_office_name=cap.managing_office_name if cap and cap.is_managed else "",
        has_initial_answer=any(row.initial_addition_month for row in contracts),
    )


def _in_window(use: Use, whole: Period) -> bool:
    starts, ends = use.window_starts_on, use.window_ends_on
    if starts is None or ends is None:
        return False
    return Period(starts, ends).overlaps(whole)


def _barred(supports: Sequence[BarringSupport], life: WorkingLife, month: Month) -> str:
    found = barred(month, supports, life.services)
    return found.text if found else ""


def months_without_plan(
    plans: Sequence[PlanRow | SupportPlan],
    enrolment: Use | Enrolment,
    month: Month,
    opening: PaceOpening = NOTHING,
) -> int:
    """Months in a row up to `month` without a plan, counted from the month in which use began.

    Of an office that moved in, from its first month here, or as far back as it said.
    """
    held_until = _held_until(plans, month.last_day)
    if held_until is not None and held_until >= month.first_day:
        return 0
    asked = month - asked_from(opening, enrolment.use_starts_on, month) + 1
    since = asked if held_until is None else month - Month.of(held_until)
    return max(0, min(asked, since))


def _held_until(plans: Iterable[PlanRow | SupportPlan], last: date) -> date | None:
    """The last day of a complete plan, every step done, that began by `last`."""
    found: date | None = None
    for plan in plans:
        review_by, starts_on = plan.review_by, plan.starts_on
        if review_by is None or starts_on is None or starts_on > last or not plan.is_complete:
            continue
        if found is None or review_by > found:
            found = review_by
    return found


def _plan_being_made(plans: Sequence[PlanRow], month: Month) -> PlanRow | None:
    """The plan on the way that was begun by the end of the month, if it does not lie ahead of it."""
    last = month.last_day
    return next(
        (
            plan
            for plan in plans
            if plan.is_open
            and plan.assessed_on is not None
            and plan.assessed_on <= last
            and (plan.starts_on is None or plan.starts_on <= last)
        ),
        None,
    )
