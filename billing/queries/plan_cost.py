"""What a month without a valid 個別支援計画 costs, by the fee table of that month."""

from __future__ import annotations

from billing.queries.fee_tables import fee_tables
from billing.queries.month import LONG_WITHOUT_PLAN
from billing.tariffs import TariffError
from teikyaku.periods import Month


def factor_without_plan(month: Month, months_without: int) -> str:
    """The factor on the base fee as people write it, "×0.7"; "" where no table holds (as many queries as `fee_tables`).

    `months_without`: how many months in a row lack one, `month` included.
    """
    key = "no_support_plan_long" if months_without >= LONG_WITHOUT_PLAN else "no_support_plan"
    try:
        item = fee_tables(has_codes=False).of(month).items.get(key)
    except TariffError:
        return ""
    return f"×{item.amount.normalize():f}" if item else ""
