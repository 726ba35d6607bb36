"""Yen of many people by their cause, as the board of a month explains them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from django.utils.translation import gettext as _

from teikyaku.money import yen
from teikyaku.reasons import Step


def cost_sum(costs: Counter[int]) -> int:
    """Yen of all of them: each sum as often as there are people."""
    return sum(cost * n for cost, n in costs.items())


def cost_steps(by_cause: Mapping[str, Counter[int]], whole: str, rule: str) -> tuple[Step, ...]:
    """One line for each cause, the dearest first, and their sum under the words `whole`; `rule`: their source."""
    found = sorted(by_cause.items(), key=lambda pair: -cost_sum(pair[1]))
    steps = [
        Step(
            _("%(why)s　%(n)s人") % {"why": why, "n": costs.total()},
            " ＋ ".join(
                _("%(yen)s × %(n)s人") % {"yen": yen(cost), "n": n}
                for cost, n in sorted(costs.items(), reverse=True)
            ),
            yen(cost_sum(costs)),
            rule,
        )
        for why, costs in found
    ]
    if len(steps) > 1:
        steps.append(Step(whole, "", yen(sum(cost_sum(costs) for _why, costs in found))))
    return tuple(steps)
