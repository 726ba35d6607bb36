"""利用者負担 in sums, by the household's category (区分) and the cap of the closed month."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from django.db.models import QuerySet

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


_Closed = tuple[int, int, int, date]
"""Client, municipality, cap and month of a closed row."""


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


class _Period(NamedTuple):
    """負担上限月額 as it is on file, or was at some time."""

    client: int
    place: int
    first: date
    last: date | None
    category: str
    cap_yen: int

    def holds(self, month: date) -> bool:
        """Whether it is the cap of the month whose first day is `month`."""
        return self.first <= month and (self.last is None or month <= self.last)


Known = dict[tuple[int, int, int], list[_Period]]
"""By client, municipality and cap."""


def copayments_by_cap(office: Office, span: Span) -> dict[CapKey, CapSums]:
    """Closed months by category and cap, the lowest first (two queries; three where caps changed)."""
    rows = (
        PersonMonth.objects.standing()
        .filter(closing__office=office, month__range=span.days)
        .order_by()
        .values_list(
            "client", "municipality", "cap_yen", "month", "copayment_yen", "subsidy_yen"
        )
    )  # fmt: skip
    found = list(rows)
    categories = _categories(
        {(client, place, cap, month) for client, place, cap, month, *_ in found}
    )
    sums: dict[CapKey, list[int]] = defaultdict(lambda: [0, 0, 0])
    for client, place, cap, month, copayment, subsidy in found:
        own = sums[CapKey(categories.get((client, place, cap, month), ""), cap)]
        own[:] = [own[0] + 1, own[1] + copayment, own[2] + subsidy]
    keys = sorted(sums, key=lambda key: (ORDER.get(key.category, len(ORDER)), key.cap_yen))
    return {key: CapSums(*sums[key]) for key in keys}


def _categories(closed: set[_Closed]) -> dict[_Closed, str]:
    """The category of each closed month: of the period that holds it with its cap.

    A cap that was put right later stands in the history: the month is told as it was closed.
    """
    people = {client for client, *_ in closed}
    known = _periods(CapPeriod.objects.filter(client__in=people))
    found = _of(closed, known)
    changed = {client for client, *_ in closed - found.keys()}
    if changed:
        former = CapPeriod.history.filter(client__in=changed)  # type: ignore[attr-defined]
        told = _periods(former.order_by("-history_date", "-history_id"))
        found.update(_of(closed - found.keys(), told))
    return found


def _periods(rows: QuerySet[Any]) -> Known:
    found: Known = defaultdict(list)
    fields = ("client", "municipality", "first_month", "last_month", "category", "cap_yen")
    for period in map(_Period._make, rows.values_list(*fields)):
        found[period.client, period.place, period.cap_yen].append(period)
    return found


def _of(closed: Iterable[_Closed], known: Known) -> dict[_Closed, str]:
    found = {}
    for each in closed:
        *key, month = each
        periods = known.get((key[0], key[1], key[2]), ())
        period = next((period for period in periods if period.holds(month)), None)
        if period is not None:
            found[each] = period.category
    return found
