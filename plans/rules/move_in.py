"""移行の取込: where the headings of somebody's sheet stand, and what each column means.

Pure: rows of text in, positions out. Headings of two lines (a merged one above, its parts below) are
read as one.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

JOINT = "／"
_BRACKETS = re.compile(r"[（(〔\[【].*?[）)〕\]】]")
_MARKS = re.compile(r"[\s*※・／/＿_:：\-]+")
Names = Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True)
class Head:
    """見出し: one text for each column, and the number of the last line that holds them."""

    line: int
    headings: tuple[str, ...]
    score: int = 0


def plain(heading: str) -> str:
    """A heading as it is compared: half-width, without blanks, marks and case."""
    return _MARKS.sub("", unicodedata.normalize("NFKC", heading)).casefold()


def find_head(rows: Sequence[tuple[int, Sequence[str]]], names: Names) -> Head:
    """The line (or two) of the rows at the top whose columns mean the most; of equals the first."""
    found = []
    for place, (line, cells) in enumerate(rows):
        found.append(_scored(Head(line, tuple(cells)), names))
        if place and not _is_title(rows[place - 1][1]):
            found.append(_scored(Head(line, _joined(rows[place - 1][1], cells)), names))
    return max(found, key=lambda head: head.score, default=Head(0, ()))


def guess(
    headings: Sequence[str], names: Names, known: Mapping[str, str] | None = None
) -> dict[str, int]:
    """For each field the column that means it; a field goes to the first column that does.

    `known`: what the same headings (plain) meant last time, "" for none of the fields.
    """
    meant = {plain(name): field for field, all_names in names.items() for name in all_names}
    found: dict[str, int] = {}
    known = known or {}
    for position, heading in enumerate(headings):
        if not heading.strip():
            continue
        told = known.get(plain(heading))
        field = told if told is not None else _meaning(heading, meant)
        if field and field in names and field not in found:
            found[field] = position
    return found


def known_headings(headings: Sequence[str], columns: Mapping[str, int]) -> dict[str, str]:
    """What each heading of an earlier file meant, as `guess` takes it."""
    fields = {position: field for field, position in columns.items()}
    return {
        plain(heading): fields.get(position, "")
        for position, heading in enumerate(headings)
        if heading.strip()
    }


def _meaning(heading: str, meant: Mapping[str, str]) -> str:
    """The field of a heading: as a whole first, then without what stands in brackets, then its last part."""
    group, joint, part = heading.rpartition(JOINT)
    tries = [heading, _BRACKETS.sub("", heading)]
    if joint:
        # 「支給決定期間」 above 「開始」 says more than 「開始」 alone.
        tries += [part, _BRACKETS.sub("", part), group]
    return next((meant[plain(each)] for each in tries if plain(each) in meant), "")


def _scored(head: Head, names: Names) -> Head:
    return Head(head.line, head.headings, len(guess(head.headings, names)))


def _joined(above: Sequence[str], below: Sequence[str]) -> tuple[str, ...]:
    width = max(len(above), len(below))
    pairs = zip(_wide(_spread(above, below), width), _wide(below, width), strict=True)
    return tuple(
        upper if not lower or plain(upper) == plain(lower) else f"{upper}{JOINT}{lower}" if upper else lower
        for upper, lower in pairs
    )  # fmt: skip


def _spread(above: Sequence[str], below: Sequence[str]) -> list[str]:
    """In CSV a merged heading stands in its first cell alone: it reaches over the parts below it."""
    found: list[str] = []
    last = ""
    for position, text in enumerate(above):
        part = below[position] if position < len(below) else ""
        last = text or (last if part else "")
        found.append(last)
    return found


def _wide(cells: Sequence[str], width: int) -> list[str]:
    return [*cells, *[""] * (width - len(cells))]


def _is_title(cells: Sequence[str]) -> bool:
    """Whether one text alone stands in a line: a title, also where it is merged over all columns."""
    return len({cell for cell in cells if cell}) <= 1
