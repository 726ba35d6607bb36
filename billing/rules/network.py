"""地域連携会議実施加算: which meeting of a month counts, and why another does not.

Source: docs/rules.md §7: (Ⅰ) and (Ⅱ) together once a month and 4 times a year. Which of the two
applies is the office's answer; which year is meant (fiscal year or 12 months) is [?], a dated figure.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from teikyaku.era import both
from teikyaku.periods import Month

FISCAL, ROLLING = "年度", "12か月"
# What the meeting earns, by the kind that the office answered; the dearer one first.
ITEMS = {"community_1": "network_1", "community_2": "network_2"}
LABELS = {"community_1": "（Ⅰ）", "community_2": "（Ⅱ）"}


@dataclass(frozen=True, slots=True)
class Meeting:
    """地域連携会議 that was held: its day and its kind as the office answered."""

    held_on: date
    kind: str


@dataclass(frozen=True, slots=True)
class NetworkYear:
    """The year that a month belongs to, and the months in it that have been used up."""

    first: Month
    last: Month
    limit: int
    used: tuple[Month, ...]
    """Other months than the one asked about, in order."""
    unknown: int = 0
    """How many more were used before the office moved in, in months that nobody knows any more."""
    is_elsewhere: bool = False
    """Another office has used the month itself."""

    @property
    def is_full(self) -> bool:
        """Whether the year holds no further one."""
        return self.count >= self.limit

    @property
    def count(self) -> int:
        """How many are used up."""
        return len(self.used) + self.unknown

    @property
    def label(self) -> str:
        """2026年4月〜2027年3月."""
        return f"{self.first.label}〜{self.last.label}"


@dataclass(frozen=True, slots=True)
class NotCounted:
    """A meeting that earns nothing, and why."""

    meeting: Meeting
    why: str

    @property
    def text(self) -> str:
        """In one sentence, for the lists."""
        day, kind = both(self.meeting.held_on), LABELS[self.meeting.kind]
        return f"{day}の地域連携会議{kind}は、加算に数えません：{self.why}"


@dataclass(frozen=True, slots=True)
class NetworkAnswer:
    """What the meetings of one person's month come to."""

    counted: Meeting | None
    not_counted: tuple[NotCounted, ...]

    @property
    def item(self) -> str:
        """The item of the fee table; "" where nothing counts."""
        return ITEMS[self.counted.kind] if self.counted else ""


def years_of(month: Month, kind: str) -> tuple[tuple[Month, Month], ...]:
    """First and last month of each year that counts for `month`: the fiscal year, or any 12 months.

    Of any 12 months in a row that hold `month` none may hold too many, so each is a year of it, the one
    that ends with it first. Raises ValueError for another word: the figure is typed by people.
    """
    if kind == FISCAL:
        first = Month(month.fiscal_year, 4)
        return ((first, first + 11),)
    if kind == ROLLING:
        return tuple((month - 11 + n, month + n) for n in range(12))
    raise ValueError(f"「{kind}」は、{FISCAL}か{ROLLING}ではありません。")


def network_answer(meetings: Iterable[Meeting], year: NetworkYear) -> NetworkAnswer:
    """Which meeting of the month counts: one, the dearer kind first, then the earlier day."""
    order = sorted(meetings, key=lambda each: (each.kind, each.held_on))
    why = _refused(year)
    if why:
        return NetworkAnswer(None, tuple(NotCounted(each, why) for each in order))
    if not order:
        return NetworkAnswer(None, ())
    told = "（Ⅰ）と（Ⅱ）を合わせて、月に1回までです。"
    return NetworkAnswer(order[0], tuple(NotCounted(each, told) for each in order[1:]))


def _refused(year: NetworkYear) -> str:
    if year.is_elsewhere:
        return "この月の分は、ほかの事業所が使ったと記録しています。"
    if year.is_full:
        months = _named(year.used, year.unknown)
        return f"1年（{year.label}）に{year.limit}回までで、{months}に使っています。"
    return ""


def _named(months: Sequence[Month], unknown: int) -> str:
    told = [month.label for month in months]
    if unknown:
        told.append(f"移行前に{unknown}回（月は不明）")
    return "、".join(told)
