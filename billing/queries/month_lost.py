"""請求できない months in yen: what they would have brought, by reason. An estimate, never a claim."""

from __future__ import annotations

from collections import Counter, defaultdict

from django.utils.translation import gettext as _

from billing.calculation import Lines, total_units
from billing.queries.mending import short_label
from billing.queries.month import MonthBoard, item_keys
from billing.queries.month_costs import cost_steps, cost_sum
from teikyaku.money import floor_yen
from teikyaku.reasons import Step

RULE = "docs/rules.md §8"


def lost_by_reason(board: MonthBoard) -> dict[str, Counter[int]]:
    """By the first reason in words: total cost of a month in yen → how many people.

    Each person's month as it would cost by the office's tier, items and unit price, reductions
    included; empty while one of them is missing. Nobody is counted under two reasons.
    """
    own = board.office_month
    if own.tariff is None or own.tier is None or own.unit_price is None:
        return {}
    found: dict[str, Counter[int]] = defaultdict(Counter)
    lines = Lines()
    for entry in board.not_billable:
        keys = item_keys(entry.support, own, entry.additions)
        units = total_units(lines.of(own.month, own.tariff, own.tier, keys))
        found[short_label(entry.reasons[0])][floor_yen(units * own.unit_price)] += 1
    return dict(found)


def lost_yen(board: MonthBoard) -> int | None:
    """The sum of them; None where nothing can be said."""
    found = lost_by_reason(board)
    if not found:
        return None
    return sum(cost_sum(costs) for costs in found.values())


def lost_steps(board: MonthBoard) -> tuple[Step, ...]:
    """One line for each reason, the dearest first, and their sum."""
    return cost_steps(lost_by_reason(board), _("合計（見込み）"), RULE)
