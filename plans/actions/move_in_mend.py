"""移行の取込: cells put right on the page before the import, and what is answered for all lines."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from plans.actions.move_in import look_around, mark_twins, open_move_in
from plans.actions.move_in_keep import ask_anew
from plans.actions.move_in_look import Reader
from plans.models import MoveIn, MoveInRow
from plans.move_in_columns import MORE, SECOND_HALF, label_of
from teikyaku.accounts.actions.record import save_record
from teikyaku.accounts.models import Membership
from teikyaku.sheet_files import COLUMNS

State = MoveInRow.State


@transaction.atomic
def mend_line(
    *, move_in: MoveIn, line: int, values: Mapping[str, str],
    reader: Callable[[MoveIn], Reader], by: Membership, at: datetime,
) -> None:  # fmt: skip
    """Other texts for some cells of a line, by field; the line is looked at anew, and those that lean on it.

    A line in which nothing is left goes.

    A field without a column gets one to the right of the others. `reader` is made once the columns
    stand. Raises ValidationError for a file that is settled.
    """
    held = open_move_in(move_in)
    row = held.people.select_for_update().get(line=line)
    is_wider = _widen(held, values)
    # A name is mended as a whole: its second half, in a column of its own, stands in it. So is a list.
    halves = [half for field, half in SECOND_HALF.items() if field in values]
    halves += [each for field, more in MORE.items() if field in values for each in more]
    texts = {**dict.fromkeys(halves, ""), **values}
    places = {field: place for field, place in held.columns.items() if field in texts}
    _write(row, {place: texts[field] for field, place in places.items()})
    row.save(update_fields=["cells"])
    fields = ("headings", "columns") if is_wider else ()
    save_record(held, verb="move_in_line_mended", by=by, at=at, fields=fields)
    reads = reader(held)
    look_around(held, {line, *mark_twins(held, reads)}, reads, by, at)


def _widen(move_in: MoveIn, values: Mapping[str, str]) -> bool:
    """A column for each field that the file has none of."""
    missing = [field for field in values if field not in move_in.columns]
    for field in missing:
        if len(move_in.headings) >= COLUMNS:
            raise ValidationError(_("列が多すぎて、この項目を足せません。"))
        move_in.columns[field] = len(move_in.headings)
        move_in.headings.append(label_of(field))
    return bool(missing)


def _write(row: MoveInRow, values: Mapping[int, str]) -> None:
    width = max(values, default=-1) + 1
    cells = [*row.cells, *[""] * (width - len(row.cells))]
    for position, text in values.items():
        cells[position] = text
    row.cells = cells


@transaction.atomic
def answer_for_all(
    *, move_in: MoveIn, answers: Mapping[str, str], by: Membership, at: datetime
) -> MoveIn:
    """What holds for all lines that do not tell it themselves; those with something wrong are looked at anew.

    Every line is, where an answer that held is another one or none ("") now: it may have come in by that.
    Raises ValidationError for a file that is settled.
    """
    row = open_move_in(move_in)
    held = {name: row.answers[name] for name in answers if row.answers.get(name)}
    row.answers = {**row.answers, **answers}
    if any(answers[name] != value for name, value in held.items()):
        ask_anew(row)
    else:
        _ask_wrong_anew(row)
    return save_record(row, verb="move_in_columns_told", by=by, at=at, fields=("answers",))


@transaction.atomic
def place_came(*, move_in: MoveIn) -> None:
    """A municipality is on file that lines lacked: those with something wrong are to be looked at anew.

    Raises ValidationError for a file that is settled.
    """
    _ask_wrong_anew(open_move_in(move_in))


def _ask_wrong_anew(move_in: MoveIn) -> None:
    wrong = move_in.people.exclude(faults=[])
    # Lines about the same people are judged together.
    leaning = set(wrong.exclude(earlier_line=None).values_list("earlier_line", flat=True))
    leaning |= set(wrong.values_list("line", flat=True))
    move_in.people.filter(Q(line__in=leaning) | Q(earlier_line__in=leaning)).update(
        state=State.UNREAD, words=[], faults=[], warnings=[]
    )
