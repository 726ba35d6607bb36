"""就労の続き方: the share still employed after so many months (Kaplan–Meier).

Who is still employed, or whom the office lost sight of, counts up to the last day known, and only
from the month in which the use began: who left before that never came into sight, so nobody may count
as having been watched then (late entry, left truncation). Exact fractions: two readers who count by hand get the same.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from teikyaku.periods import last_day_of_months


@dataclass(frozen=True, slots=True)
class Stretch:
    """One employment: whole months that were complete, and whether it ended then or is only not known further."""

    months: int
    has_ended: bool
    entered: int = 0
    """Whole months that were complete when the office began to see the person."""

    @property
    def is_seen(self) -> bool:
        """Whether the person was at work in sight at all."""
        return self.entered <= self.months

    def is_watched_at(self, months: int) -> bool:
        """Whether the person was in sight and at work after so many months."""
        return self.entered <= months <= self.months


@dataclass(frozen=True, slots=True)
class CurveStep:
    """After so many months: how many were still watched before, how many left, the share that stays."""

    months: int
    watched: int
    left: int
    share: Fraction


def whole_months(starts_on: date, until: date) -> int:
    """Months complete on `until`, its day included, by 民法143条; 0 where it lies before."""
    months = 0
    while last_day_of_months(starts_on, months + 1) <= until:
        months += 1
    return months


def survival(stretches: Iterable[Stretch]) -> tuple[CurveStep, ...]:
    """The steps of the curve, at each number of months after which somebody left.

    Whoever is lost from sight in the same month, or comes into it, counts as watched in it.
    """
    known = [each for each in stretches if each.is_seen]
    share, steps = Fraction(1), []
    for months in sorted({each.months for each in known if each.has_ended}):
        watched = sum(each.is_watched_at(months) for each in known)
        left = sum(each.has_ended and each.months == months for each in known)
        share *= Fraction(watched - left, watched)
        steps.append(CurveStep(months, watched, left, share))
    return tuple(steps)


def share_after(steps: Iterable[CurveStep], months: int) -> Fraction:
    """The share that stays after `months` months: who left in the month before is gone."""
    share = Fraction(1)
    for step in steps:
        if step.months < months:
            share = step.share
    return share
