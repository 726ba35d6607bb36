"""利用者負担 in sums, by the household's category (区分) and the cap of the closed month."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from billing.models import PersonMonth
from billing.rules.money_span import Span
from clients.enums import Category
from plans.models import CapPeriod
from teikyaku.accounts.models import Office

# A cap of which no period on file says the category any more stands last.
ORDER = {str(key): place for place, key in enumerate(Category.values)}


@dataclass(frozen=True, slots=True)
class CapKey:
    """A cap of the closed months, with the category on file; empty where none has this cap now."""

    category: str
    cap_yen: int

    @property
    def label(self) -> str:
        """The category in words; empty where there is none."""
        return str(Category(self.category).label) if self.category else ""


@dataclass(frozen=True, slots=True)
class CapSums:
    """People's months: what they were to pay, and what a municipality paid of it, in yen."""

    people: int = 0
    copayment_yen: int = 0
    subsidy_yen: int = 0

    @property
    def payable_yen(self) -> int:
        """What is asked of the people."""
        return self.copayment_yen - self.subsidy_yen


def copayments_by_cap(office: Office, span: Span) -> dict[CapKey, CapSums]:
    """Closed months by category and cap, the lowest first (two queries)."""
    rows = (
        PersonMonth.objects.standing()
        .filter(closing__office=office, month__range=span.days)
        .order_by()
        .values_list(
            "client", "municipality", "month", "cap_yen", "copayment_yen", "subsidy_yen"
        )
    )  # fmt: skip
    found = list(rows)
    periods = _periods({client for client, *_rest in found})
    sums: dict[CapKey, list[int]] = defaultdict(lambda: [0, 0, 0])
    for client, place, month, cap, copayment, subsidy in found:
        own = sums[CapKey(_category(periods[client, place], month, cap), cap)]
        own[:] = [own[0] + 1, own[1] + copayment, own[2] + subsidy]
    keys = sorted(sums, key=lambda key: (ORDER.get(key.category, len(ORDER)), key.cap_yen))
    return {key: CapSums(*sums[key]) for key in keys}


Known = dict[tuple[int, int], list[tuple[date, date | None, str, int]]]


def _periods(clients: set[int]) -> Known:
    found: Known = defaultdict(list)
    fields = ("client", "municipality", "first_month", "last_month", "category", "cap_yen")
    for client, place, *facts in CapPeriod.objects.filter(client__in=clients).values_list(*fields):
        found[client, place].append((facts[0], facts[1], facts[2], facts[3]))
    return found


def _category(
    periods: list[tuple[date, date | None, str, int]], month: date, cap_yen: int
) -> str:  # fmt: skip
    """The category of the period that holds the month, if its cap is that of the closed month."""
    for first, last, category, cap in periods:
        if first <= month and (last is None or month <= last) and cap == cap_yen:
            return category
    return ""
