"""The month of an office: who is ready, held or not billable, why, and what it comes to."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from billing.calculation import Copayment, Line, copayment, month_lines, total_units
from billing.models import MonthClosing, PersonMonth
from billing.queries.office_month import OfficeMonth, office_month
from clients.models import Enrolment
from plans.queries.month import MonthOfSupport, months_of_support
from plans.rules.month import MonthState, verdict
from teikyaku.accounts.models import Office
from teikyaku.periods import Month
from teikyaku.reasons import Reason

LONG_WITHOUT_PLAN = 3


@dataclass(frozen=True, slots=True)
class MonthEntry:
    """One person's month before the close: the verdict, its reasons, and the sums where there are."""

    support: MonthOfSupport
    state: MonthState
    reasons: tuple[Reason, ...]
    warnings: tuple[Reason, ...] = ()
    lines: tuple[Line, ...] = ()
    copayment: Copayment | None = None
    closed_id: UUID | None = None
    """The frozen row once the month was closed for this person."""

    @property
    def is_ready(self) -> bool:
        """Whether the close takes this person in."""
        return self.state in (MonthState.READY, MonthState.READY_REDUCED)


@dataclass(frozen=True, slots=True)
class MonthBoard:
    """The month of an office as the page, the close and the print show it."""

    office_month: OfficeMonth
    entries: tuple[MonthEntry, ...]
    closings: tuple[MonthClosing, ...]

    def of(self, *states: MonthState) -> list[MonthEntry]:
        """The open entries in these states, by kana."""
        found = [e for e in self.entries if e.state in states and e.closed_id is None]
        return sorted(found, key=lambda entry: (entry.support.kana, entry.support.enrolment_id))

    @property
    def ready(self) -> list[MonthEntry]:
        """Who the close would take in, reduced ones too."""
        return self.of(MonthState.READY, MonthState.READY_REDUCED)

    @property
    def held(self) -> list[MonthEntry]:
        """Who stays open and can be claimed later."""
        return self.of(MonthState.HELD)

    @property
    def not_billable(self) -> list[MonthEntry]:
        """Whose month cannot be paid."""
        return self.of(MonthState.NOT_BILLABLE)

    @property
    def closed(self) -> list[MonthEntry]:
        """Whose month is frozen."""
        return [entry for entry in self.entries if entry.closed_id is not None]

    @property
    def ready_units(self) -> int:
        """Units of those who are ready."""
        return sum(total_units(entry.lines) for entry in self.ready)

    @property
    def ready_yen(self) -> int:
        """Total cost of those who are ready, in yen."""
        return sum(e.copayment.total_cost_yen for e in self.ready if e.copayment)


def month_board(office: Office, month: Month, on: date) -> MonthBoard:
    """The office's month as of `on`; a constant number of queries."""
    own = office_month(office, month)
    frozen = dict(
        PersonMonth.objects.filter(closing__office=office, month=month.first_day).values_list(
            "enrolment_id", "public_id"
        )
    )
    claimed = claims_of_people(office, month)
    entries = []
    for support in months_of_support([office], month, on):
        other = claimed.get(support.client_id, support.enrolment_id) != support.enrolment_id
        entry = entry_of(support, own, is_claimed_elsewhere=other)
        if entry.is_ready:  # a second contract of theirs in this month earns nothing more
            claimed[support.client_id] = support.enrolment_id
        entries.append(replace(entry, closed_id=frozen.get(support.enrolment_id)))
    closings = MonthClosing.objects.filter(office=office, month=month.first_day)
    return MonthBoard(own, tuple(entries), tuple(closings.select_related("closed_by__user")))


def claims_of_people(office: Office, month: Month) -> dict[int, int]:
    """By client of the office: the enrolment, of whichever office, whose month is closed (one query)."""
    here = Enrolment.objects.filter(office=office).values("client")
    closed = PersonMonth.objects.filter(month=month.first_day, client__in=here)
    return dict(closed.values_list("client_id", "enrolment_id"))


def entry_of(
    support: MonthOfSupport, own: OfficeMonth, *, is_claimed_elsewhere: bool = False
) -> MonthEntry:
    """The verdict on one person's month, with lines and sums where it is ready."""
    facts = replace(
        support.facts,
        is_tier_confirmed=own.tier is not None,
        has_tariff=own.tariff is not None,
        has_unit_price=own.unit_price is not None,
        is_claimed_elsewhere=is_claimed_elsewhere,
    )
    found = verdict(facts)
    entry = MonthEntry(support, found.state, found.reasons, found.warnings)
    if not entry.is_ready or own.tariff is None or own.tier is None or own.unit_price is None:
        return entry
    lines = month_lines(support.month, own.tariff, own.tier, item_keys(support, own))
    sums = copayment(total_units(lines), own.unit_price, support.cap_yen)
    return replace(entry, lines=lines, copayment=sums)


def item_keys(support: MonthOfSupport, own: OfficeMonth) -> tuple[str, ...]:
    """The additions and reductions of this person's month: the office's and the person's own."""
    keys = list(own.items)
    if support.has_initial_addition:
        keys.append("initial")
    if support.months_without_plan >= LONG_WITHOUT_PLAN:
        keys.append("no_support_plan_long")
    elif support.months_without_plan:
        keys.append("no_support_plan")
    return tuple(keys)
