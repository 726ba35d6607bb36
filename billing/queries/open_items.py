"""ある日の未入金: what was open at the end of a day, by age and by month."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from billing.models import Invoice
from billing.queries.payments import open_invoices
from billing.rules.open_items import Age, age_of
from clients.queries.subject import names_seen
from teikyaku.accounts.models import Office
from teikyaku.periods import Month


@dataclass(frozen=True, slots=True)
class OpenItem:
    """One invoice of which something was open; sums in yen."""

    public_id: UUID
    person_month_id: UUID | None
    """None of one of before the office moved in."""
    name: str
    kana: str
    month: Month
    number: str
    issued_on: date
    due_on: date
    amount_yen: int
    open_yen: int
    days_late: int
    """Days after the last day for payment; 0 or below: still in time."""
    age: Age


@dataclass(frozen=True, slots=True)
class AgeSum:
    """What one step of age comes to."""

    label: str
    count: int
    yen: int


@dataclass(frozen=True, slots=True)
class MonthSum:
    """What one month of service comes to: yen by step of age, in the order of `Age`."""

    month: Month
    by_age: tuple[int, ...]
    count: int
    yen: int


def open_items(office: Office, on: date) -> list[OpenItem]:
    """What was open at the end of day `on`, oldest month first (two queries)."""
    return items_of(open_invoices(office, on), on)


def items_of(invoices: Iterable[Invoice], on: date) -> list[OpenItem]:
    """These invoices with the names as the office knows them (one query beside them)."""
    rows = list(invoices)
    names = names_seen((row.enrolment for row in rows), on)
    found = []
    for row in rows:
        name, month = names.get(row.enrolment_id), row.person_month
        found.append(
            OpenItem(
                public_id=row.public_id,
                person_month_id=month.public_id if month else None,
                name=name.name if name else "",
                kana=name.kana if name else "",
                month=Month.of(row.month),
                number=row.number,
                issued_on=row.issued_on,
                due_on=row.due_on,
                amount_yen=row.amount_yen,
                open_yen=row.open_yen,  # type: ignore[attr-defined]
                days_late=(on - row.due_on).days,
                age=age_of(row.due_on, on),
            )
        )
    return found


def age_sums(items: Sequence[OpenItem]) -> tuple[AgeSum, ...]:
    """Every step of age, also those without an invoice."""
    return tuple(
        AgeSum(
            age.label,
            sum(1 for item in items if item.age == age),
            sum(item.open_yen for item in items if item.age == age),
        )
        for age in Age
    )


def month_sums(items: Sequence[OpenItem]) -> tuple[MonthSum, ...]:
    """Every month with something open, oldest first."""
    found = []
    for month in sorted({item.month for item in items}):
        own = [item for item in items if item.month == month]
        by_age = tuple(sum(item.open_yen for item in own if item.age == age) for age in Age)
        found.append(MonthSum(month, by_age, len(own), sum(by_age)))
    return tuple(found)
