"""権利: on which days of a life the right stands, for whoever asks about many days of one person."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from clients.rules.facts import EmploymentFact, ServiceUse
from clients.rules.kinds import StandingState
from clients.rules.standing import course_of, state_on
from teikyaku.periods import Month


class Right:
    """Where one person stands on any day (docs/rules.md §2); each day is worked out once."""

    def __init__(
        self, employments: Sequence[EmploymentFact], services: Sequence[ServiceUse]
    ) -> None:
        self._course = course_of(employments, services_before=tuple(services))
        self._known: dict[date, StandingState] = {}

    def state(self, on: date) -> StandingState:
        """The state of a day."""
        found = self._known.get(on)
        if found is None:
            found = self._known[on] = state_on(self._course, on)
        return found

    def holds(self, on: date) -> bool:
        """Whether a meeting on this day may count: the right stands, or is not decided yet [?]."""
        return self.state(on) in (StandingState.OPEN, StandingState.PENDING)

    def state_of(self, month: Month) -> StandingState:
        """The month's best day decides: a right that stood or began in it earns the month.

        OPEN, else PENDING, else the state of its last day.
        """
        first = self.state(month.first_day)
        if first is StandingState.OPEN:
            return first
        last = self.state(month.last_day)
        if first is StandingState.PENDING and last is not StandingState.OPEN:
            return first
        return last
