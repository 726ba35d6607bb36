"""もし利用開始日が〜なら: what a first day of use costs and brings, by the rules that count the real one.

Source: docs/rules.md §2 (a late start is not made up), §3 (the longest decision), §6 (one meeting
earns the whole month; the first interview by the end of the month in which use begins).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from clients.rules.citing import by_source, cite, day
from clients.rules.waiting import months_left_from, months_lost
from clients.rules.window import SupportWindow
from plans.rules.decision import LongestDecision, longest_decision
from plans.rules.pace import History, PaceSettings, next_due
from teikyaku.periods import Month
from teikyaku.reasons import Certainty, Reason, Step


@dataclass(frozen=True, slots=True)
class StartIf:
    """What follows from a first day of use. Days are inclusive, months are calendar months."""

    starts_on: date
    days_lost: int
    """Days of the window that lie before the start, unused."""
    months_lost: int
    months_left: int
    first_month: Month
    """The first month that can be billed: the one in which use begins."""
    days_to_meet: int
    """Days of that month on which a meeting can earn it."""
    interview_due_on: date | None
    longest: LongestDecision
    apply_by: date
    is_apply_by_past: bool
    steps: tuple[Step, ...]
    reasons: tuple[Reason, ...]


def start_if(
    window: SupportWindow,
    starts_on: date,
    on: date,
    *,
    right_ends_on: date,
    apply_days_before: int,
    decision_months: int,
    pace: PaceSettings,
) -> StartIf:
    """What use from `starts_on` on would mean, as seen on `on`.

    `right_ends_on`: the last day of the right as far as is known. `apply_days_before` (days),
    `decision_months` and `pace` are settings. Raises ValueError for a start outside the right.
    """
    if not window.first_usable_on <= starts_on <= right_ends_on:
        raise ValueError("the start lies outside the right")
    due = next_due(History(use_starts_on=starts_on, last_usable_on=right_ends_on), pace)
    longest = longest_decision(starts_on, window.period, decision_months, right_ends_on)
    apply_by = starts_on - timedelta(days=apply_days_before)
    days_lost = (starts_on - window.first_usable_on).days
    lost, first = months_lost(window, starts_on), Month.of(starts_on)
    last_day = min(first.last_day, right_ends_on)
    return StartIf(
        starts_on=starts_on,
        days_lost=days_lost,
        months_lost=lost,
        months_left=months_left_from(window, starts_on),
        first_month=first,
        days_to_meet=(last_day - starts_on).days + 1,
        interview_due_on=due.due_on,
        longest=longest,
        apply_by=apply_by,
        is_apply_by_past=apply_by < on,
        steps=(
            _lost_step(window, starts_on, days_lost, lost),
            *due.steps,
            *longest.steps,
            Step(
                "申請の目安",
                f"{day(starts_on)}の{apply_days_before}日前",
                day(apply_by),
                cite(2, Certainty.PRACTICE),
            ),
        ),
        reasons=(_first_month(first, starts_on, last_day),),
    )


def _lost_step(window: SupportWindow, starts_on: date, days: int, months: int) -> Step:
    first = window.first_usable_on
    how = f"{day(first)}から{day(starts_on)}の前の日まで" if days else f"{day(first)}から利用"
    return Step(
        "使わずに過ぎる期間", how, f"{days}日（暦の月で{months}か月）", cite(2, Certainty.GUIDANCE)
    )


def _first_month(month: Month, starts_on: date, last_day: date) -> Reason:
    return by_source(
        6,
        "start_if.first_month",
        f"{month.label}は、{day(starts_on)}から{day(last_day)}までの間に対面かテレビ電話の面談があり、"
        "支援レポートを渡せば、まる1か月分を請求できます。",
    )
