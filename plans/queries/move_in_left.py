"""移行の取込: what of a file is not taken in, and which columns are read as an earlier file told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from plans.models import MoveIn
from plans.move_in_columns import BELOW, MARKS, NAMES, WHICH
from plans.rules.move_in import UNSEEN, Seen, guesses, heading_keys
from plans.rules.move_in_back import BACK
from teikyaku.sheet_files import cell_name
from teikyaku.sheet_marks import BETWEEN, COLOURED, NOTE

# Lines in which columns are looked through for something that stands in them.
LINES = 500
EXAMPLE = 30
# What is read of the file though nobody told a meaning.
_READ = {*BACK, BELOW, MARKS, *WHICH.names}


@dataclass(frozen=True, slots=True)
class LeftOut:
    """取り込まない列: a column with something in it that nothing is taken from."""

    name: str
    example: str


def left_out(move_in: MoveIn) -> list[LeftOut]:
    """The columns with something in them that have no meaning, with the first thing in each (one query)."""
    rows = list(move_in.people.order_by("line").values_list("cells", flat=True)[:LINES])
    seen, taken = Seen(rows), set(move_in.columns.values())
    found = []
    for position, heading in enumerate(move_in.headings):
        values = [] if position in taken or heading in _READ else seen.values(position)
        if values and not seen.is_wave(position):
            found.append(LeftOut(_name(position, heading), values[0][:EXAMPLE]))
    return found


@dataclass(frozen=True, slots=True)
class Marked:
    """色やメモで印を付けた行: what somebody marked otherwise than in words, which is not read."""

    coloured: list[int]
    """The lines with a colour that most others do not have."""
    notes: int
    """How many notes stand at cells."""


def marked_lines(move_in: MoveIn) -> Marked:
    """The coloured lines and the notes of a file that waits (one query where any row bears a mark)."""
    if MARKS not in move_in.headings:
        return Marked([], 0)
    place = move_in.headings.index(MARKS)
    rows = move_in.people.order_by("line").values_list("line", f"cells__{place}")
    marks = [(line, (mark or "").split(BETWEEN)) for line, mark in rows]
    return Marked(
        [line for line, found in marks if COLOURED in found],
        sum(each.startswith(NOTE) for _line, found in marks for each in found),
    )


def own_meanings(
    headings: Sequence[str], told: Mapping[str, str], columns: Mapping[str, int]
) -> list[str]:
    """The headings that are read as somebody told in an earlier file, where they do not say so themselves."""
    fresh = {at: field for field, (at, _sure) in guesses(headings, NAMES, None, UNSEEN).items()}
    now = {at: field for field, at in columns.items()}
    found = [
        headings[at]
        for at, key in enumerate(heading_keys(headings))
        if key in told and told[key] == now.get(at, "") != fresh.get(at, "")
    ]
    return list(dict.fromkeys(found))


def _name(position: int, heading: str) -> str:
    letter = cell_name(position, 1).rstrip("1")
    return _("%(letter)s列　%(heading)s") % {
        "letter": letter,
        "heading": heading or _("（見出しなし）"),
    }
