"""移行の取込: what a line that parts the table says, written beside each line below it."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from plans.move_in_columns import BELOW, NAMES, STAFF_BELOW
from plans.rules.move_in import guess
from plans.rules.move_in_sections import is_over, is_paused, section_of, staff_of

Rows = list[tuple[int, list[str]]]


def with_sections(headings: tuple[str, ...], rows: Rows) -> tuple[tuple[str, ...], Rows]:
    """The headings and lines with a column 担当 or 区切りの見出し, where lines stand below such ones.

    A column 担当 of the sheet itself tells whose people they are: none is added beside it.
    """
    told = _told(rows)
    has_staff = "staff" in guess(headings, NAMES)
    staff = (
        {} if has_staff else {line: name for line, text in told.items() if (name := staff_of(text))}
    )
    over = {line: text for line, text in told.items() if is_over(text) or is_paused(text)}
    width = max([len(headings), *(len(cells) for _line, cells in rows)], default=0)
    for heading, found in ((STAFF_BELOW, staff), (BELOW, over)):
        if found:
            headings, rows = _beside(headings, rows, heading, found, width)
            width += 1
    return headings, rows


def section_lines(rows: Collection[tuple[int, Sequence[str]]]) -> set[int]:
    """The lines that part the table."""
    return {line for line, cells in rows if section_of(cells)}


def _told(rows: Rows) -> dict[int, str]:
    """For each line below such a one its text."""
    found, text = {}, ""
    for line, cells in rows:
        here = section_of(cells)
        text = here or text
        # A remark or a sum of one text stays as it is: nobody stands in it.
        if text and not here and len({cell for cell in cells if cell.strip()}) > 1:
            found[line] = text
    return found


def _beside(
    headings: tuple[str, ...], rows: Rows, heading: str, found: dict[int, str], width: int
) -> tuple[tuple[str, ...], Rows]:
    blanks = [""] * (width - len(headings))
    wide = [
        (line, [*cells, *[""] * (width - len(cells)), found[line]] if line in found else cells)
        for line, cells in rows
    ]
    return (*headings, *blanks, heading), wide
