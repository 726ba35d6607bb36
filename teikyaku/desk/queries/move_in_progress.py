"""移行の取込: how far a long file is, and which step goes on."""

from __future__ import annotations

from math import ceil
from typing import Any

from plans.models import MoveIn, MoveInRow

State = MoveInRow.State
# Seconds from the end of a step to the beginning of the next one: the page, and what it waits.
BETWEEN = 0.5
# Digits of a pace: a line takes less than a quarter of an hour.
LONGEST = 6
# As what lines are counted that the import has stored.
IMPORTED = (State.NEW.value, State.CHANGED.value, State.SAME.value, "more")


def progress_of(row: MoveIn, counts: dict[str, int]) -> dict[str, Any]:
    """Which step of a long file goes on, and how far it is."""
    step, left = "", 0
    if row.is_waiting:
        step, left = "move_in_look", counts[State.UNREAD]
    elif row.undone_at is not None:
        step, left = "move_in_undo", counts[State.DONE]
        total = sum(row.counts.get(state, 0) for state in IMPORTED)
        return {"step": step, "left": left, "total": total, "done": total - left}
    elif row.outcome == MoveIn.Outcome.CONFIRMED:
        left = counts[State.NEW] + counts[State.CHANGED]
        total = counts[State.DONE] + left
        return {"step": "move_in_import", "left": left, "total": total, "done": total - left}
    total = sum(counts.values())
    return {"step": step, "left": left, "total": total, "done": total - left}


def pace_of(seconds: float, lines: int) -> int:
    """How many thousandths of a second a line of the last step took, with the way to the next step."""
    return max(1, round((seconds + BETWEEN) * 1000 / lines))


def minutes_left(pace: str, left: int) -> int | None:
    """In how many minutes the rest is done at the pace of the last step; None where nobody knows it."""
    if not (pace.isascii() and pace.isdecimal() and len(pace) <= LONGEST):
        return None
    return ceil(left * int(pace) / 60_000) or None
