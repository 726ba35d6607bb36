"""What the reductions of a month cost in yen, by reduction: of who is not closed yet, from day one."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from decimal import Decimal

from django.utils.translation import gettext as _

from billing.calculation import Lines, total_units
from billing.queries.month import MonthBoard, MonthEntry, OfficeMonth, item_keys
from billing.queries.month_costs import cost_steps, cost_sum
from billing.tariffs import Tariff
from teikyaku.money import floor_yen
from teikyaku.reasons import Step

RULE = "docs/rules.md §7"


def cuts_by_item(board: MonthBoard) -> dict[str, Counter[int]]:
    """By reduction in words: what it takes off the total cost of a month in yen → how many people.

    Of who is ready and who is held. Several of one person are taken off one after another, in the order
    of the calculation, so that they add up. Empty while tier, table or unit price is missing.
    """
    own = board.office_month
    if own.tariff is None or own.tier is None or own.unit_price is None:
        return {}
    found: dict[str, Counter[int]] = defaultdict(Counter)
    lines = Lines()
    for entry in (*board.ready, *board.held):
        for label, cost in _cuts(entry, own, own.tariff, own.tier, own.unit_price, lines):
            found[label][cost] += 1
    return dict(found)


def cut_yen(board: MonthBoard) -> int | None:
    """The sum of them; None where nobody is reduced, or nothing can be said."""
    found = cuts_by_item(board)
    return sum(cost_sum(costs) for costs in found.values()) if found else None


def cut_people(board: MonthBoard) -> int:
    """How many of them are reduced."""
    own = board.office_month
    return sum(bool(_reductions(_keys(e, own), own)) for e in (*board.ready, *board.held))


def cut_steps(board: MonthBoard) -> tuple[Step, ...]:
    """One line for each reduction, the dearest first, and their sum."""
    return cost_steps(cuts_by_item(board), _("合計"), RULE)


def _cuts(
    entry: MonthEntry, own: OfficeMonth, tariff: Tariff, tier: str, price: Decimal, lines: Lines
) -> Iterator[tuple[str, int]]:
    keys = _keys(entry, own)
    reductions = _reductions(keys, own)
    if not reductions:
        return
    held = tuple(key for key in keys if key not in reductions)
    before = floor_yen(total_units(lines.of(own.month, tariff, tier, held)) * price)
    for key in reductions:
        held = (*held, key)
        after = floor_yen(total_units(lines.of(own.month, tariff, tier, held)) * price)
        yield tariff.items[key].label, before - after
        before = after


def _keys(entry: MonthEntry, own: OfficeMonth) -> tuple[str, ...]:
    manages = entry.cap_result is not None and entry.cap_result.earns_addition
    return item_keys(entry.support, own, entry.additions, manages=manages)


def _reductions(keys: tuple[str, ...], own: OfficeMonth) -> tuple[str, ...]:
    """The reductions among them, in the order of the table."""
    items = own.tariff.items if own.tariff is not None else {}
    return tuple(
        key
        for key in items
        if key in keys
        and own.tariff is not None
        and (item := own.tariff.item(key, own.month)) is not None
        and item.is_reduction
    )
