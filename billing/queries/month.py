"""The month of an office: who is ready, held or not billable, why, and what it comes to."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from operator import attrgetter
from typing import Any, NamedTuple

from django.db.models import QuerySet

from billing.calculation import Copayment, Line, Lines, copayment, total_units
from billing.enums import ClosingKind
from billing.models import MonthClosing
from billing.queries.additions import NOTHING, AdditionFacts, Additions, additions_of
from billing.queries.cap_figures import CapFigures, cap_figures
from billing.queries.city_words import said_of
from billing.queries.closed_entries import ClosedEntry, closed_entries
from billing.queries.office_month import OfficeMonth, months_of_offices
from billing.queries.people_months import PeopleMonths, people_months
from billing.rules.subsidy import subsidy_yen
from plans.queries.month import MonthOfSupport, months_in_span
from plans.rules.month import MonthFacts, MonthState, verdict
from teikyaku.accounts.models import Office
from teikyaku.money import floor_yen
from teikyaku.periods import Month
from teikyaku.prepared import prepared
from teikyaku.reasons import Reason

READY = (MonthState.READY, MonthState.READY_REDUCED)
LONG_WITHOUT_PLAN = 3
OfficeAndMonth = tuple[int, Month]
# Made once for the same names, as these always are.
_getter = cache(attrgetter)


class MonthEntry(NamedTuple):
    """One person's month before the close: the verdict, its reasons, and the sums where there are."""

    support: MonthOfSupport
    state: MonthState
    reasons: tuple[Reason, ...]
    warnings: tuple[Reason, ...] = ()
    lines: tuple[Line, ...] = ()
    copayment: Copayment | None = None
    cap_result: CapFigures | None = None
    """The cap management that the sums follow, where the cap is managed."""
    edition: int = 1
    """Which row of the person's month it would be: more than 1 where one was withdrawn before."""
    additions: Additions = NOTHING
    """What is the person's own: 地域連携会議, answers, the subsidy."""

    @property
    def subsidy_yen(self) -> int:
        """What a municipality pays of the copayment; 0 where there are no sums."""
        given = self.additions.subsidy
        if given is None or self.copayment is None:
            return 0
        return subsidy_yen(given.kind, given.amount, self.copayment.decided_yen)

    @property
    def payable_yen(self) -> int:
        """What the person pays; 0 where there are no sums."""
        return self.copayment.decided_yen - self.subsidy_yen if self.copayment else 0

    @property
    def is_ready(self) -> bool:
        """Whether the close takes this person in."""
        return self.state in READY


@dataclass(frozen=True, slots=True)
class MonthBoard:
    """The month of an office as the page, the close and the print show it."""

    office_month: OfficeMonth
    entries: tuple[MonthEntry, ...]
    closed: tuple[ClosedEntry, ...]
    """What stands."""
    withdrawn: tuple[ClosedEntry, ...]
    """What was closed and then withdrawn: it counts for nothing, and no close takes it again."""
    closings: tuple[MonthClosing, ...]

    def of(self, *states: MonthState) -> list[MonthEntry]:
        """The open entries in these states, by kana."""
        closed = {entry.enrolment_id for entry in (*self.closed, *self.withdrawn)}
        found = [
            e for e in self.entries if e.state in states and e.support.enrolment_id not in closed
        ]
        return sorted(found, key=lambda entry: (entry.support.kana, entry.support.enrolment_id))

    @property
    def closes(self) -> list[MonthClosing]:
        """The runs that closed the month, without those that corrected one person's."""
        return [run for run in self.closings if run.kind != ClosingKind.CORRECTION]

    @property
    def corrections(self) -> list[MonthClosing]:
        """The runs that corrected one person's month each."""
        return [run for run in self.closings if run.kind == ClosingKind.CORRECTION]

    @property
    def ready(self) -> list[MonthEntry]:
        """Who the close would take in, reduced ones too."""
        return self.of(*READY)

    @property
    def held(self) -> list[MonthEntry]:
        """Who stays open and can be claimed later."""
        return self.of(MonthState.HELD)

    @property
    def not_billable(self) -> list[MonthEntry]:
        """Whose month cannot be paid."""
        return self.of(MonthState.NOT_BILLABLE)

    @property
    def ready_units(self) -> int:
        """Units of those who are ready."""
        return sum(total_units(entry.lines) for entry in self.ready)

    @property
    def ready_yen(self) -> int:
        """Total cost of those who are ready, in yen."""
        return sum(e.copayment.total_cost_yen for e in self.ready if e.copayment)

    @property
    def ready_copayments(self) -> tuple[int, ...]:
        """What each of those who are ready pays, in yen; who pays nothing gets no invoice."""
        return tuple(each.payable_yen for each in self.ready if each.payable_yen > 0)

    @property
    def held_yen(self) -> int | None:
        """Total cost of those who are held, in yen; None while tier, table or unit price is missing."""
        own = self.office_month
        if own.tariff is None or own.tier is None or own.unit_price is None:
            return None
        lines = Lines()
        units = [
            total_units(
                lines.of(own.month, own.tariff, own.tier, item_keys(e.support, own, e.additions))
            )
            for e in self.held
        ]
        return sum(floor_yen(each * own.unit_price) for each in units)


def month_board(office: Office, month: Month, on: date) -> MonthBoard:
    """The office's month as of `on`; a constant number of queries."""
    return month_boards(office, month, month, on)[month]


def month_boards(office: Office, first: Month, last: Month, on: date) -> dict[Month, MonthBoard]:
    """Every month from `first` to `last`, at the queries of one. Closed people are not judged again."""
    return boards_of([office], first, last, on)[office.pk]


def boards_of(
    offices: Sequence[Office], first: Month, last: Month, on: date, *, reported: bool = False
) -> dict[int, dict[Month, MonthBoard]]:
    """As `month_boards` for each office, by its key, at the queries of one.

    What an office could close counts as claimed for those that come after it, as if they had been
    closed one by one in the order of their keys. With `reported`, for a close: the entries leave out who
    is alive and was given no report, since nobody of them is ready.
    """
    own = months_of_offices(offices, first, last)
    people, managed = people_months(offices, first, last), cap_figures(offices, first, last)
    closed = closed_entries(offices, first, last)
    done = {(entry.enrolment_id, key[1]) for key, rows in closed.items() for entry in rows}
    additions = additions_of(offices, first, last, on)
    entries: dict[OfficeAndMonth, list[MonthEntry]] = defaultdict(list)
    supports = months_in_span(offices, first, last, on, skip=done, reported=reported)
    for entry in judged(supports, own, people, managed, additions):
        entries[entry.support.office_id, entry.support.month].append(entry)
    closings = _closings(offices, first, last)
    return {
        office: {
            month: MonthBoard(
                each, tuple(entries[office, month]),
                tuple(row for row in closed[office, month] if not row.is_withdrawn),
                tuple(row for row in closed[office, month] if row.is_withdrawn),
                closings[office, month],
            )
            for month, each in months.items()
        }
        for office, months in own.items()
    }  # fmt: skip


def judged(
    supports: Iterable[MonthOfSupport],
    own: Mapping[int, Mapping[Month, OfficeMonth]],
    people: dict[Month, PeopleMonths],
    managed: Mapping[OfficeAndMonth, CapFigures],
    additions: Mapping[int, AdditionFacts],
) -> Iterator[MonthEntry]:
    """The verdict on each person's month: of a board, and of one person's page alike.

    `own` and `additions` by office, `managed` by enrolment and month. Who is ready counts as claimed
    in `people` for those that come after.
    """
    lines = Lines()
    for support in supports:
        month = support.month
        known = people.get(month)
        if known is None:
            known = people[month] = PeopleMonths({}, {})
        office_month = own[support.office_id][month]
        claimed = known.claims
        other = claimed.get(support.client_id, support.enrolment_id) != support.enrolment_id
        entry = entry_of(
            support, office_month, is_claimed_elsewhere=other,
            managed=managed.get((support.enrolment_id, month)) if managed else None,
            additions=additions[support.office_id].of(support, office_month),
            edition=known.editions.get(support.client_id, 0) + 1, lines=lines,
        )  # fmt: skip
        if entry.is_ready:  # a second contract of theirs in this month earns nothing more
            claimed[support.client_id] = support.enrolment_id
        yield entry


def _closings(
    offices: Sequence[Office], first: Month, last: Month
) -> dict[OfficeAndMonth, tuple[MonthClosing, ...]]:
    found: dict[OfficeAndMonth, tuple[MonthClosing, ...]] = defaultdict(tuple)
    keys = [office.pk for office in offices]
    for row in _closed_in.rows(offices=keys, first=first, last=last):
        found[row.office_id, Month.of(row.month)] += (row,)
    return found


@prepared("offices")
def _closed_in(offices: list[int], first: Month, last: Month) -> QuerySet[MonthClosing]:
    rows = MonthClosing.objects.filter(office__in=offices, month__range=_days(first, last))
    return rows.select_related("closed_by__user", "remainder")


def _days(first: Month, last: Month) -> tuple[date, date]:
    return first.first_day, last.first_day


def entry_of(
    support: MonthOfSupport,
    own: OfficeMonth,
    *,
    is_claimed_elsewhere: bool = False,
    managed: CapFigures | None = None,
    additions: Additions = NOTHING,
    edition: int = 1,
    lines: Lines | None = None,
) -> MonthEntry:
    """The verdict on one person's month, with lines and sums where it is ready.

    `managed`: the result of the cap management on file; without one a managed cap holds the month.
    `additions`: what is the person's own. `lines`: for who asks about many people.
    """
    is_managed = support.facts.is_cap_management_open
    result = managed if is_managed else None
    facts = _with(
        support.facts,
        is_cap_management_open=is_managed and result is None,
        is_cap_result_off=result is not None and is_off(result, support, own, additions),
        is_tier_confirmed=own.tier is not None,
        has_tariff=own.tariff is not None or bool(own.rivals),
        has_rival_items=bool(own.rivals),
        cuts=_cuts_of(own, additions) if own.cuts else (),
        has_unit_price=own.unit_price is not None,
        is_claimed_elsewhere=is_claimed_elsewhere,
        report_due_on=additions.report_due_on,
        is_report_day_past=additions.is_report_day_past,
        **said_of(additions.city, support.municipality_id),
    )
    if result is not None and result.is_alone:
        result = None  # it only releases the month
    found = verdict(facts)
    is_ready = found.state in READY
    summed = sums_of(support, own, result, additions, lines) if is_ready else None
    return MonthEntry(
        support, found.state, found.reasons, (*found.warnings, *additions.warnings),
        lines=summed[0] if summed else (), copayment=summed[1] if summed else None,
        cap_result=result, edition=edition, additions=additions,
    )  # fmt: skip


def _cuts_of(own: OfficeMonth, additions: Additions) -> tuple[tuple[str, str], ...]:
    """The office's reductions that touch this person."""
    if not additions.without:
        return own.cuts
    return tuple(cut for cut in own.cuts if cut[0] not in additions.without)


def _with(facts: MonthFacts, **known: Any) -> MonthFacts:
    """The facts with what else is known; the same object where it is known already, as mostly."""
    if _getter(*known)(facts) == tuple(known.values()):
        return facts
    return facts._replace(**known)


def is_off(
    result: CapFigures, support: MonthOfSupport, own: OfficeMonth, additions: Additions = NOTHING
) -> bool:
    """Whether a result was made from another cap, or another copayment, than the month has now.

    Or by another office than the certificate names, without a reason (docs/rules.md §5).
    """
    if result.is_alone:
        return False  # nothing was shared out of it
    if result.is_unnamed(support.managing_office_number):
        return True
    summed = sums_of(support, own, replace(result, own_after_yen=None), additions)
    if summed is None:
        return False  # what is missing holds the month by itself
    return (result.cap_yen, result.own_before_yen) != (support.cap_yen, summed[1].capped_yen)


def sums_of(
    support: MonthOfSupport,
    own: OfficeMonth,
    result: CapFigures | None = None,
    additions: Additions = NOTHING,
    known: Lines | None = None,
) -> tuple[tuple[Line, ...], Copayment] | None:
    """The lines and sums of a person's month, whatever else holds it; None while a figure is missing."""
    if own.tariff is None or own.tier is None or own.unit_price is None or support.cap_yen is None:
        return None
    manages = result is not None and result.earns_addition
    keys = item_keys(support, own, additions, manages=manages)
    lines = (known or Lines()).of(support.month, own.tariff, own.tier, keys)
    managed = result.own_after_yen if result else None
    return lines, copayment(total_units(lines), own.unit_price, support.cap_yen, managed)


def item_keys(
    support: MonthOfSupport,
    own: OfficeMonth,
    additions: Additions = NOTHING,
    *,
    manages: bool = False,
) -> tuple[str, ...]:
    """The additions and reductions of this person's month: the office's and the person's own.

    `manages`: the office managed the cap in a month in which another office served the person.
    """
    keys = [*own.items, *additions.keys, *(["cap_management"] if manages else [])]
    if support.has_initial_addition:
        keys.append("initial")
    if support.months_without_plan >= LONG_WITHOUT_PLAN:
        keys.append("no_support_plan_long")
    elif support.months_without_plan:
        keys.append("no_support_plan")
    return tuple(key for key in keys if key not in additions.without)
