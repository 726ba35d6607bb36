"""月の計算: units, total cost, copayment and benefit of one person's month. Pure and exact.

docs/rules.md §5 gives the order. Integers and Decimal only; a float is refused.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Any

from billing.tariffs import BASE, BASE_LABEL, Item, ItemKind, Tariff
from teikyaku.money import floor_yen, round_half_up, yen
from teikyaku.periods import Month
from teikyaku.reasons import Certainty, Step

RULE = "docs/rules.md §5"
DECIDED = "利用者負担額"
MANAGED = "上限額管理の後"
TENTH = Decimal(10) / Decimal(100)


@dataclass(frozen=True, slots=True)
class Line:
    """明細 one line: units × times, and how they came about."""

    kind: str
    label: str
    units: int
    times: int
    total_units: int
    expression: str
    rule: str
    source: str
    certainty: Certainty


@dataclass(frozen=True, slots=True)
class Copayment:
    """利用者負担 of a month. All sums in yen."""

    units: int
    unit_price: Decimal
    total_cost_yen: int
    one_tenth_yen: int
    cap_yen: int
    capped_yen: int
    decided_yen: int
    benefit_yen: int
    is_managed: bool = False
    """Whether cap management decided what the person pays."""

    @property
    def steps(self) -> tuple[Step, ...]:
        """The arithmetic to unfold."""
        return _steps(self)


# Of few combinations; typed, so that a float never finds what was worked out for the same integer.
@lru_cache(maxsize=4096, typed=True)
def copayment(
    units: int, unit_price: Decimal, cap: int | None, managed_yen: int | None = None
) -> Copayment:
    """What the month costs, what the person pays, what is claimed (docs/rules.md §5, 3 to 8).

    `unit_price` in yen per 単位, `cap` the 負担上限月額 in yen (0 is a cap; None is "not entered"),
    `managed_yen` the copayment after cap management where there is one. Raises ValueError without a
    cap or for sums that cannot be, TypeError for a float.
    """
    _check(units, unit_price, cap, managed_yen)
    assert cap is not None  # noqa: S101  (checked above)
    total = floor_yen(Decimal(units) * unit_price)
    tenth = floor_yen(total * TENTH)
    capped = min(cap, tenth)
    if managed_yen is not None and managed_yen > capped:
        raise ValueError("上限額管理の後の負担額は、管理の前より多くできません。")
    decided = capped if managed_yen is None else managed_yen
    return Copayment(
        units=units,
        unit_price=unit_price,
        total_cost_yen=total,
        one_tenth_yen=tenth,
        cap_yen=cap,
        capped_yen=capped,
        decided_yen=decided,
        benefit_yen=total - decided,
        is_managed=managed_yen is not None,
    )


def _check(units: int, unit_price: Decimal, cap: int | None, managed_yen: int | None) -> None:
    if isinstance(unit_price, float) or isinstance(units, float) or isinstance(cap, float):
        raise TypeError("money is int or Decimal, never float")
    if cap is None:
        raise ValueError("負担上限月額が記録されていません（0円とは別です）。")
    if units < 0 or unit_price <= 0 or cap < 0 or (managed_yen is not None and managed_yen < 0):
        raise ValueError("単位数・単価・金額は負の数にできません。")


def _steps(sums: Copayment) -> tuple[Step, ...]:
    total, decided = yen(sums.total_cost_yen), yen(sums.decided_yen)
    tenth, capped = yen(sums.one_tenth_yen), yen(sums.capped_yen)
    price = f"{sums.units:,}単位 × {sums.unit_price:.2f}円（円未満切り捨て）"
    less = f"{tenth}と上限{yen(sums.cap_yen)}の少ない方"
    managed = (Step(MANAGED, "管理事業所の結果", decided, RULE),) if sums.is_managed else ()
    return (
        Step("総費用額", price, total, RULE),
        Step("1割", f"{total} × 10％（円未満切り捨て）", tenth, RULE),
        Step("上限額と比べる", less, capped, RULE),
        *managed,
        Step(DECIDED, "本人が支払う額", decided, RULE),
        Step("給付費", f"{total} − {decided}", yen(sums.benefit_yen), RULE),
    )


def month_lines(
    month: Month, tariff: Tariff, tier_key: str, item_keys: Iterable[str]
) -> tuple[Line, ...]:
    """The lines of one person's month: base with its factors, minus lines, additions, percentages.

    Factors make the base, one after another, each rounded half up; percentage reductions are minus
    lines on that base; percentage additions are taken on the sum of everything before. Unknown keys
    raise KeyError: an addition that the table does not have is a mistake, not nothing. Two items that
    exclude each other raise ValueError.
    """
    items = _items(month, tariff, item_keys)
    base = _base_line(tariff, tier_key, items[ItemKind.FACTOR])
    lines = [base]
    lines += [
        _reduction(item, base.total_units, tariff) for item in items[ItemKind.PERCENT_REDUCTION]
    ]
    lines += [_addition(item, tariff) for item in items[ItemKind.ADDITION]]
    monthly = sum(line.total_units for line in lines)
    lines += [_percentage(item, monthly, tariff) for item in items[ItemKind.PERCENT_ADDITION]]
    return tuple(lines)


class Lines:
    """明細 of many people: of few combinations of items, so that each is worked out once."""

    def __init__(self) -> None:
        self._known: dict[tuple[Any, ...], tuple[Tariff, tuple[Line, ...]]] = {}

    def of(
        self, month: Month, tariff: Tariff, tier_key: str, item_keys: tuple[str, ...]
    ) -> tuple[Line, ...]:
        """As `month_lines`."""
        asked = (id(tariff), month, tier_key, item_keys)
        if asked not in self._known:
            # The table stays at hand, so that no other one gets its id.
            self._known[asked] = tariff, month_lines(month, tariff, tier_key, item_keys)
        return self._known[asked][1]


def _items(month: Month, tariff: Tariff, keys: Iterable[str]) -> dict[ItemKind, list[Item]]:
    by_kind: dict[ItemKind, list[Item]] = {kind: [] for kind in ItemKind}
    wanted = list(keys)
    unknown = [key for key in wanted if key not in tariff.items]
    if unknown:
        raise KeyError(f"{tariff.name} has no item {unknown[0]}")
    for key in tariff.items:
        item = tariff.item(key, month) if key in wanted else None
        if item is not None:
            by_kind[item.kind].append(item)
    _refuse_rivals(tariff, [item for found in by_kind.values() for item in found])
    return by_kind


def _refuse_rivals(tariff: Tariff, items: Iterable[Item]) -> None:
    families = [item.family for item in items if item.family]
    twice = next((each for each in families if families.count(each) > 1), None)
    if twice is not None:
        raise ValueError(f"{tariff.name} has one item of {twice} in a month")


def _base_line(tariff: Tariff, tier_key: str, factors: list[Item]) -> Line:
    units = tariff.tier(tier_key).units
    expression, labels = f"{units:,}", []
    for item in factors:
        units = round_half_up(Decimal(units) * item.amount)
        expression += f" × {item.amount} → {units:,}"
        labels.append(item.label)
    label = BASE_LABEL + (f"（{'・'.join(labels)}）" if labels else "")
    return _line(BASE, label, units, expression, tariff, tariff.certainty)


def _reduction(item: Item, base: int, tariff: Tariff) -> Line:
    units = -round_half_up(Decimal(base) * item.amount / 100)
    expression = f"{base:,} × {item.amount}％ → {-units:,}"
    return _line(item.key, item.label, units, expression, tariff, item.certainty)


def _addition(item: Item, tariff: Tariff) -> Line:
    units = int(item.amount)
    return _line(item.key, item.label, units, f"{units:,}", tariff, item.certainty)


def _percentage(item: Item, monthly: int, tariff: Tariff) -> Line:
    units = round_half_up(Decimal(monthly) * item.amount / 100)
    expression = f"{monthly:,} × {item.amount}％ → {units:,}"
    return _line(item.key, item.label, units, expression, tariff, item.certainty)


def _line(
    kind: str, label: str, units: int, expression: str, tariff: Tariff, certainty: Certainty
) -> Line:
    return Line(
        kind=kind,
        label=label,
        units=units,
        times=1,
        total_units=units,
        expression=expression,
        rule="docs/rules.md §7",
        source=tariff.source,
        certainty=certainty,
    )


def total_units(lines: Iterable[Line]) -> int:
    """The units of the month."""
    return sum(line.total_units for line in lines)
