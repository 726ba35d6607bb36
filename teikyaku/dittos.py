"""〃 and 同上 in a table: the cell says what stands above it in the same column."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence

DITTOS = {
    "〃", "々", "″", "''", '"', "同上", "同左", "上に同じ", "上記に同じ", "以下同じ",
}  # fmt: skip


def is_ditto(cell: str) -> bool:
    """Whether the cell repeats the one above it."""
    return "".join(unicodedata.normalize("NFKC", cell).split()) in DITTOS


def without_dittos(rows: Iterable[tuple[int, Sequence[str]]]) -> list[tuple[int, list[str]]]:
    """Rows in which 〃 and 同上 are what stands above them in the same column."""
    above: list[str] = []
    found = []
    for number, cells in rows:
        told = [
            above[place] if place < len(above) and is_ditto(cell) else cell
            for place, cell in enumerate(cells)
        ]
        found.append((number, told))
        above = told
    return found
