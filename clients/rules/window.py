"""利用可能期間 the support window: from the day after six months of employment, for three years.

Source: docs/rules.md §2, 新潟市「就労定着支援について」 (G) 「就職後6月経過後から3年6月まで」; months are
counted by 民法143条 (S), in two steps: first the six months, then the three years.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from clients.rules.citing import cite, day, not_settled
from teikyaku.periods import Period, day_after, last_day_of_months
from teikyaku.reasons import Certainty, Reason, Step

SIX_MONTHS = 6
THREE_YEARS_IN_MONTHS = 36


@dataclass(frozen=True, slots=True)
class SupportWindow:
    """利用可能期間 with its arithmetic. All days are inclusive."""

    employed_on: date
    """First day of the first of the joined employments."""
    counted_from: date
    """Day from which the six months run: `employed_on`, or the day after support during it."""
    six_months_complete_on: date
    """Last day of the six months; the right does not exist on it yet."""
    first_usable_on: date
    last_usable_on: date

    @property
    def steps(self) -> tuple[Step, ...]:
        """The arithmetic to unfold."""
        return _steps(
            self.employed_on, self.counted_from, self.six_months_complete_on,
            self.first_usable_on, self.last_usable_on,
        )  # fmt: skip

    @property
    def reasons(self) -> tuple[Reason, ...]:
        """What is not settled about these dates; empty for nearly everybody."""
        return _unsettled(self.counted_from, self.last_usable_on)

    @property
    def period(self) -> Period:
        """First to last usable day."""
        return Period(self.first_usable_on, self.last_usable_on)

    @property
    def total_days(self) -> int:
        """Days of the whole window."""
        return (self.last_usable_on - self.first_usable_on).days + 1

    def is_usable(self, on: date) -> bool:
        """Whether `on` lies in the window."""
        return self.first_usable_on <= on <= self.last_usable_on

    def days_left(self, on: date) -> int:
        """Usable days that remain, `on` among them: all of them before the first, 0 after the last."""
        return max(0, (self.last_usable_on - max(on, self.first_usable_on)).days + 1)

    def days_used(self, on: date) -> int:
        """Days of the window that have gone by before `on`, whether the service was used or not."""
        return self.total_days - self.days_left(on)


@lru_cache(maxsize=4096)  # many people begin on one day
def support_window(employed_on: date, counted_from: date | None = None) -> SupportWindow:
    """The window that an ordinary employment opens.

    `employed_on` is its first day. `counted_from` is given where a service was used for a while
    during the employment (復職・労働時間延長): the day after that support ended (§1 S).
    Raises ValueError where `counted_from` lies before the employment.
    """
    start = employed_on if counted_from is None else counted_from
    if start < employed_on:
        raise ValueError("counted_from lies before employed_on")
    six_months_complete_on = last_day_of_months(start, SIX_MONTHS)
    first_usable_on = day_after(six_months_complete_on)
    last_usable_on = three_years_from(first_usable_on)
    return SupportWindow(
        employed_on=employed_on,
        counted_from=start,
        six_months_complete_on=six_months_complete_on,
        first_usable_on=first_usable_on,
        last_usable_on=last_usable_on,
    )


def three_years_from(first_usable_on: date) -> date:
    """Last day of the three years that begin on the first usable day (docs/rules.md §2)."""
    return last_day_of_months(first_usable_on, THREE_YEARS_IN_MONTHS)


def is_cut_short(first_usable_on: date | None, right_ends_on: date | None) -> bool:
    """Whether a leaving ends the right, and not the three years (docs/rules.md §2, §9).

    Nothing else ends it early. False where one of the days is not known. In SQL:
    `EnrolmentQuerySet.cut_short_q`.
    """
    if first_usable_on is None or right_ends_on is None:
        return False
    return right_ends_on < three_years_from(first_usable_on)


def _steps(
    employed_on: date, start: date, complete_on: date, first_on: date, last_on: date
) -> tuple[Step, ...]:
    counting = cite(2, Certainty.SOURCE, "民法143条")
    guidance = cite(2, Certainty.GUIDANCE)
    during = (
        Step(
            "6か月を数え始める日",
            "働きながらの支援が終わった日の翌日",
            day(start),
            cite(1, Certainty.SOURCE),
        ),
    )
    return (
        Step("就職した日", "つながる就労の最初の日", day(employed_on), guidance),
        *(during if start != employed_on else ()),
        Step("6か月がたつ日", f"{day(start)}から6か月", day(complete_on), counting),
        Step("利用できる最初の日", f"{day(complete_on)}の翌日", day(first_on), guidance),
        Step("利用できる最後の日", f"{day(first_on)}から3年", day(last_on), counting),
    )


def _unsettled(start: date, last_usable_on: date) -> tuple[Reason, ...]:
    in_one_step = last_day_of_months(start, SIX_MONTHS + THREE_YEARS_IN_MONTHS)
    if in_one_step == last_usable_on:
        return ()
    return (
        not_settled(
            2,
            "window.two_steps",
            f"6か月と3年に分けて数えると{day(last_usable_on)}まで、"
            f"3年6か月を続けて数えると{day(in_one_step)}までです。"
            "ここでは分けて数えています。どちらになるかは支給決定をする市区町村に確認してください。",
        ),
    )
