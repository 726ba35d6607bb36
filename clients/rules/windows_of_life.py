"""一生の利用可能期間: every window of a life, until when the right stood in it, and why it ended.

Source: docs/rules.md §2: a new service and a new job later open a new window, so that a person can
have several. A window before the last is judged on the last day before the next one is counted.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from clients.rules.facts import EmploymentFact, ServiceUse
from clients.rules.kinds import StandingState
from clients.rules.standing import Standing, standing
from clients.rules.window import SupportWindow
from teikyaku.periods import Period, day_before
from teikyaku.reasons import Reason


@dataclass(frozen=True, slots=True)
class WindowOfLife:
    """One window as it stands on the day that was asked for."""

    window: SupportWindow
    right_ends_on: date
    """Last day of the right in it by what is settled: the window's own, or that of a leaving."""
    state: StandingState
    """Of the day asked for; of an earlier window, of its last day before the next one is counted."""
    is_current: bool
    """Whether it is the window that concerns the day."""
    is_ahead: bool
    """Whether it is counted from a day that has not come."""
    reasons: tuple[Reason, ...]

    @property
    def right(self) -> Period | None:
        """The days on which the right stands; None where it ended before the first usable day."""
        if self.right_ends_on < self.window.first_usable_on:
            return None
        return Period(self.window.first_usable_on, self.right_ends_on)

    @property
    def is_over(self) -> bool:
        """Whether the right in it has ended."""
        return self.state in (StandingState.ENDED, StandingState.EXPIRED)


def windows_of_life(
    employments: Sequence[EmploymentFact], services: Sequence[ServiceUse], on: date
) -> tuple[WindowOfLife, ...]:
    """Every window of the life as known on `on`, in order; empty where none was ever opened."""
    now = standing(employments, on, services_before=services)
    found = []
    for index, window in enumerate(now.windows):
        later = now.windows[index + 1] if index + 1 < len(now.windows) else None
        seen_on = on if later is None else min(on, day_before(later.counted_from))
        then = now if seen_on == on else standing(employments, seen_on, services_before=services)
        if then.window != window:
            # Ahead of the day: as it will stand on its own first days.
            then = standing(employments, window.counted_from, services_before=services)
        found.append(_window(window, then, now, on))
    return tuple(found)


def _window(window: SupportWindow, then: Standing, now: Standing, on: date) -> WindowOfLife:
    is_of_it = then.window == window
    return WindowOfLife(
        window=window,
        right_ends_on=(then.right_ends_on if is_of_it else None) or window.last_usable_on,
        state=then.state,
        is_current=now.window == window,
        is_ahead=on < window.counted_from,
        reasons=then.reasons if is_of_it else (),
    )
