"""全区の統計: counts for the city, without anybody in them.

Counts of 1 to 4 are not shown; where one row alone would be hidden, a total would give it away, so
totals are hidden too.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from statistics import median
from typing import Any

from django.db.models import Count, Q, QuerySet

from plans.models import Application, Decision
from plans.queries.queue import turn_q
from plans.queries.renewal import unrenewed_q
from plans.rules.decision_next import AHEAD_DAYS
from plans.rules.path import Turn
from teikyaku.accounts.models import Municipality
from teikyaku.periods import Period, fiscal_year_period

SMALL = 5
COLUMNS = (
    "waiting_ward", "waiting_consultation", "granted", "refused", "withdrawn", "in_force", "ending",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class WardFigures:
    """One ward, or all of them; None where a count is too small to show."""

    name: str
    waiting_ward: int | None
    waiting_consultation: int | None
    granted: int | None
    refused: int | None
    withdrawn: int | None
    in_force: int | None
    ending: int | None
    median_days: int | None
    """From the application to the decision, in days, of the fiscal year's grants."""
    in_force_percent: int = 0
    """Of the ward with the most, for the drawn bar; 0 where the count is hidden."""


@dataclass(frozen=True, slots=True)
class CityFigures:
    """The wards in the order of their codes, and their sum."""

    year: int
    rows: tuple[WardFigures, ...]
    total: WardFigures


def city_figures(wards: QuerySet[Municipality], on: date, year: int) -> CityFigures:
    """The figures of these wards: what is open as of `on`, what was decided in a fiscal year.

    Decisions that offices copied from paper are among them, which a ward's own lists leave out: the
    page says so. Of those that end soon what has no next one, as on the wards' homes. Six queries, however many wards.
    """
    places = list(wards.select_related("city").order_by("code"))
    # Keys, not a subquery: for a handful of wards the database goes to its indexes.
    keys = [ward.pk for ward in places]
    counted = _counts(keys, on, fiscal_year_period(year))
    spans = _days_to_decision(keys, fiscal_year_period(year))
    raw = [
        ({key: counted.get((ward.pk, key), 0) for key in COLUMNS}, spans.get(ward.pk, []), ward)
        for ward in places
    ]
    most = max((unless_small(numbers["in_force"]) or 0 for numbers, _days, _ward in raw), default=0)
    rows = tuple(_row(ward.full_name, numbers, days, most) for numbers, days, ward in raw)
    return CityFigures(year, rows, _total(rows, raw))


def _counts(wards: list[int], on: date, year: Period) -> dict[tuple[int, str], int]:
    own = {"municipality__in": wards}
    ended = Q(outcome_on__range=(year.starts_on, year.ends_on))
    applications = (
        Application.objects.filter(**own)
        .values("municipality")
        .annotate(
            waiting_ward=Count("pk", filter=turn_q(Turn.WARD, on)),
            waiting_consultation=Count("pk", filter=turn_q(Turn.CONSULTATION, on)),
            granted=Count("pk", filter=ended & Q(outcome=Application.Outcome.GRANTED)),
            refused=Count("pk", filter=ended & Q(outcome=Application.Outcome.REFUSED)),
            withdrawn=Count("pk", filter=ended & Q(outcome=Application.Outcome.WITHDRAWN)),
        )
    )
    until = on + timedelta(days=AHEAD_DAYS)
    decisions = Decision.objects.filter(**own)
    standing = decisions.in_force(on).values("municipality").annotate(in_force=Count("pk"))
    ending = (
        decisions.filter(unrenewed_q(on, until)).values("municipality").annotate(ending=Count("pk"))
    )
    found: list[Any] = [*applications.order_by(), *standing.order_by(), *ending.order_by()]
    return {
        (row["municipality"], key): count
        for row in found
        for key, count in row.items()
        if key != "municipality"
    }


def _days_to_decision(wards: list[int], year: Period) -> dict[int, list[int]]:
    rows = Decision.objects.filter(
        municipality__in=wards,
        application__isnull=False,
        decided_on__range=(year.starts_on, year.ends_on),
    ).values_list("municipality", "application__received_on", "decided_on")
    found: dict[int, list[int]] = {}
    for ward, received_on, decided_on in rows.iterator():
        found.setdefault(ward, []).append((decided_on - received_on).days)
    return found


def _row(name: str, numbers: dict[str, int], days: list[int], most: int) -> WardFigures:
    shown: dict[str, Any] = {key: unless_small(count) for key, count in numbers.items()}
    in_force = shown["in_force"] or 0
    return WardFigures(
        name=name,
        **shown,
        median_days=round(median(days)) if len(days) >= SMALL else None,
        in_force_percent=round(in_force * 100 / most) if most else 0,
    )


def _total(
    rows: Iterable[WardFigures], raw: Iterable[tuple[dict[str, int], list[int], Municipality]]
) -> WardFigures:
    listed, sources = list(rows), list(raw)
    sums: dict[str, Any] = {}
    for key in COLUMNS:
        counts = [numbers[key] for numbers, _days, _ward in sources]
        hidden = [
            count for row, count in zip(listed, counts, strict=True) if getattr(row, key) is None
        ]
        sums[key] = None if tells(hidden) else unless_small(sum(counts))
    days = [day for _numbers, spans, _ward in sources for day in spans]
    return WardFigures(
        name="",
        **sums,
        median_days=round(median(days)) if len(days) >= SMALL else None,
    )


def tells(hidden: list[int]) -> bool:
    """Whether a total would tell hidden counts: what is left of it beside the shown ones.

    A single one is that rest itself; several are known where they can only be all ones, or all as
    large as a hidden count can be.
    """
    rest, rows = sum(hidden), len(hidden)
    return rows == 1 or (rows > 1 and rest in (rows, rows * (SMALL - 1)))


def unless_small(count: int) -> int | None:
    """The count, or None where it is too small to show."""
    return count if count == 0 or count >= SMALL else None
