"""What the sums of a month consist of: so many people of so many units each, times the unit price."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from decimal import Decimal

from django.utils.translation import gettext as _

from billing.calculation import month_lines, total_units
from billing.queries.month import MonthBoard, item_keys
from teikyaku.money import floor_yen, yen
from teikyaku.reasons import Step

RULE = "docs/rules.md §5"


def ready_steps(board: MonthBoard) -> tuple[Step, ...]:
    """The total cost of those who are ready (`MonthBoard.ready_yen`), by units of a person."""
    units = (total_units(entry.lines) for entry in board.ready)
    return _steps(units, board.office_month.unit_price)


def held_steps(board: MonthBoard) -> tuple[Step, ...]:
    """The same of those who are held (`MonthBoard.held_yen`); empty while that sum is unknown."""
    own = board.office_month
    if own.tariff is None or own.tier is None:
        return ()
    tariff, tier = own.tariff, own.tier
    units = (
        total_units(
            month_lines(own.month, tariff, tier, item_keys(entry.support, own, entry.additions))
        )
        for entry in board.held
    )
    return _steps(units, own.unit_price)


def _steps(units: Iterable[int], price: Decimal | None) -> tuple[Step, ...]:
    """One line for each number of units, the most people first, and their sum."""
    if price is None:
        return ()
    people = Counter(units)
    costs = {each: floor_yen(each * price) for each in people}
    steps = [
        Step(
            _("1人 %(units)s単位の人　%(n)s人") % {"units": f"{each:,}", "n": n},
            _("%(units)s単位 × %(price)s円 ＝ %(cost)s（1円未満は切り捨て）　× %(n)s人")
            % {"units": f"{each:,}", "price": f"{price:.2f}", "cost": yen(costs[each]), "n": n},
            yen(costs[each] * n),
            RULE,
        )
        for each, n in sorted(people.items(), key=lambda pair: (-pair[1], -pair[0]))
    ]
    if len(steps) > 1:
        total = sum(costs[each] * n for each, n in people.items())
        steps.append(Step(_("合計"), "", yen(total)))
    return tuple(steps)
