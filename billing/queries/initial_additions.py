"""初期加算 that was billed already: it is once (docs/rules.md §7)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from django.db.models import QuerySet

from billing.models import PersonMonthLine, standing_q
from plans.models import Contract
from teikyaku.periods import Month
from teikyaku.prepared import prepared

INITIAL = "initial"


@prepared("offices")
def _initials_billed(offices: list[int], first: Month, last: Month) -> QuerySet[Any, Any]:
    """(office, client, month) billed with 初期加算, of whom a contract says one of these months."""
    asked = Contract.objects.filter(
        enrolment__office__in=offices,
        initial_addition_month__range=(first.first_day, last.first_day),
    )
    people = asked.values("enrolment__client")
    rows = PersonMonthLine.objects.filter(
        standing_q("person_month"),
        kind=INITIAL,
        person_month__closing__office__in=offices,
        person_month__client__in=people,
    )
    columns = ("person_month__closing__office", "person_month__client", "person_month__month")
    return rows.values_list(*columns)


def initials(
    offices: list[int], first: Month, last: Month
) -> Mapping[int, Mapping[int, set[Month]]]:
    """By office and client: the months that were billed with 初期加算 (one query)."""
    found: dict[int, dict[int, set[Month]]] = defaultdict(lambda: defaultdict(set))
    for office, client, month in _initials_billed.rows(offices=offices, first=first, last=last):
        found[office][client].add(Month.of(month))
    return found
