"""What people mark in a workbook beside its words: lines struck out, hidden or coloured, and notes at cells.

None of it is read as a fact. It is told of the line that bears it, for a colour or a note often says who
has ended.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any
from xml.etree.ElementTree import ParseError

from openpyxl.comments.comment_sheet import CommentSheet
from openpyxl.packaging.relationship import get_dependents, get_rels_path
from openpyxl.reader.excel import ExcelReader
from openpyxl.utils.cell import coordinate_from_string, get_column_letter
from openpyxl.xml.constants import COMMENTS_NS
from openpyxl.xml.functions import fromstring

# What a row is marked with in the program that made the sheet; what follows a sign is told with it.
HIDDEN, STRUCK, COLOURED = "隠れた行", "取り消し線", "色"
PART_STRUCK, NOTE = "取り消し線：", "メモ："
# Several marks of one row stand below each other.
BETWEEN = "\n"
# Notes of one sheet, unpacked: beyond that nobody wrote them by hand.
NOTES_BYTES = 4 * 1024 * 1024
NOTE_LENGTH = 100
_NO_COLOURS = {"FFFFFFFF", "00FFFFFF"}

Fills = frozenset[int]


class Styles:
    """Which styles of cells of one workbook are struck out, and with what colour they are filled."""

    def __init__(self, book: Any) -> None:
        """`book`: of openpyxl, with its styles read."""
        struck = {place for place, font in enumerate(book._fonts) if font.strike}
        fills = {place for place, fill in enumerate(book._fills) if _is_colour(fill)}
        styles = list(enumerate(book._cell_styles))
        self._struck = {place for place, style in styles if style.fontId in struck}
        self._fills = {place: style.fillId for place, style in styles if style.fillId in fills}

    def struck(self, cells: Iterable[Mapping[str, Any]]) -> str:
        """「取り消し線」 of a row that is struck out as a whole, with the columns where a part of it is."""
        filled = [cell for cell in cells if cell["value"] not in (None, "")]
        columns = [cell["column"] for cell in filled if cell.get("style_id") in self._struck]
        if len(filled) > 1 and len(columns) == len(filled):
            return STRUCK
        return PART_STRUCK + "・".join(map(get_column_letter, columns)) if columns else ""

    def fills(self, cells: Iterable[Mapping[str, Any]]) -> Fills:
        """The colours of the cells of a row that hold something."""
        filled = (cell.get("style_id") for cell in cells if cell["value"] not in (None, ""))
        return frozenset(self._fills[style] for style in filled if style in self._fills)


def coloured(fills: Mapping[int, Fills]) -> set[int]:
    """The rows with a colour that most of the others do not have."""
    if not fills:
        return set()
    counted = Counter(fills.values())
    usual = max(counted, key=lambda each: (counted[each], not each))
    return {row for row, found in fills.items() if found - usual}


def notes_in(reader: ExcelReader, path: str) -> dict[int, list[str]]:
    """For each row of a sheet its notes (コメント), 「Y6 R8.9から2か月に1回」; none where there are too many."""
    found: dict[int, list[str]] = {}
    for part in _parts_of_notes(reader, path):
        try:
            notes = CommentSheet.from_tree(fromstring(reader.archive.read(part))).comments
            for name, note in notes:
                text = " ".join(str(note.text or "").split())[:NOTE_LENGTH]
                found.setdefault(coordinate_from_string(name)[1], []).append(f"{name} {text}")
        except (ParseError, SyntaxError, ValueError, TypeError, AttributeError, KeyError):
            # A damaged note is no reason to refuse the table.
            continue
    return found


def _parts_of_notes(reader: ExcelReader, path: str) -> list[str]:
    rels = get_rels_path(path)
    if rels not in reader.valid_files and rels not in reader.archive.namelist():
        return []
    targets = [each.target for each in get_dependents(reader.archive, rels).find(COMMENTS_NS)]
    sizes = {part.filename: part.file_size for part in reader.archive.infolist()}
    return [each for each in targets if sizes.get(each, NOTES_BYTES + 1) <= NOTES_BYTES]


def _is_colour(fill: Any) -> bool:
    """Whether a cell so filled looks otherwise than paper; gradients do."""
    if not hasattr(fill, "patternType"):
        return True
    colour = fill.fgColor
    is_white = colour.type == "rgb" and colour.rgb in _NO_COLOURS
    # The first colour of a theme is its paper.
    is_paper = colour.type == "theme" and colour.theme == 0 and not colour.tint
    # gray125 is what every workbook holds and nobody chose.
    return fill.patternType not in (None, "none", "gray125") and not (is_white or is_paper)
