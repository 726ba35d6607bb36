"""取り込めなかった行: handed back as a workbook in which they are mended, and which is loaded again."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from django.utils.translation import gettext as _

from plans.models import MoveIn, MoveInRow
from plans.move_in_columns import BACK, BY_LABEL
from plans.queries.move_in import not_taken_in
from plans.rules.move_in_back import is_back, letter_of, own_headings
from teikyaku.spreadsheets import Column, Sheet, Value, workbook

TOGETHER = 500
State = MoveInRow.State


def refusals_workbook(move_in: MoveIn) -> bytes:
    """The lines that did not come in whole, as in the file (with what was mended on the page).

    Left of each stand its number in the file, where, why and how it is written. After the lines are
    erased only what was wrong is left: no value of the file.
    """
    title = _("取り込めなかった行")
    if not not_taken_in(move_in).exists():
        return workbook([Sheet(title, _bare_columns(), _bare(move_in))])
    columns = [Column(BACK[0], width=8), Column(BACK[1], width=26), Column(BACK[2], width=50),
               Column(BACK[3], width=50)]  # fmt: skip
    own = own_headings(move_in.headings) if is_back(move_in.headings) else move_in.headings
    columns += [Column(heading, width=16, is_kept_text=True) for heading in own]
    return workbook([Sheet(title, columns, _whole(move_in))])


def _whole(move_in: MoveIn) -> Iterator[Sequence[Value]]:
    width = len(move_in.headings)
    # Of lines that were handed back before, what was told of them then is told anew.
    before = len(BACK) if is_back(move_in.headings) else 0
    places = {field: letter_of(place - before) for field, place in move_in.columns.items()}
    for row in not_taken_in(move_in).iterator(chunk_size=TOGETHER):
        where, why, how = _told(row, places)
        cells = [*row.cells, *[""] * width][before:width]
        yield [str(row.line), where, why, how, *(cell or None for cell in cells)]


def _told(row: MoveInRow, places: dict[str, str]) -> tuple[str, str, str]:
    """Where, why and how, each fault on a line of its own."""
    faults = row.faults or [["", "", "", word] for word in _unanswered(row)]
    where, why, how = [], [], []
    for _cell, label, value, expected in faults:
        message, _mark, example = expected.partition(_(" 例："))
        where.append(_place(label, places))
        why.append(f"{label}「{value}」：{message}" if value else message)
        how.append(_written(label, example))
    return tuple("\n".join(filter(None, dict.fromkeys(each))) for each in (where, why, how))  # type: ignore[return-value]


def _unanswered(row: MoveInRow) -> Iterable[str]:
    yield from row.words
    if row.state == State.DOUBTFUL:
        yield _("入れ直したあとの画面で、「同じ方」か「別の方」を選んでください。")


def _place(label: str, places: dict[str, str]) -> str:
    """「就職日（K列）」: the column in this workbook; new ones are put right of the others."""
    column = BY_LABEL.get(label)
    if column is None:
        return label
    letter = places.get(column.field)
    if letter is None:
        return _("%(label)s（列がありません。右に足してください）") % {"label": label}
    return _("%(label)s（%(letter)s列）") % {"label": label, "letter": letter}


def _written(label: str, example: str) -> str:
    column = BY_LABEL.get(label)
    meaning = str(column.meaning) if column is not None else ""
    shown = _("例：%(example)s") % {"example": example} if example else ""
    return "".join(filter(None, (f"{label}：" if meaning else "", meaning, shown)))


def _bare_columns() -> list[Column]:
    return [
        Column(_("行"), width=8), Column(_("セル"), width=8), Column(_("列")),
        Column(_("直すところ"), width=80),
    ]  # fmt: skip


def _bare(move_in: MoveIn) -> Iterator[Sequence[Value]]:
    for line, cell, column, words in move_in.refusals:
        yield [str(line), cell, column, words]
