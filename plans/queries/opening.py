"""移行時の事実 as the rules take them: where each support stood when its office moved in."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet

from clients.models import Enrolment
from plans.models import OpeningFacts
from plans.rules.network_before import NetworkBefore, read_months
from plans.rules.pace_facts import PaceOpening
from teikyaku.periods import Month
from teikyaku.prepared import prepared

NOTHING = PaceOpening()


# Of an enrolment, in the order of PaceOpening.
_PATHS = (
    "office__start__first_month", "opening__last_met_on", "opening__pace_months",
    "opening__settled_meetings", "opening__without_plan_since",
)  # fmt: skip


def openings_of(enrolments: Collection[int]) -> Mapping[int, PaceOpening]:
    """By enrolment key what the office knew before it wrote here, and its first month (one query)."""
    found: dict[int, PaceOpening] = defaultdict(lambda: NOTHING)
    for key, *values in _known.tuples(enrolments=enrolments):
        found[key] = _opening(*values)
    return found


@prepared("enrolments")
def _known(enrolments: list[int]) -> QuerySet[Any, Any]:
    rows = Enrolment.objects.filter(
        Q(office__start__first_month__isnull=False) | Q(opening__isnull=False), pk__in=enrolments
    )
    return rows.values_list("pk", *_PATHS)


def opening_of(enrolment: Enrolment) -> PaceOpening:
    """As `openings_of`, of an enrolment that came with its opening and its office's start (no query)."""
    start, known = getattr(enrolment.office, "start", None), getattr(enrolment, "opening", None)
    facts = [getattr(known, path.removeprefix("opening__"), None) for path in _PATHS[1:]]
    return _opening(start.first_month if start else None, *facts)


def _opening(
    first_day: date | None, met_on: date | None, pace: int | None, settled: int | None,
    without_plan: date | None,
) -> PaceOpening:  # fmt: skip
    return PaceOpening(first_day, met_on, pace or 1, settled or 0, without_plan)


def network_of(row: OpeningFacts) -> NetworkBefore:
    """地域連携会議 that was used before, as it was told (no query)."""
    return network_before(row.network_months, row.network_count)


def network_before(months: str, count: int) -> NetworkBefore:
    """The same from the two columns."""
    return NetworkBefore(read_months(months).months, count)


def asked_from(opening: PaceOpening, use_starts_on: date | None, month: Month) -> Month:
    """The first month of which the office is asked whether a plan was there.

    Of months billed elsewhere only those that it said are without a plan and count on.
    """
    began = Month.of(use_starts_on or month.first_day)
    if opening.without_plan_since is not None:
        return max(began, Month.of(opening.without_plan_since))
    return began if opening.first_day is None else max(began, Month.of(opening.first_day))
