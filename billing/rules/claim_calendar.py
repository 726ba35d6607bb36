"""請求の予定: the days of a month on which something falls due for the month served before. Pure.

docs/rules.md §5 and §8: reports for cap management by the 3rd, the answer by the 6th, claims from the
1st to the 10th of the next month. The days are dated figures; the rules do not say what becomes of
them on a day of rest, so nothing is moved: the day of rest is named.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from plans.rules import report_day
from teikyaku.figures import Figure
from teikyaku.periods import Month

REPORT, ANSWER, CLAIM = "cap_management.report_day", "cap_management.answer_day", "claim.last_day"
DAYS = (REPORT, ANSWER, CLAIM)
# By when the reports of the month served are handed to the people; 0 where nobody has set a day.
HANDED = report_day.FIGURE
ALL = (*DAYS, HANDED)
LABELS = {
    HANDED: "支援レポートを本人に渡す期限",
    REPORT: "上限額管理の報告",
    ANSWER: "上限額管理の結果",
    CLAIM: "国保連への請求の締切",
}
WEEKDAYS = "月火水木金土日"
SATURDAY = 5
SUNDAY = 6
# 国民の祝日に関する法律: fixed days, and Mondays by their number in the month. The equinoxes are
# announced year by year and fall on no day of a claim calendar: they are not here.
FIXED_HOLIDAYS = {
    (1, 1): "元日", (2, 11): "建国記念の日", (2, 23): "天皇誕生日", (4, 29): "昭和の日",
    (5, 3): "憲法記念日", (5, 4): "みどりの日", (5, 5): "こどもの日", (8, 11): "山の日",
    (11, 3): "文化の日", (11, 23): "勤労感謝の日",
}  # fmt: skip
MONDAY_HOLIDAYS = {
    (1, 2): "成人の日", (7, 3): "海の日", (9, 3): "敬老の日", (10, 2): "スポーツの日",
}  # fmt: skip
# 行政機関の休日に関する法律: offices are closed from December 29 to January 3.
YEAR_END = ((12, 29), (12, 30), (12, 31), (1, 2), (1, 3))


class DayState(StrEnum):
    """How a day of the calendar looks from today."""

    PAST = "past"
    TODAY = "today"
    NEXT = "next"
    LATER = "later"


@dataclass(frozen=True, slots=True)
class CalendarDay:
    """One day on which something falls due."""

    on: date
    key: str
    """Which of ALL."""
    label: str
    state: DayState
    rest: str
    """"土曜日", "憲法記念日" …; empty for a working day."""
    source: str

    @property
    def weekday(self) -> str:
        """月 to 日."""
        return WEEKDAYS[self.on.weekday()]

    @property
    def is_ahead(self) -> bool:
        """Whether it is today or later."""
        return self.state != DayState.PAST


@dataclass(frozen=True, slots=True)
class ClaimCalendar:
    """The days of `month` for what was served in the month before it."""

    month: Month
    days: tuple[CalendarDay, ...]

    @property
    def served(self) -> Month:
        """The month that is claimed."""
        return self.month - 1

    @property
    def last_claim_day(self) -> CalendarDay:
        """The last day on which the claims of `served` are taken."""
        return next(day for day in self.days if day.key == CLAIM)

    @property
    def has_rest_day(self) -> bool:
        """Whether one of the days is a day of rest: what then holds must be asked."""
        return any(day.rest for day in self.days)

    @property
    def next_day(self) -> CalendarDay | None:
        """What falls due today or next; None when all of this month's days are past."""
        return next((d for d in self.days if d.state in (DayState.TODAY, DayState.NEXT)), None)


def claim_calendar(
    on: date, figures: Mapping[str, Figure], month: Month | None = None
) -> ClaimCalendar:
    """The calendar of `month`, else of the month that holds `on`, as seen on that day.

    `figures` has a day of the month for each of DAYS; where somebody has set one, also for HANDED.
    """
    month = month or Month.of(on)
    keys = [key for key in ALL if key in figures and int(figures[key].value)]
    dates = sorted((_day_in(month, int(figures[key].value)), ALL.index(key)) for key in keys)
    coming = next((day for day, _index in dates if day > on), None)
    days = tuple(
        CalendarDay(
            on=day,
            key=ALL[index],
            label=LABELS[ALL[index]],
            state=_state(day, on, coming),
            rest=rest_day(day),
            source=figures[ALL[index]].source,
        )
        for day, index in dates
    )
    return ClaimCalendar(month, days)


def _day_in(month: Month, day: int) -> date:
    return month.first_day.replace(day=min(max(day, 1), month.last_day.day))


def _state(day: date, on: date, coming: date | None) -> DayState:
    if day < on:
        return DayState.PAST
    if day == on:
        return DayState.TODAY
    return DayState.NEXT if day == coming else DayState.LATER


def rest_day(day: date) -> str:
    """Why offices rest on a day: its holiday, 振替休日, the turn of the year, 土曜日 or 日曜日; else empty."""
    if name := _holiday(day) or _substitute(day):
        return name
    if (day.month, day.day) in YEAR_END:
        return "年末年始の休み"
    return {SATURDAY: "土曜日", SUNDAY: "日曜日"}.get(day.weekday(), "")


def _holiday(day: date) -> str:
    if name := FIXED_HOLIDAYS.get((day.month, day.day)):
        return name
    is_monday = day.weekday() == 0
    return MONDAY_HOLIDAYS.get((day.month, (day.day - 1) // 7 + 1), "") if is_monday else ""


def _substitute(day: date) -> str:
    """The first day after a holiday on a Sunday that is no holiday itself (同法3条2項)."""
    before = day - timedelta(days=1)
    while _holiday(before):
        if before.weekday() == SUNDAY:
            return "振替休日"
        before -= timedelta(days=1)
    return ""
