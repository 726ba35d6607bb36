"""Which 支給決定 pays a month that several of them touch, and what a late renewal leaves open (§7, §8)."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from typing import Protocol, TypeVar

from teikyaku.periods import Period, day_after


class Granted(Protocol):
    """A decision as granted: its first and last day, both inclusive."""

    @property
    def starts_on(self) -> date:
        """Its first day."""

    @property
    def ends_on(self) -> date:
        """Its last day."""


AnyGranted = TypeVar("AnyGranted", bound=Granted)


def paying_decision(touching: Sequence[AnyGranted], met: Collection[date]) -> AnyGranted | None:
    """Of the decisions that touch a month, in the order of days, the one that it is claimed under.

    The latest under which a meeting counted, since the meeting earns the month inside its decision
    (docs/rules.md §6); the latest of all while nobody met. None where none touches the month.
    """
    if len(touching) > 1:
        for row in reversed(touching):
            if any(row.starts_on <= day <= row.ends_on for day in met):
                return row
    return touching[-1] if touching else None


def unrenewed_days(
    touching: Sequence[Granted], month: Period, window_ends_on: date | None
) -> Period | None:
    """The days of `month` after its last decision ran out, which a late renewal may still cover.

    None where the decision holds to the end of the month, or to the end of the support window: after
    that there is nothing to renew.
    """
    last = touching[-1].ends_on if touching else None
    if last is None or month.ends_on is None or last >= month.ends_on:
        return None
    if window_ends_on is not None and window_ends_on <= last:
        return None
    return Period(day_after(last), min(month.ends_on, window_ends_on or month.ends_on))
