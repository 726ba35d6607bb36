"""What was told of an office after it closed a month: a 届出, the 区分 of a year, the price of a unit.

Whoever tells it (the head, who administers the system) mostly does not bill: closed months that it touches are
looked for here, as `queries.told_since` looks for those of a person. Read from the histories, of an office some
tens of rows in a life. Whether a month comes to something else by it, is reckoned afterwards.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import chain
from typing import Any, NamedTuple

from django.db.models import Q, QuerySet

from billing.models import OfficeNotification, OfficeTier, PersonMonth
from billing.queries.after_close import CLOSED_COLUMNS, ClosedMonth, Key
from billing.rules.causes import PRICE, TIER
from teikyaku.accounts.models import OfficeTerms
from teikyaku.clock import date_of
from teikyaku.periods import Month
from teikyaku.prepared import prepared
from teikyaku.rehearsal import once

_DAY = timedelta(days=1)


class OfficeChange(NamedTuple):
    """Months (by their first days) of which something was told when they were over."""

    kind: str
    """The notified item, or PRICE or TIER of `rules.causes`."""
    first: date
    last: date
    told_at: datetime
    price: Decimal | None = None
    """Of a price what it is from then on, where it stands: what was closed by the same is left alone."""

    def touches(self, month: Month, closed_at: datetime) -> bool:
        """Whether that month, closed then, was closed without it."""
        return self.first <= month.first_day <= self.last and closed_at < self.told_at


class _Version(NamedTuple):
    """What a row of a history says: of which fact, from when to when, and how it came."""

    row: int
    kind: str
    value: Any
    first: date
    last: date
    told_at: datetime
    is_gone: bool

    def price_of(self, first: date, last: date) -> Decimal | None:
        """The price, where that is what this says of the whole span."""
        holds = not self.is_gone and self.first <= first and last <= self.last
        return self.value if holds and self.kind == PRICE else None


def office_changes(office: int) -> tuple[OfficeChange, ...]:
    """All that was told of months that were over (three queries, once)."""
    return once(("office_changes", office), lambda: tuple(_changes(office)))


def closed_under_other_terms(office: int, month: Month | None) -> Mapping[Key, ClosedMonth]:
    """Closed months that such a change touches (one query more; none where nothing was told)."""
    touched = Q()
    for each in office_changes(office):
        span = Q(month__range=(each.first, each.last), closing__closed_at__lt=each.told_at)
        touched |= span if each.price is None else span & ~Q(unit_price=each.price)
    if not touched:
        return {}
    rows = PersonMonth.objects.standing().filter(touched, closing__office=office)
    rows = rows if month is None else rows.filter(month=month.first_day)
    found = (ClosedMonth(*row) for row in rows.order_by().values_list(*CLOSED_COLUMNS))
    return {(row.enrolment, Month.of(row.day)): row for row in found}


def _changes(office: int) -> Iterator[OfficeChange]:
    before: _Version | None = None
    for version in chain(_items(office), _years(office), _prices(office)):
        former = before if before is not None and _is_same(before, version) else None
        before = version
        over = (Month.of(date_of(version.told_at)) - 1).first_day
        for first, last in _told_anew(former, version):
            if first <= min(last, over):
                price = version.price_of(first, last)
                yield OfficeChange(version.kind, first, min(last, over), version.told_at, price)


def _is_same(one: _Version, other: _Version) -> bool:
    return (one.row, one.kind) == (other.row, other.kind)


def _told_anew(former: _Version | None, version: _Version) -> Iterable[tuple[date, date]]:
    """Spans in which something else holds than before."""
    if version.is_gone or former is None:
        return [(version.first, version.last)]
    if former.value != version.value:
        return [(min(former.first, version.first), max(former.last, version.last))]
    starts, ends = (
        sorted((former.first, version.first)),
        sorted((former.last, version.last)),
    )
    found = []
    if starts[0] < starts[1]:
        found.append((starts[0], starts[1] - _DAY))
    if ends[0] < ends[1]:
        found.append((ends[0] + _DAY, ends[1]))
    return found


def _items(office: int) -> Iterator[_Version]:
    for row, item, first, last, told_at, how in _notified.rows(office=office):
        yield _Version(row, item, item, first, last or date.max, told_at, how == "-")


def _years(office: int) -> Iterator[_Version]:
    for row, year, tier, told_at, how in _tiers.rows(office=office):
        april = Month(year, 4)
        last = (april + 11).first_day
        yield _Version(row, TIER, tier, april.first_day, last, told_at, how == "-")


def _prices(office: int) -> Iterator[_Version]:
    for row, first, last, price, told_at, how in _terms.rows(office=office):
        yield _Version(row, PRICE, price, first, last or date.max, told_at, how == "-")


@prepared("office")
def _notified(office: int) -> QuerySet[Any, Any]:
    rows = OfficeNotification.history.filter(office=office).order_by("id", "history_id")  # type: ignore[attr-defined]
    columns = ("id", "item", "first_month", "last_month", "history_date", "history_type")
    return rows.values_list(*columns)


@prepared("office")
def _tiers(office: int) -> QuerySet[Any, Any]:
    rows = OfficeTier.history.filter(office=office).order_by("id", "history_id")  # type: ignore[attr-defined]
    return rows.values_list("id", "fiscal_year", "tier", "history_date", "history_type")


@prepared("office")
def _terms(office: int) -> QuerySet[Any, Any]:
    rows = OfficeTerms.history.filter(office=office).order_by("id", "history_id")  # type: ignore[attr-defined]
    columns = ("id", "starts_on", "ends_on", "unit_price", "history_date", "history_type")
    return rows.values_list(*columns)
