"""移行の取込: 個人票, sheets of one person each, labels on the left and what they say on the right.

Pure: the rows of one sheet in, label and text out.
"""

from __future__ import annotations

from collections.abc import Sequence

from plans.rules.move_in_heads import Names, meaning, plain

# So many fields with something beside them make a card; a table has headings side by side.
FIELDS_OF_A_CARD = 4
# Below each other: what stands side by side in one line or two is the heading of a table.
LINES_OF_A_CARD = 3


def card_of(rows: Sequence[tuple[int, Sequence[str]]], names: Names) -> dict[str, str]:
    """Label → text of a sheet about one person; empty for what is no such sheet."""
    meant = {plain(name): field for field, all_names in names.items() for name in all_names}
    found: dict[str, str] = {}
    fields: set[str] = set()
    lines: set[int] = set()
    for number, cells in rows:
        for place, label in enumerate(cells):
            field = _field(label, meant)
            text = _beside(cells, place, meant) if field and field not in fields else ""
            if text:
                fields.add(field)
                lines.add(number)
                found[label] = text
    is_enough = len(fields) >= FIELDS_OF_A_CARD and len(lines) >= LINES_OF_A_CARD
    is_card = "name" in fields and is_enough
    return found if is_card else {}


def _field(label: str, meant: dict[str, str]) -> str:
    field, is_sure = meaning(label, meant) if label else ("", False)
    return field if is_sure else ""


def _beside(cells: Sequence[str], place: int, meant: dict[str, str]) -> str:
    """The next text to the right that is no label; a merged label stands in several cells."""
    for text in cells[place + 1 :]:
        if text and text != cells[place]:
            return "" if _field(text, meant) else text
    return ""
