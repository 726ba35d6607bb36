"""Until when a hand-over of people can be taken back."""

from __future__ import annotations

from datetime import date, timedelta

# A slip is seen within days. Later the new one has worked with the people: they are moved once more.
UNDO_DAYS = 7


def undo_until(recorded_on: date, starts_on: date) -> date:
    """The last day on which a move can be taken back: a week from its record or its start."""
    return max(recorded_on, starts_on) + timedelta(days=UNDO_DAYS)
