"""地域連携会議 that was used before the office moved in, by office and client."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet

from plans.models import OpeningFacts
from plans.queries.opening import network_before
from teikyaku.periods import Month
from teikyaku.prepared import prepared


@dataclass(frozen=True, slots=True)
class UsedBefore:
    """使った月, and how many more in unknown months of the fiscal year before the first month here."""

    months: frozenset[Month] = frozenset()
    unknown: int = 0
    span: tuple[Month, Month] | None = None
    """Where those of unknown months lie."""

    def unknown_in(self, first: Month, last: Month) -> int:
        """How many of them may lie in these months: never counted too few."""
        if self.span is None or self.span[0] > last or self.span[1] < first:
            return 0
        return self.unknown


UNUSED = UsedBefore()


def used_before(offices: Iterable[int]) -> dict[int, dict[int, UsedBefore]]:
    """By the keys of office and client (one query)."""
    found: dict[int, dict[int, UsedBefore]] = defaultdict(dict)
    for office, client, months, count, first_here in _told.rows(offices=list(offices)):
        before = network_before(months, count)
        own = frozenset(month for month, _kind in before.months)
        found[office][client] = UsedBefore(own, before.unknown, _span(first_here))
    return found


def _span(first_here: Any) -> tuple[Month, Month] | None:
    if first_here is None:
        return None
    last = Month.of(first_here) - 1
    return Month(last.fiscal_year, 4), last


@prepared("offices")
def _told(offices: list[int]) -> QuerySet[Any, Any]:
    rows = OpeningFacts.objects.filter(
        ~Q(network_months="") | Q(network_count__gt=0), enrolment__office__in=offices
    )
    return rows.values_list(
        "enrolment__office", "enrolment__client", "network_months", "network_count",
        "enrolment__office__start__first_month",
    )  # fmt: skip
