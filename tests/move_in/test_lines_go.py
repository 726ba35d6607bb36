"""The lines of a file lie here for as long as the page says, and go with a person who is erased."""

from datetime import timedelta

import pytest
from django.urls import reverse

from plans.actions.move_in_keep import forget_cells
from plans.models import MoveIn, MoveInRow
from plans.queries.keeping import office_parts
from plans.queries.move_in import KEPT_DAYS
from teikyaku.clock import now
from tests.sheets import FIRST, person

State = MoveInRow.State


def forget_after(days):
    forget_cells(at=now() + timedelta(days=days))


@pytest.mark.django_db
def test_a_file_that_stands_again_after_an_undo_goes_in_time(mover):
    mover.run(person(mover.on, 1))
    mover.post("move_in_undo")
    again = MoveIn.objects.get(outcome="")
    forget_after(KEPT_DAYS - 1)
    assert again.people.exclude(cells=[]).exists()
    forget_after(KEPT_DAYS + 1)
    assert not MoveInRow.objects.exclude(cells=[]).exists()
    page = mover.client.get(reverse("move_ins"))
    assert list(page.context["waiting"]) == []
    assert "確認しないまま日がたち、消えた" in page.content.decode()


@pytest.mark.django_db
def test_a_file_that_nobody_confirmed_goes_in_time_without_a_next_one(mover):
    mover.look(person(mover.on, 1))
    forget_after(KEPT_DAYS - 1)
    assert mover.move_in.rows.exists()
    forget_after(KEPT_DAYS + 1)
    assert not MoveInRow.objects.exists()
    assert (
        mover.client.get(reverse("move_in_page", args=[mover.move_in.public_id])).status_code == 200
    )


def lines_of(enrolment):
    """The lines that an erasure of the person takes."""
    parts = office_parts(enrolment.client, enrolment.office)
    (part,) = (part for part in parts if part.model is MoveInRow)
    return set(part.rows.values_list("move_in", "line"))


@pytest.mark.django_db
def test_lines_about_somebody_on_file_go_with_an_erasure(mover):
    first = mover.run(person(mover.on, 1), person(mover.on, 1, note="ほか"))
    second = mover.run(person(mover.on, 1), person(mover.on, 2))
    (held, _other) = mover.people()
    assert second.rows.get(line=FIRST).state == State.SAME
    assert lines_of(held) == {(first.pk, FIRST), (first.pk, FIRST + 1), (second.pk, FIRST)}


@pytest.mark.django_db
def test_a_line_that_names_somebody_outlives_the_undoing_of_their_import(mover):
    first = mover.run(person(mover.on, 1))
    mover.look(person(mover.on, 1), person(mover.on, 2))
    assert mover.move_in.rows.get(line=FIRST).enrolment == mover.people()[0]
    second = mover.move_in
    mover.client.post(reverse("move_in_undo", args=[first.public_id]))
    assert mover.people() == []
    row = second.rows.get(line=FIRST)
    assert (row.enrolment, bool(row.cells)) == (None, True)
