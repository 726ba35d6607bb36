"""開始の見込み: when use can be expected to begin, by when it costs no further month, and what nobody can say.

Source: docs/rules.md §2 (a late start is not made up). How long the steps take is a setting (days);
the expected day is an estimate, the last day of a month is not.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from clients.rules.citing import day
from clients.rules.waiting import months_lost
from clients.rules.window import SupportWindow
from teikyaku.periods import Month, day_after


@dataclass(frozen=True, slots=True)
class StartForecast:
    """What waiting costs one person, as seen on a day. Months are calendar months of the window."""

    is_near: bool
    """Whether the first usable day has come, or lies no further ahead than the steps take."""
    expected_on: date | None
    """The first day of use if the steps take as long as is reckoned; None where they took longer already."""
    start_by: date
    """The last day on which a start loses no month more than `months_gone`."""
    months_gone: int
    """Wholly behind already."""
    months_lost: int
    """Gone, or foreseen to go by until `expected_on`."""
    months_lost_later: int
    """Lost if use does not begin by `start_by`."""
    applied_on: date | None
    on: date

    @property
    def is_pressing(self) -> bool:
        """A month is foreseen to go by, or goes by soon and nobody can say that it will not."""
        if not self.is_near or self.months_lost_later == self.months_gone:
            return False
        return self.expected_on is None or self.months_lost > self.months_gone

    @property
    def words(self) -> str:
        """By when use must begin, in a sentence; empty while the first usable day lies far ahead."""
        if not self.is_near or self.months_lost_later == self.months_gone:
            return ""
        return f"{day(self.start_by)}までに始まらないと、合わせて{self.months_lost_later}か月短くなります。"

    @property
    def expected_words(self) -> str:
        """When use can be expected to begin after an application, or that nobody can say."""
        if self.applied_on is None or not self.is_near:
            return ""
        if self.expected_on is None:
            days = (self.on - self.applied_on).days
            return f"申請から{days}日で、手続きの目安を過ぎています。いつ始まるかは見込めません。"
        return f"手続きの目安どおりなら、{day(self.expected_on)}から始まります（見込み）。"


def start_forecast(
    window: SupportWindow, on: date, lead_days: int, applied_on: date | None = None
) -> StartForecast:
    """The forecast for somebody who does not use the service on `on`.

    `lead_days`: how long the steps from the application to the first day of use are taken to need;
    counted from `applied_on`, or from `on` where nobody has applied.
    """
    lead, first = timedelta(days=lead_days), window.first_usable_on
    earliest = max(on, first)
    reckoned = max(first, (applied_on or on) + lead)
    expected = reckoned if reckoned >= on else None
    start_by = Month.of(earliest).last_day
    gone = months_lost(window, earliest)
    return StartForecast(
        is_near=first - lead <= on,
        expected_on=expected,
        start_by=start_by,
        months_gone=gone,
        months_lost=months_lost(window, expected) if expected else gone,
        months_lost_later=months_lost(window, day_after(start_by)),
        applied_on=applied_on,
        on=on,
    )
