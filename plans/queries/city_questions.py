"""What the city's figures ask of the database, once for every city: see teikyaku.prepared.

Each counts by ward, and each reads its own rows by an index: a city has tens of thousands of decisions, and one
question over all of them would look at what was settled years ago too.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.db.models import Count, QuerySet

from plans.models import Application, Decision
from plans.queries.queue import granted_for, open_for
from plans.queries.renewal import unrenewed_q
from plans.rules.decision_next import AHEAD_DAYS
from plans.rules.path import Turn
from teikyaku.periods import fiscal_year_period
from teikyaku.prepared import prepared

ENDED = (
    Application.Outcome.GRANTED,
    Application.Outcome.REFUSED,
    Application.Outcome.WITHDRAWN,
)


@prepared("wards")
def ended(wards: list[int], year: int) -> QuerySet[Any, Any]:
    """(ward, outcome, how many) of the applications that were settled in a fiscal year."""
    days = fiscal_year_period(year)
    rows = _applications(wards).filter(
        outcome__in=ENDED, outcome_on__range=(days.starts_on, days.ends_on)
    )
    return rows.order_by().values_list("municipality", "outcome").annotate(Count("pk"))


@prepared("wards")
def undecided(wards: list[int], turn: Turn) -> QuerySet[Any, Any]:
    """(ward, how many) of the undecided applications that wait for `turn`."""
    return _by_ward(open_for(_applications(wards), turn))


@prepared("wards")
def granted(wards: list[int], turn: Turn, on: date) -> QuerySet[Any, Any]:
    """(ward, how many) of the granted applications that wait for `turn`."""
    return _by_ward(granted_for(_applications(wards), turn, on))


@prepared("wards")
def in_force(wards: list[int], on: date) -> QuerySet[Any, Any]:
    """(ward, how many) of the decisions that hold `on`."""
    # Their last day is never empty: asked this way, the index finds those that last so long.
    rows = _decisions(wards).standing().filter(starts_on__lte=on, ends_on__gte=on)
    return _by_ward(rows)


@prepared("wards")
def ending(wards: list[int], on: date) -> QuerySet[Any, Any]:
    """(ward, how many) of the decisions that end soon, and that no other one follows."""
    return _by_ward(_decisions(wards).filter(unrenewed_q(on, on + timedelta(days=AHEAD_DAYS))))


@prepared("wards")
def spans(wards: list[int], year: int) -> QuerySet[Any, Any]:
    """(ward, day of the application, day of the decision) of a fiscal year's decisions."""
    days = fiscal_year_period(year)
    rows = _decisions(wards).filter(
        application__isnull=False, decided_on__range=(days.starts_on, days.ends_on)
    )
    return rows.order_by().values_list("municipality", "application__received_on", "decided_on")


def _applications(wards: list[int]) -> QuerySet[Application]:
    return Application.objects.filter(municipality__in=wards)


def _decisions(wards: list[int]) -> Any:
    return Decision.objects.filter(municipality__in=wards)


def _by_ward(rows: QuerySet[Any]) -> QuerySet[Any, Any]:
    return rows.order_by().values_list("municipality").annotate(Count("pk"))
