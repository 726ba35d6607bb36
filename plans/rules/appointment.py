"""会う約束: which day holds of those that were said, and whether it was kept.

The day of the newest talk that says one; a later talk, or a change of its own, takes its place. Once
they met on the day, or after it, the appointment is kept and gone.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class Said:
    """A day that was agreed, or called off (None): the later it was said, the greater."""

    said_on: date
    said_at: datetime
    is_talk: bool
    """Of a talk and a change at the same moment, the talk is what they said to each other."""
    key: int
    day: date | None


def agreed_day(said: Iterable[Said], met: Iterable[date]) -> date | None:
    """The day that holds, whether it lies ahead or has passed; None where none was said, or it is kept.

    `met`: the days of the meetings with the person, in any order.
    """
    newest = max(said, default=None, key=_moment)
    if newest is None or newest.day is None:
        return None
    return None if any(day >= newest.day for day in met) else newest.day


def _moment(said: Said) -> tuple[date, datetime, bool, int]:
    return said.said_on, said.said_at, said.is_talk, said.key
