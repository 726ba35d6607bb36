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
_WAVES = set("~〜～∼")


def card_of(rows: Sequence[tuple[int, Sequence[str]]], names: Names) -> dict[str, str]:
    """Label → text of a sheet about one person; empty for what is no such sheet.

    Labels that mean nothing known are kept as well: whoever tells the columns sees them.
    """
    meant = {plain(name): field for field, all_names in names.items() for name in all_names}
    found: dict[str, str] = {}
    fields: set[str] = set()
    lines: set[int] = set()
    for number, cells in rows:
        for label, text in _pairs(cells, meant):
            field = _field(label, meant)
            if field and field not in fields:
                fields.add(field)
                lines.add(number)
            elif field:
                continue  # as somebody's else, further down
            found.setdefault(label, text)
    is_enough = len(fields) >= FIELDS_OF_A_CARD and len(lines) >= LINES_OF_A_CARD
    is_card = "name" in fields and is_enough
    return found if is_card else {}


def _field(label: str, meant: dict[str, str]) -> str:
    field, is_sure = meaning(label, meant) if label else ("", False)
    return field if is_sure else ""


def _pairs(cells: Sequence[str], meant: dict[str, str]) -> list[tuple[str, str]]:
    """Label and what stands right of it, from left to right; a merged text stands in several cells."""
    texts = _joined(
        [text for at, text in enumerate(cells) if text and (not at or text != cells[at - 1])]
    )
    found, at = [], 0
    while at + 1 < len(texts):
        if plain(texts[at + 1]) in meant or _field(texts[at + 1], meant):
            at += 1  # nothing stands beside this label
            continue
        found.append((texts[at], texts[at + 1]))
        at += 2
    return found


def _joined(texts: Sequence[str]) -> list[str]:
    """「R8.1.1」「～」「R9.12.28」 in three cells is one period; what stands right of a 「～」 is no text of it."""
    found: list[str] = []
    for text in texts:
        is_wave = set(text.strip()) <= _WAVES
        if found and (is_wave or found[-1][-1] in _WAVES):
            found[-1] += text.strip()
        elif not is_wave:
            found.append(text)
    return found
