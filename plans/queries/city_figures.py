"""全区の統計: counts for the city, without anybody in them.

Counts of 1 to 4 are not shown; where one row alone would be hidden, a total would give it away, so
totals are hidden too.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from statistics import median
from typing import Any

from django.db.models import QuerySet

from plans.queries import city_questions as asked
from plans.rules.path import Turn
from teikyaku.accounts.models import Municipality

SMALL = 5
COLUMNS = (
    "waiting_ward", "waiting_consultation", "granted", "refused", "withdrawn", "in_force", "ending",
)  # fmt: skip

# For whom an application waits, by the column that counts it; outcomes are columns of their own names.
WAITING = {Turn.WARD: "waiting_ward", Turn.CONSULTATION: "waiting_consultation"}


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
    page says so. Of those that end soon what has no next one, as on the wards' homes. Nine queries, however many wards.
    """
    places = list(wards.select_related("city").order_by("code"))
    # Keys, not a subquery: for a handful of wards the database goes to its indexes.
    keys = [ward.pk for ward in places]
    counted = _counts(keys, on, year)
    spans = _days_to_decision(keys, year)
    raw = [
        ({key: counted.get((ward.pk, key), 0) for key in COLUMNS}, spans.get(ward.pk, []), ward)
        for ward in places
    ]
    most = max((unless_small(numbers["in_force"]) or 0 for numbers, _days, _ward in raw), default=0)
    rows = tuple(_row(ward.full_name, numbers, days, most) for numbers, days, ward in raw)
    return CityFigures(year, rows, _total(rows, raw))


def _counts(wards: list[int], on: date, year: int) -> dict[tuple[int, str], int]:
    if not wards:
        return {}
    settled = asked.ended.rows(wards=wards, year=year)
    found = Counter({(ward, str(outcome)): n for ward, outcome, n in settled})
    for turn, key in WAITING.items():
        found.update(_named(key, asked.undecided.rows(wards=wards, turn=turn)))
    granted = asked.granted.rows(wards=wards, turn=Turn.CONSULTATION, on=on)
    found.update(_named(WAITING[Turn.CONSULTATION], granted))
    found.update(_named("in_force", asked.in_force.rows(wards=wards, on=on)))
    found.update(_named("ending", asked.ending.rows(wards=wards, on=on)))
    return found


def _named(key: str, rows: Iterable[tuple[int, int]]) -> dict[tuple[int, str], int]:
    return {(ward, key): n for ward, n in rows}


def _days_to_decision(wards: list[int], year: int) -> dict[int, list[int]]:
    found: dict[int, list[int]] = {}
    rows = asked.spans.tuples(wards=wards, year=year) if wards else ()
    for ward, received_on, decided_on in rows:
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
