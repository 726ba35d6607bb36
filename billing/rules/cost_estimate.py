"""いくら払うか: what a month would cost somebody who is not a client yet.

Source: docs/rules.md §5: the person pays a tenth of the month's cost, at most the cap of the
category. Which office it will be is not known, so that the answer is a span: from the lowest fee of
the table to the highest, and to the highest with every addition that can be had together.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from decimal import Decimal

from billing.calculation import copayment, month_lines, total_units
from billing.tariffs import Item, ItemKind, Tariff
from clients.rules.kinds import Category
from teikyaku.periods import Month

# その他: the unit price without a regional addition (docs/rules.md §7), in yen per 単位.
PLAIN_UNIT_PRICE = Decimal(10)
# 初期加算: had in the first month and never again (docs/rules.md §7).
ONCE = "initial"


@dataclass(frozen=True, slots=True)
class Span:
    """From the lowest fee to the highest, and with every addition. Yen a month, or their sum."""

    low_yen: int
    high_yen: int
    most_yen: int
    later_yen: int
    """With every addition that can be had after the first month."""


def tenth(tariff: Tariff, month: Month, unit_price: Decimal = PLAIN_UNIT_PRICE) -> Span:
    """One tenth of a month's cost, whatever the cap."""
    by_units = sorted(tariff.tiers, key=lambda tier: tier.units)
    lowest, highest = by_units[0].key, by_units[-1].key
    every = _best_additions(tariff, month)

    def a_tenth(tier: str, items: Collection[str]) -> int:
        units = total_units(month_lines(month, tariff, tier, items))
        return copayment(units, unit_price, 0).one_tenth_yen

    later = [key for key in every if key != ONCE]
    tenths = (a_tenth(highest, items) for items in ((), every, later))
    return Span(a_tenth(lowest, ()), *tenths)


def to_pay(
    candidates: Collection[Category], caps_yen: Mapping[Category, int], month_tenth: Span
) -> Span:
    """What the person pays: the tenth, at most the cap; over all categories that are possible.

    Raises ValueError where no category is possible.
    """
    caps = [caps_yen[each] for each in candidates]
    return Span(
        min(*caps, month_tenth.low_yen),
        min(max(caps), month_tenth.high_yen),
        min(max(caps), month_tenth.most_yen),
        min(max(caps), month_tenth.later_yen),
    )


def total(months: Collection[Span]) -> Span:
    """Months together; what can be had once counts once, in the month in which it adds most."""
    later_yen = sum(month.later_yen for month in months)
    once_yen = max((month.most_yen - month.later_yen for month in months), default=0)
    return Span(
        sum(month.low_yen for month in months),
        sum(month.high_yen for month in months),
        later_yen + once_yen,
        later_yen,
    )


def _best_additions(tariff: Tariff, month: Month) -> list[str]:
    """Every addition of the month, of those that exclude each other the largest."""
    kinds = (ItemKind.ADDITION, ItemKind.PERCENT_ADDITION)
    items = [item for key in tariff.items if (item := tariff.item(key, month))]
    added = [item for item in items if item.kind in kinds]
    groups: dict[str, list[Item]] = {}
    for item in added:
        groups.setdefault(item.family or item.key, []).append(item)
    return [_largest(group).key for group in groups.values()]


def _largest(items: list[Item]) -> Item:
    return max(items, key=lambda item: item.amount)
