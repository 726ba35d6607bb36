"""移行の取込: how far a long file is, and which step goes on."""

from __future__ import annotations

from typing import Any

from plans.models import MoveIn, MoveInRow

State = MoveInRow.State
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
