"""移行の取込: a second job in the line under its person, whose name the line leaves blank."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from plans.models import MoveIn, MoveInRow

TOGETHER = 500


class Joins(Protocol):
    """What reads who a line leaves blank."""

    def joined(self, above: Sequence[str], cells: Sequence[str]) -> list[str] | None:
        """The cells with the person of the line above; None where the line does not lean on it."""


def join_lines_below(move_in: MoveIn, reader: Joins) -> None:
    """Write into each such line whom the line right above it is about, as merged cells would say it."""
    above: MoveInRow | None = None
    changed: list[MoveInRow] = []
    rows = move_in.people.order_by("line").only("pk", "move_in", "line", "cells")
    for row in rows.iterator(chunk_size=TOGETHER):
        is_below = above is not None and row.line == above.line + 1
        cells = reader.joined(above.cells, row.cells) if above is not None and is_below else None
        if cells is not None:
            row.cells = cells
            changed.append(row)
        above = row
    MoveInRow.objects.bulk_update(changed, ["cells"], batch_size=TOGETHER)
