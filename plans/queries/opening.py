"""移行時の事実 as the rules take them: where each support stood when its office moved in."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import date

from django.db.models import Q

from clients.models import Enrolment
from plans.rules.pace_facts import PaceOpening
from teikyaku.periods import Month

NOTHING = PaceOpening()


def openings_of(enrolments: Collection[int]) -> Mapping[int, PaceOpening]:
    """By enrolment key what the office knew before it wrote here, and its first month (one query)."""
    found: dict[int, PaceOpening] = defaultdict(lambda: NOTHING)
    rows = Enrolment.objects.filter(
        Q(office__start__first_month__isnull=False) | Q(opening__isnull=False), pk__in=enrolments
    ).values_list(
        "pk", "office__start__first_month", "opening__last_met_on", "opening__pace_months",
        "opening__settled_meetings", "opening__without_plan_since",
    )  # fmt: skip
    for key, first_day, met_on, pace, settled, without_plan in rows:
        found[key] = PaceOpening(first_day, met_on, pace or 1, settled or 0, without_plan)
    return found


def asked_from(opening: PaceOpening, use_starts_on: date | None, month: Month) -> Month:
    """The first month of which the office is asked whether a plan was there.

    Of months billed elsewhere only those that it said are without a plan and count on.
    """
    began = Month.of(use_starts_on or month.first_day)
    if opening.without_plan_since is not None:
        return max(began, Month.of(opening.without_plan_since))
    return began if opening.first_day is None else max(began, Month.of(opening.first_day))
