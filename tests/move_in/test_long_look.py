"""The look at a long file: few queries a person, no trail, and run again where it was stopped."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from clients.models import Client
from plans.actions import move_in as actions
from plans.forms.move_in_cells import Book
from plans.forms.move_in_reader import LineReader
from plans.models import InterviewDue, MoveInRow
from plans.queries.move_in import book_facts
from teikyaku.accounts.models import AuditEvent
from teikyaku.rehearsal import asked_once, once
from tests.sheets import person, workbook_of

State = MoveInRow.State
# Of one person with all that a line can bring: 238 when each fact looked for itself.
QUERIES = 70


def waiting(mover, count):
    mover.hand_in(workbook_of(*(person(mover.on, number) for number in range(count))))
    mover.tell_columns()
    mover.move_in.people.update(state=State.UNREAD)


def queries_of(mover, count):
    waiting(mover, count)
    with CaptureQueriesContext(connection) as asked:
        mover.post("move_in_look")
    return len(asked)


@pytest.mark.django_db
def test_the_look_asks_little_of_each_person(mover):
    few, more = queries_of(mover, 2), queries_of(mover, 6)
    assert (more - few) / 4 < QUERIES


@pytest.mark.django_db
def test_the_look_leaves_no_trail(mover):
    waiting(mover, 2)
    before = AuditEvent.objects.exclude(outcome="read").count(), Client.history.count()
    mover.post("move_in_look")
    assert (AuditEvent.objects.exclude(outcome="read").count(), Client.history.count()) == before
    assert {row.state for row in mover.move_in.people.all()} == {State.NEW}


@pytest.mark.django_db
def test_a_look_that_broke_down_goes_on_where_it_stopped(mover, monkeypatch):
    waiting(mover, 3)
    second = mover.move_in.people.order_by("line")[1].line
    real = actions.look_at

    def broken(move_in, row, *more):
        if row.line == second:
            raise RuntimeError("the machine went away")
        real(move_in, row, *more)

    monkeypatch.setattr(actions, "look_at", broken)
    with pytest.raises(RuntimeError):
        mover.post("move_in_look")
    assert mover.move_in.people.filter(state=State.UNREAD).count() == 2
    assert mover.people() == []
    monkeypatch.setattr(actions, "look_at", real)
    mover.post("move_in_look")
    assert {row.state for row in mover.move_in.people.all()} == {State.NEW}


@pytest.mark.django_db
def test_a_refusal_of_the_database_is_asked_about_and_told(mover):
    """Two people of one certificate number: the database says no, and the line says why."""
    first, second = person(mover.on, 1), person(mover.on, 2)
    mover.run(first)
    (row,) = mover.look(second | {"number": first["number"]})
    assert row.state == State.REFUSED
    assert row.faults[0][1] == "受給者証番号"


@pytest.mark.django_db
def test_due_dates_are_the_same_written_once_for_all_facts(mover):
    mover.run(person(mover.on, 1))
    (enrolment,) = mover.people()
    due = InterviewDue.objects.get(enrolment=enrolment)
    assert due.due_on == enrolment.interview_due_on
    assert enrolment.window_ends_on is not None


@pytest.mark.django_db
def test_of_a_line_taken_in_the_due_date_is_written_once(mover):
    mover.look(person(mover.on, 1))
    with CaptureQueriesContext(connection) as asked:
        mover.post("move_in_import")
    logged = [each for each in asked if 'INSERT INTO "plans_interviewdue"' in each["sql"]]
    assert len(logged) == 1


def test_once_is_kept_to_the_end_of_its_block():
    asked = []
    with asked_once():
        assert [once("key", lambda: asked.append(1) or 5) for _ in range(3)] == [5, 5, 5]
    once("key", lambda: asked.append(1))
    assert len(asked) == 2


@pytest.mark.django_db
def test_marking_who_stands_twice_asks_nothing_of_each_line(mover):
    counts = []
    for count in (2, 12):
        mover.hand_in(workbook_of(*(person(mover.on, number) for number in range(count))))
        mover.tell_columns()
        row = mover.move_in
        reader = LineReader(row.columns, Book(**book_facts(row.office, mover.on)))
        with CaptureQueriesContext(connection) as asked:
            actions.join_lines_below(row, reader)
            actions.mark_twins(row, reader)
        counts.append(len(asked))
    assert counts[0] == counts[1]
