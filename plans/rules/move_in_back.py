"""取り込めなかった行: a workbook of ours that comes back mended, told by its first headings.

Pure: headings in, headings out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from string import ascii_uppercase

# What stands left of each line: its number in the file, where, why, and how it is written.
BACK = ("元の行", "どこ", "なぜ", "どう書くか")


def is_back(headings: Sequence[str]) -> bool:
    """Whether a sheet is such a workbook, whatever was added to the right of it."""
    return tuple(headings[: len(BACK)]) == BACK


def own_headings(headings: Sequence[str]) -> list[str]:
    """The headings of the file that the lines came from."""
    return list(headings[len(BACK) :])


def moved(columns: Mapping[str, int]) -> dict[str, int]:
    """The columns of the file that the lines came from, as they stand in the workbook."""
    return {field: place + len(BACK) for field, place in columns.items()}


def letter_of(place: int) -> str:
    """The letter in the workbook of a column of the file (0: the first one)."""
    number, found = place + len(BACK), ""
    while number >= 0:
        number, rest = divmod(number, len(ascii_uppercase))
        found, number = ascii_uppercase[rest] + found, number - 1
    return found
