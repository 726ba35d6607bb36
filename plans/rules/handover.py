"""引き継ぎの期限: when preparation starts, and the latest day for sharing (docs/rules.md §9)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from teikyaku.era import both
from teikyaku.periods import day_after, latest_day_before_end
from teikyaku.reasons import Step

RULE = "docs/rules.md §9"
PREPARATION_MONTHS = 6
SHARING_MONTHS = 3


@dataclass(frozen=True, slots=True)
class HandoverDays:
    """The days that a hand-over hangs on."""

    last_usable_on: date
    preparation_starts_on: date
    share_by: date
    steps: tuple[Step, ...]

    def is_late(self, shared_on: date | None, on: date) -> bool:
        """Whether sharing missed its latest day, as of `on`."""
        return (shared_on or on) > self.share_by


def handover_days(
    last_usable_on: date,
    preparation_months: int = PREPARATION_MONTHS,
    sharing_months: int = SHARING_MONTHS,
) -> HandoverDays:
    """Preparation from 6 months, sharing at least 3 months before the end.

    Latest day D: 3 months counted from D + 1 end by the last day (2027-02-28 → 2026-11-30).
    """
    preparation = day_after(latest_day_before_end(last_usable_on, preparation_months))
    share_by = latest_day_before_end(last_usable_on, sharing_months)
    return HandoverDays(
        last_usable_on=last_usable_on,
        preparation_starts_on=preparation,
        share_by=share_by,
        steps=(
            Step("準備を始める日", f"終わりの{preparation_months}か月前", both(preparation), RULE),
            Step(
                "情報を共有する最終日",
                f"翌日から数えて{sharing_months}か月が{both(last_usable_on)}までに終わる日",
                both(share_by),
                RULE,
            ),
        ),
    )
