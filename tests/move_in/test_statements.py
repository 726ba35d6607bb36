"""What an import and its undoing ask of the database: so much a line, however many lines, and no more."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from plans.actions.move_in import carry_on, confirm_move_in, tell_columns
from plans.actions.move_in_store import store_move_in
from plans.forms.move_in_cells import Book
from plans.forms.move_in_reader import LineReader
from plans.models import MoveInRow
from plans.queries.move_in import book_facts
from teikyaku.clock import now
from teikyaku.desk.actions.move_in_undo import undo_move_in, undo_on
from tests.move_in.conftest import everybody
from tests.sheets import FIELDS, person

# Of a line with 22 facts: 15 rows of 14 tables are written, each by itself. It was 202 and 177.
IMPORT, UNDO = 65, 28
# A step of lines, as import and undo take them.
STEP = 10


def confirmed(mover, numbers):
    """A file of these people, confirmed without a look: it is not what is counted here."""
    who = {"by": mover.head, "at": now()}
    rows = [
        (line, [str(each) for each in person(mover.on, number).values()])
        for line, number in enumerate(numbers, start=2)
    ]
    columns = {field: place for place, field in enumerate(person(mover.on, 0)) if field in FIELDS}
    del columns["note"]
    move_in = store_move_in(
        office=mover.office, file_name="名簿.xlsx", digest=f"{numbers[0]:064}", sheet="名簿",
        headings=list(columns), rows=rows, **who,
    )  # fmt: skip
    move_in = tell_columns(move_in=move_in, columns=columns, **who)
    move_in.people.update(state=MoveInRow.State.NEW)
    return confirm_move_in(move_in=move_in, **who)


def imported(mover, move_in):
    reader = LineReader(move_in.columns, Book(**book_facts(mover.office, mover.on)))
    with CaptureQueriesContext(connection) as asked:
        while carry_on(move_in=move_in, reader=reader, by=mover.head, at=now()):
            pass
    return len(asked)


def undone(mover, move_in):
    move_in.refresh_from_db()
    who = {"by": mover.head, "at": now()}
    move_in = undo_move_in(move_in=move_in, **who)
    with CaptureQueriesContext(connection) as asked:
        while undo_on(move_in=move_in, **who):
            pass
    return len(asked)


@pytest.mark.django_db
def test_import_and_undo_ask_the_same_of_each_line(mover, monkeypatch):
    monkeypatch.setattr("plans.actions.move_in.SECONDS", 600)
    before = everybody()
    files = [confirmed(mover, range(STEP)), confirmed(mover, range(STEP, 3 * STEP))]
    few, more = (imported(mover, each) for each in files)
    assert len(everybody() - before) == 3 * STEP, [each.refusals for each in files]
    assert more - few <= IMPORT * STEP
    few, more = (undone(mover, each) for each in files)
    assert more - few <= UNDO * STEP
    assert everybody() == before
