"""支給決定期間: the longest period that may be granted, and what is wrong with another.

docs/rules.md §3 [M]: the rest of the first month plus at most 12 months; not before the first usable
day, never past the last. A decision that starts on the 1st has no rest of a month before it: its
first month is the first of the 12.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from clients.rules.window import THREE_YEARS_IN_MONTHS
from teikyaku.era import both
from teikyaku.periods import Month, Period, last_day_of_months
from teikyaku.reasons import Certainty, Reason, Step

RULE = "docs/rules.md §3（実務上の取扱い）"
RIGHT = "docs/rules.md §2（転職の取扱い）"


@dataclass(frozen=True, slots=True)
class LongestDecision:
    """The longest period from a first day, with its arithmetic."""

    starts_on: date
    ends_on: date
    steps: tuple[Step, ...]

    @property
    def period(self) -> Period:
        """First to last day."""
        return Period(self.starts_on, self.ends_on)


def longest_decision(
    starts_on: date, window: Period | None, months: int, right_ends_on: date | None = None
) -> LongestDecision:
    """The longest decision that starts on `starts_on`: at most `months`, inside the window.

    `right_ends_on`: the last day of a job with which the right is known to end (docs/rules.md §2).
    """
    first = Month.of(starts_on)
    is_whole = starts_on.day == 1
    last = first + (months - 1 if is_whole else months)
    by_months = last.last_day
    counted = (
        f"{first.label}の残りと{months}か月" if not is_whole else f"{first.label}から{months}か月"
    )
    steps = [Step("支給決定期間の上限", counted, both(by_months), RULE)]
    ends_on = by_months
    if window is not None and window.ends_on is not None and window.ends_on < by_months:
        ends_on = window.ends_on
        steps.append(Step("利用可能期間の最終日", "これより後にはできません", both(ends_on), RULE))
    if right_ends_on is not None and starts_on <= right_ends_on < ends_on:
        ends_on = right_ends_on
        steps.append(Step("離職の日", "権利はこの日で終わります", both(ends_on), RIGHT))
    return LongestDecision(starts_on, ends_on, tuple(steps))


def is_longer_than_support(period: Period) -> bool:
    """Whether a period outlasts the three years that any support lasts (docs/rules.md §2)."""
    return period.ends_on is None or period.ends_on > last_day_of_months(
        period.starts_on, THREE_YEARS_IN_MONTHS
    )


def check_decision(
    period: Period, window: Period | None, months: int, right_ends_on: date | None = None
) -> tuple[Reason, ...]:
    """What is wrong with a decision's period; empty when it may be granted.

    Of a period that starts too early the end is judged as of the first day that there is: whoever
    mends the one has not to come back for the other. `right_ends_on` as in `longest_decision`.
    """
    if window is None:
        text = "利用可能期間がありません。就労とサービス利用の記録を確かめてください。"
        return (Reason("no_window", text, RULE, Certainty.PRACTICE),)
    if period.starts_on < window.starts_on:
        text = f"開始日は、利用できる最初の日（{both(window.starts_on)}）以後にしてください。"
        # The first day that would do is only supposed here, and said so.
        supposed = f"{both(window.starts_on)}に始めるとき、"
        too_long = _too_long(
            window.starts_on, period.ends_on, window, months, right_ends_on, supposed
        )
        return (Reason("before_window", text, RULE, Certainty.PRACTICE), *too_long)
    if window.ends_on is not None and period.starts_on > window.ends_on:
        text = f"利用可能期間は{both(window.ends_on)}で終わっています。"
        return (Reason("after_window", text, RULE, Certainty.PRACTICE),)
    return _too_long(period.starts_on, period.ends_on, window, months, right_ends_on)


def _too_long(
    starts_on: date,
    ends_on: date | None,
    window: Period,
    months: int,
    right_ends_on: date | None,
    supposed: str = "",
) -> tuple[Reason, ...]:
    longest = longest_decision(starts_on, window, months, right_ends_on)
    if ends_on is not None and ends_on <= longest.ends_on:
        return ()
    how = "、".join(f"{step.label}：{step.expression}＝{step.result}" for step in longest.steps)
    text = f"{supposed}終了日は{both(longest.ends_on)}までです（{how}）。"
    return (Reason("too_long", text, RULE, Certainty.PRACTICE),)
