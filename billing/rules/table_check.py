"""報酬表の点検: what is wrong in a packaged fee table, said before anything is computed by it. Pure.

Source: docs/rules.md §7: seven tiers, the lower bound included; a table is data with its first and last
month, the notice it comes from and its certainty.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

from teikyaku.periods import Month
from teikyaku.reasons import Certainty

HEAD = ("name", "title", "first_month", "last_month", "source", "certainty")
ITEM = ("key", "label", "kind", "amount", "certainty")
WHOLE = 100
Row = Mapping[str, Any]


class BadTable(ValueError):
    """A packaged fee table that nothing may be computed by: every fault, one a line."""


def faults_of(data: Row, tiers: Collection[str]) -> list[str]:
    """What is wrong in a file's content; `tiers` are the keys that a table must have, each once."""
    lacking = [name for name in HEAD if not str(data.get(name, "")).strip()]
    if lacking:
        return [f"{name} is missing" for name in lacking]
    return [
        *_months(data), *_certainty(data, "table"), *_tiers(data.get("tier", ()), tiers),
        *_items(data.get("item", ()), data),
    ]  # fmt: skip


def _months(data: Row) -> Iterator[str]:
    first, last = _month(data["first_month"]), _month(data["last_month"])
    if first is None or last is None:
        yield "first_month and last_month are months (2024-04)"
    elif last < first:
        yield f"last_month {last} is before first_month {first}"


def _month(value: object) -> Month | None:
    try:
        return Month.parse(str(value))
    except ValueError:
        return None


def _certainty(row: Row, where: str) -> Iterator[str]:
    if row["certainty"] not in {each.value for each in Certainty}:
        yield f"{where}: certainty {row['certainty']!r} is unknown"


def _tiers(rows: Sequence[Row], wanted: Collection[str]) -> Iterator[str]:
    keys = Counter(row.get("key") for row in rows)
    yield from (f"tier {key} stands twice" for key, n in keys.items() if n > 1)
    yield from (f"tier {key} is missing" for key in wanted if key not in keys)
    yield from (f"tier {key} is unknown" for key in keys if key not in wanted)
    bounds = Counter(row.get("at_least") for row in rows)
    yield from (f"two tiers begin at {bound}" for bound, n in bounds.items() if n > 1)
    if rows and 0 not in bounds:
        yield "no tier begins at 0"
    for row in rows:
        if not _is_count(row.get("units")) or row["units"] == 0:
            yield f"tier {row.get('key')}: units are a whole number above 0"
        if not _is_count(row.get("at_least")) or row["at_least"] > WHOLE:
            yield f"tier {row.get('key')}: at_least is a percentage"


def _is_count(value: object) -> bool:
    return isinstance(value, int) and value >= 0


def _items(rows: Sequence[Row], head: Row) -> Iterator[str]:
    keys = Counter(row.get("key") for row in rows)
    yield from (f"item {key} stands twice" for key, n in keys.items() if n > 1)
    families = Counter(row["family"] for row in rows if row.get("family"))
    yield from (f"family {name} has one item alone" for name, n in families.items() if n == 1)
    for row in rows:
        where = f"item {row.get('key')}"
        lacking = [name for name in ITEM if not str(row.get(name, "")).strip()]
        if lacking:
            yield f"{where}: {', '.join(lacking)} is missing"
            continue
        yield from _certainty(row, where)
        yield from _amount(row, where)
        first = row.get("first_month")
        if first is not None and not _is_inside(_month(first), head):
            yield f"{where}: first_month lies outside the table"


def _is_inside(month: Month | None, head: Row) -> bool:
    first, last = _month(head["first_month"]), _month(head["last_month"])
    return month is not None and first is not None and last is not None and first <= month <= last


def _amount(row: Row, where: str) -> Iterator[str]:
    try:
        amount = Decimal(row["amount"])
    except (InvalidOperation, TypeError):
        yield f"{where}: amount is no number"
        return
    kind = row["kind"]
    fits = {
        "addition": amount > 0 and amount == amount.to_integral_value(),
        "percent_addition": 0 < amount <= WHOLE,
        "percent_reduction": 0 < amount <= WHOLE,
        "factor": 0 < amount < 1,
        "code": amount == 0,
    }
    if kind not in fits:
        yield f"{where}: kind {kind!r} is unknown"
    elif not fits[kind]:
        yield f"{where}: amount {amount} does not fit {kind}"
