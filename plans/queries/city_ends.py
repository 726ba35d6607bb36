"""全区の利用の終わり: why uses ended, for the city, without an office or a person in it.

As in the city's other figures counts of 1 to 4 are not shown. No sum stands beside them, so that none
can be found by taking the others away.
"""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import Any

from django.db.models import Count, QuerySet

from clients.enums import EndReason
from clients.models import Enrolment
from plans.models import Decision
from plans.queries.city_figures import unless_small
from teikyaku.accounts.models import Municipality
from teikyaku.periods import fiscal_year_period
from teikyaku.prepared import prepared


def city_ends(
    wards: QuerySet[Municipality], on: date, year: int
) -> tuple[tuple[str, int | None], ...]:
    """Each reason with how many uses ended for it in the fiscal year, up to `on` (two queries).

    Of people who hold or held a decision of these wards; None where the count is too small to show.
    """
    keys = list(wards.values_list("pk", flat=True))
    counts = Counter(dict(_ended.rows(wards=keys, on=on, year=year) if keys else ()))
    return tuple((str(reason.label), unless_small(counts[reason.value])) for reason in EndReason)


@prepared("wards")
def _ended(wards: list[int], on: date, year: int) -> QuerySet[Any, Any]:
    """(reason, how many)."""
    days = fiscal_year_period(year)
    # By their people's keys: asked of each end, every office's ends of the year would be gone through.
    granted = Decision.objects.filter(municipality__in=wards).values("client")
    rows = Enrolment.objects.filter(
        client__in=granted,
        use_starts_on__isnull=False,
        ends_on__range=(days.starts_on, min(days.ends_on or on, on)),
    )
    return rows.order_by().values_list("end_reason").annotate(Count("pk"))
