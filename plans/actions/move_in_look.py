"""移行の取込: what one line would do and what is wrong in it: done as a whole and undone."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from datetime import date, datetime
from typing import Protocol

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.transaction import TransactionManagementError
from django.utils.translation import gettext as _

from plans.actions.move_in_desk import Told
from plans.actions.move_in_ends import needs_leaving
from plans.actions.move_in_people import take_in
from plans.actions.move_in_twice import (
    Twice,
    again,
    alone_words,
    copy_words,
    second_words,
    told_of_second,
)
from plans.actions.move_in_whom import use_of, whom
from plans.models import MoveIn, MoveInRow
from plans.move_in_row import Person, PersonRow
from teikyaku.accounts.models import Membership
from teikyaku.clock import date_of
from teikyaku.figures import FigureError
from teikyaku.rehearsal import rehearsed, without_savepoints

State, Choice = MoveInRow.State, MoveInRow.Choice
WAITING = (State.NEW, State.CHANGED, State.DOUBTFUL)
# What the import takes in.
COMING = (State.NEW, State.CHANGED)


class Reader(Protocol):
    """What reads a line: `plans.forms.move_in.LineReader`."""

    def text(self, cells: Sequence[str], field: str) -> str:
        """What stands in the column of a field."""

    def is_empty(self, cells: Sequence[str]) -> bool:
        """Whether nothing stands in the columns that are read."""

    def is_remark(self, cells: Sequence[str]) -> bool:
        """Whether the line is nobody's: a sum, or who made the list."""

    def remark_words(self, cells: Sequence[str]) -> str:
        """What such a line is, in words."""

    def lost(self, line: int, cells: Sequence[str]) -> list[str]:
        """Words whose characters were lost when the file was saved."""

    def cautions(self, cells: Sequence[str]) -> list[str]:
        """What to look at before the line comes in."""

    def cautioned(self, cells: Sequence[str]) -> list[str]:
        """The fields that these ask to put right."""

    def key(self, cells: Sequence[str]) -> tuple[str, date] | None:
        """Kana and birth date; None where one cannot be read."""

    def joined(self, above: Sequence[str], cells: Sequence[str]) -> list[str] | None:
        """The cells of a job under its person, with who it is; None for any other line."""

    def read(self, line: int, cells: Sequence[str]) -> tuple[PersonRow | None, list[list[str]]]:
        """The row (None: nothing comes in), and [cell, column, value, what is expected] of what is wrong."""

    def fault(self, line: int, cells: Sequence[str], field: str, message: str) -> list[str]:
        """One thing that is wrong, at its cell."""


def look_at(
    move_in: MoveIn, row: MoveInRow, reader: Reader, by: Membership, at: datetime
) -> None:  # fmt: skip
    """What one line would do and what is wrong in it; an empty one goes."""
    if reader.is_empty(row.cells):
        # A line that is drawn and not filled in.
        row.delete()
        return
    row.words, row.faults, row.warnings, row.asks, row.enrolment = [], [], [], [], None
    if reader.is_remark(row.cells):
        row.state, row.words = State.LEFT_OUT, [reader.remark_words(row.cells)]
    else:
        row.state = _read(move_in, row, reader, by, at)
    row.save(update_fields=["state", "words", "faults", "warnings", "asks", "enrolment"])


def _read(
    move_in: MoveIn, row: MoveInRow, reader: Reader, by: Membership, at: datetime
) -> str:  # fmt: skip
    person, faults = reader.read(row.line, row.cells)
    if person is None:
        row.faults = faults
        return State.REFUSED
    state = _judged(move_in, row, person, by, at, reader)
    if state == State.LEFT_OUT and not row.choice:
        return state  # says nothing of its own: what it lacks the earlier line has
    # What a rule refuses may come of a cell that could not be read: both are told.
    # Of one cell that both want the reader knows better what is wrong: it is told once.
    unread = {fault[1] for fault in faults if fault[1]}
    row.faults = [*(each for each in row.faults if each[1] not in unread), *faults]
    row.words = [*row.words, *reader.lost(row.line, row.cells)]
    if state in (*WAITING, State.SAME):
        row.warnings = [*reader.cautions(row.cells), *row.warnings]
        row.asks = list(dict.fromkeys([*reader.cautioned(row.cells), *row.asks]))
    return state


def _judged(
    move_in: MoveIn, row: MoveInRow, person: PersonRow, by: Membership,
    at: datetime, reader: Reader,
) -> str:  # fmt: skip
    if row.choice == Choice.LEAVE_OUT:
        return State.LEFT_OUT
    twice = twice_of(move_in, row, person, reader)
    if twice is not None and twice.is_copy and not row.choice:
        row.words = [copy_words(twice)]
        return State.LEFT_OUT
    try:
        known, doubt = whom(move_in.office, row, person, date_of(at))
        row.enrolment = use_of(known, move_in.office)
        is_alone, together = False, None
        if not doubt and twice is not None and _goes_with(twice, row, known):
            apart = _apart(move_in, row, twice, person, known, by, at)
            if isinstance(apart, Told):
                row.words, row.warnings = second_words(twice, apart), apart.warns
                row.asks = apart.asks
                row.faults = left_of(apart, row, reader)
                return _state(apart, is_new=False)
            is_alone, together = True, apart
        if not doubt and not is_alone and not row.choice and row.earlier_line is not None:
            text = _("%(line)d行目と、ふりがなと生年月日が同じです。")
            doubt = text % {"line": row.earlier_line}
        told = tried(
            lambda: take_in(row=person, person=known, office=move_in.office, by=by, at=at)[1]
        )
    except (ValidationError, FigureError) as error:
        row.faults = faults_of(error, row, reader)
        return State.REFUSED
    row.warnings, row.asks = told.warns, told.asks
    row.faults = left_of(told, row, reader)
    row.words = [*told.added[:1], *filter(None, ["・".join(told.added[1:])]), *told.differs]
    if is_alone and twice is not None:
        row.words = [*row.words, alone_words(twice.line)]
        _refuse_first(move_in, row, twice, together, reader)
    elif row.choice == Choice.SAME and row.earlier_line is not None and known.client is None:
        # The earlier line cannot be read: nobody is there to be added to.
        row.words = [*row.words, alone_words(row.earlier_line)]
    elif row.choice == Choice.SAME and row.earlier_line is not None:
        text = _("%(line)d行目の方の登録に、足りないものを足します。")
        row.words = [text % {"line": row.earlier_line}]
    if doubt:
        row.words = [doubt]
        return State.DOUBTFUL
    return _state(told, is_new=known.client is None)


def left_of(told: Told, row: MoveInRow, reader: Reader) -> list[list[str]]:
    """What is left out of a line that comes in, each at its cell."""
    return [
        reader.fault(row.line, row.cells, field, text)
        for field, text in told.left.items()
        # Of a certificate that is there and cannot be read that is told already.
        if field != "municipality" or not reader.text(row.cells, "number")
    ]


def _state(told: Told, *, is_new: bool) -> str:
    if is_new:
        return State.NEW
    return State.CHANGED if told.added else State.SAME


def twice_of(move_in: MoveIn, row: MoveInRow, person: PersonRow, reader: Reader) -> Twice | None:
    """What an unanswered line is beside the line before it about the same person."""
    line = row.earlier_line
    if line is None or row.choice == Choice.ANOTHER:
        return None
    first, faults = reader.read(line, move_in.rows.get(line=line).cells)
    lost = _unread(reader.read(row.line, row.cells)[1]) - _unread(faults)
    return again(line, first, person, is_whole=not lost)


def _unread(faults: list[list[str]]) -> set[tuple[str, str]]:
    """What stands in cells that could not be read."""
    return {(label, value) for _cell, label, value, _expected in faults if value}


def _goes_with(twice: Twice, row: MoveInRow, known: Person) -> bool:
    """Whether the line is about who comes in by the earlier one, as it shows or as somebody answered."""
    if row.choice:
        return known.client is None
    return twice.is_second_job


def _apart(
    move_in: MoveIn, row: MoveInRow, twice: Twice, person: PersonRow, known: Person, by: Membership,
    at: datetime,
) -> Told | ValidationError | None:  # fmt: skip
    """What the line brings after the earlier one; else that the use that runs comes in without the use of before.

    None where the earlier line does not come in by itself. Raises ValidationError where the line is no
    use of somebody who came back.
    """
    if twice.is_later_use and move_in.rows.get(line=twice.line).state not in (*WAITING, State.SAME):
        return None
    try:
        return tried(lambda: told_of_second(twice, person, known, move_in.office, by, at))
    except ValidationError as error:
        if twice.is_later_use and known.client is None:
            return error
        raise


def _refuse_first(
    move_in: MoveIn, row: MoveInRow, twice: Twice, error: ValidationError | None, reader: Reader
) -> None:
    """The use of before stays out as long as the one that runs could not come in beside it."""
    if error is None:
        return
    first = move_in.rows.get(line=twice.line)
    why = needs_leaving(_("%(line)d行目") % {"line": row.line}) if twice.needs_leaving else error
    first.state, first.words, first.warnings = State.REFUSED, [], []
    first.faults = faults_of(why, first, reader)
    first.save(update_fields=["state", "words", "faults", "warnings"])


def tried(run: Callable[[], Told]) -> Told:
    """What it would do: done and undone. Raises ValidationError as it does."""
    try:
        return _undone(run, without_savepoints())
    except TransactionManagementError:
        # Something was refused on the way: once more, each step by itself.
        return _undone(run, nullcontext())


def _undone(run: Callable[[], Told], within: AbstractContextManager[None]) -> Told:
    with rehearsed(), transaction.atomic(), within:
        found = run()
        transaction.set_rollback(True)
    return found


def faults_of(
    error: ValidationError | FigureError, row: MoveInRow, reader: Reader
) -> list[list[str]]:
    """What was refused, each at its cell."""
    if isinstance(error, FigureError) or not hasattr(error, "error_dict"):
        messages = error.messages if isinstance(error, ValidationError) else [str(error)]
        return [reader.fault(row.line, row.cells, "", message) for message in messages]
    return [
        reader.fault(row.line, row.cells, name, message)
        for name, messages in error.message_dict.items()
        for message in messages
    ]
