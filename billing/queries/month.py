"""The month of an office: who is ready, held or not billable, why, and what it comes to."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from billing.calculation import Copayment, Line, copayment, month_lines, total_units
from billing.models import MonthClosing, PersonMonth
from billing.queries.office_month import OfficeMonth, office_month
from clients.models import ClientName, Enrolment
from plans.queries.month import MonthOfSupport, months_of_support
from plans.rules.month import MonthState, verdict
from teikyaku.accounts.models import Office
from teikyaku.periods import Month, in_force
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

    @property
    def is_ready(self) -> bool:
        """Whether the close takes this person in."""
        return self.state in (MonthState.READY, MonthState.READY_REDUCED)


@dataclass(frozen=True, slots=True)
class ClosedEntry:
    """One person's closed month: the frozen sums, whatever today's facts would say."""

    public_id: UUID
    client_public_id: UUID
    enrolment_id: int
    name: str
    kana: str
    units: int
    copayment_yen: int


@dataclass(frozen=True, slots=True)
class MonthBoard:
    """The month of an office as the page, the close and the print show it."""

    office_month: OfficeMonth
    entries: tuple[MonthEntry, ...]
    closed: tuple[ClosedEntry, ...]
    closings: tuple[MonthClosing, ...]

    def of(self, *states: MonthState) -> list[MonthEntry]:
        """The open entries in these states, by kana."""
        closed = {entry.enrolment_id for entry in self.closed}
        found = [
            e for e in self.entries if e.state in states and e.support.enrolment_id not in closed
        ]
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
    claimed = claims_of_people(office, month)
    entries = []
    for support in months_of_support([office], month, on):
        other = claimed.get(support.client_id, support.enrolment_id) != support.enrolment_id
        entry = entry_of(support, own, is_claimed_elsewhere=other)
        if entry.is_ready:  # a second contract of theirs in this month earns nothing more
            claimed[support.client_id] = support.enrolment_id
        entries.append(entry)
    closings = MonthClosing.objects.filter(office=office, month=month.first_day)
    closed = closed_entries(office, month)
    return MonthBoard(
        own, tuple(entries), closed, tuple(closings.select_related("closed_by__user"))
    )


def closed_entries(office: Office, month: Month) -> tuple[ClosedEntry, ...]:
    """Whose month is frozen, by kana, also when they have left since (two queries)."""
    rows = list(
        PersonMonth.objects.filter(closing__office=office, month=month.first_day).select_related(
            "client"
        )
    )
    people = {row.client_id for row in rows}
    held = ClientName.objects.filter(in_force(month.last_day), client__in=people)
    names = {name.client_id: name for name in held}
    found = [
        ClosedEntry(
            public_id=row.public_id,
            client_public_id=row.client.public_id,
            enrolment_id=row.enrolment_id,
            name=names[row.client_id].name if row.client_id in names else "",
            kana=names[row.client_id].kana if row.client_id in names else "",
            units=row.units,
            copayment_yen=row.copayment_yen,
        )
        for row in rows
    ]
    return tuple(sorted(found, key=lambda entry: (entry.kana, entry.enrolment_id)))


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
