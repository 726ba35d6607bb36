"""届出 that exclude each other: of one family of the fee table one holds in a month (docs/rules.md §7)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import combinations

from django.db.models import Q
from django.utils.translation import gettext as _

from billing.enums import NotifiedItem
from billing.models import OfficeNotification
from billing.tariffs import family_of
from teikyaku.periods import Month


@dataclass(frozen=True, slots=True)
class Rival:
    """A 届出 that holds in some of the same months."""

    item: str
    first_month: date
    last_month: date | None

    @property
    def label(self) -> str:
        """The item's name."""
        return str(NotifiedItem(self.item).label)

    @property
    def words(self) -> str:
        """The item and its months."""
        last = Month.of(self.last_month).label if self.last_month else ""
        return f"「{self.label}」（{Month.of(self.first_month).label}〜{last}）"

    def runs_on_before(self, first_month: date) -> bool:
        """Whether it began before that month and has no end: then it can end the month before."""
        return self.last_month is None and self.first_month < first_month


def rivals_in(office: int, item: str, first_month: date, last_month: date | None) -> list[Rival]:
    """Other items of the family that the office notified for a month of the span (one query)."""
    others = [each for each in NotifiedItem.values if each != item]
    excluded = [each for each in others if family_of(each) == family_of(item)]
    rows = OfficeNotification.objects.filter(
        Q(last_month=None) | Q(last_month__gte=first_month), office=office, item__in=excluded
    )
    if last_month is not None:
        rows = rows.filter(first_month__lte=last_month)
    columns = ("item", "first_month", "last_month")
    return [Rival(*row) for row in rows.order_by("first_month").values_list(*columns)]


def ended_for(office: int, item: str, first_month: date, last_month: date | None) -> list[Rival]:
    """What would end for a new 届出 where that is all that stands in its way (one query)."""
    found = rivals_in(office, item, first_month, last_month)
    return found if all(each.runs_on_before(first_month) for each in found) else []


def ends_before(
    office: int, item: str, first_month: date, last_month: date | None
) -> tuple[str, ...]:
    """The same in words (one query)."""
    found = ended_for(office, item, first_month, last_month)
    words = _("%(other)sは、同じ月にはどちらか一つだけです。印を入れると、%(month)sで終えます。")
    before = (Month.of(first_month) - 1).label
    return tuple(words % {"other": each.words, "month": before} for each in found)


def standing_rivals(rows: Iterable[OfficeNotification]) -> tuple[str, ...]:
    """Pairs of an office's 届出 that stand in the same month and exclude each other, in words."""
    families: dict[tuple[int, str], list[OfficeNotification]] = defaultdict(list)
    for row in rows:
        families[row.office_id, family_of(row.item)].append(row)
    return tuple(
        _pair(one, other)
        for found in families.values()
        for one, other in combinations(_by_month(found), 2)
        if one.last_month is None or other.first_month <= one.last_month
    )


def _by_month(rows: Sequence[OfficeNotification]) -> list[OfficeNotification]:
    return sorted(rows, key=lambda row: (row.first_month, row.item))


def _pair(one: OfficeNotification, other: OfficeNotification) -> str:
    first, second = (Rival(row.item, row.first_month, row.last_month) for row in (one, other))
    return f"{first.words}と{second.words}"
