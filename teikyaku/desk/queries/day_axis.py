"""An axis of days, as pictures over time share it: where a day stands, in percent of the width."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from teikyaku.periods import Month, months_later

# Steps between ticks, in months, and how many words of a month fit beside each other on a phone.
STEPS = (1, 2, 3, 6, 12, 24)
MOST_TICKS = 4


@dataclass(frozen=True, slots=True)
class Tick:
    """A day under the picture."""

    x: float
    label: str


@dataclass(frozen=True, slots=True)
class DayAxis:
    """From a first to a last day, both in the picture."""

    starts_on: date
    ends_on: date

    def percent(self, day: date) -> float:
        """Where the day stands; days outside stand at the border."""
        whole = (self.ends_on - self.starts_on).days or 1
        return round(min(100.0, max(0.0, (day - self.starts_on).days * 100 / whole)), 1)

    def holds(self, day: date) -> bool:
        """Whether the day is in the picture."""
        return self.starts_on <= day <= self.ends_on

    @property
    def readable_step(self) -> int:
        """Months from one tick to the next, so that a phone shows some and none run together."""
        months = Month.of(self.ends_on) - Month.of(self.starts_on)
        return next((step for step in STEPS if months < step * MOST_TICKS), STEPS[-1])

    def ticks(self, every_months: int = 12) -> tuple[Tick, ...]:
        """The first month, and each so many months from it: more words would not fit on a phone."""
        found = []
        day, steps = self.starts_on, 0
        while day <= self.ends_on:
            found.append(Tick(self.percent(day), Month.of(day).label))
            steps += 1
            day = months_later(self.starts_on, every_months * steps)
        return tuple(found)
