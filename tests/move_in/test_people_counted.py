"""What a file brings is told in people; helper sheets are no data; an undone file says so."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from plans.exports_move_in import template_workbook
from plans.forms.move_in import MoveInFileForm
from plans.queries.move_in import coming_of
from tests.move_in.test_second_job import second
from tests.sheets import person


@pytest.mark.django_db
def test_somebody_with_two_jobs_is_one_person(mover):
    mover.look(person(mover.on, 1), second(mover), person(mover.on, 2, phone="なし"))
    found = coming_of(mover.move_in)
    assert (found.people, found.new, found.changed, found.more) == (2, 2, 0, 1)
    page = reverse("move_in_page", args=[mover.move_in.public_id])
    answer = mover.client.get(page)
    assert "<strong>2人</strong>を取り込みます" in answer.content.decode()
    # Lines with something to look at stand in two tabs and are lines once.
    assert answer.context["tabs"][0]["count"] == 3
    mover.post("move_in_import")
    assert mover.move_in.counts == {"new": 2, "more": 1, "same": 0, "left_out": 0}
    undo = mover.client.get(reverse("move_in_undo", args=[mover.move_in.public_id]))
    assert "2人" in [fact["value"] for fact in undo.context["facts"]]


@pytest.mark.django_db
def test_a_line_added_to_somebody_on_file_counts_as_one(mover):
    mover.run(person(mover.on, 1))
    mover.look(second(mover))
    assert (coming_of(mover.move_in).changed, coming_of(mover.move_in).more) == (1, 0)


@pytest.mark.django_db
def test_after_an_undo_the_page_says_so_and_counts_nobody(mover):
    mover.run(person(mover.on, 1), person(mover.on, 2, phone="なし"))
    page = reverse("move_in_page", args=[mover.move_in.public_id])
    mover.post("move_in_undo")
    text = mover.client.get(page).content.decode()
    assert "この取込は取り消しました" in text
    assert "新しい人" not in text
    assert "取り込めなかった行</caption>" not in text


def test_helper_sheets_of_the_template_are_never_offered():
    file = SimpleUploadedFile("template.xlsx", template_workbook(["職員 一"], ["新潟市中央区"]))
    form = MoveInFileForm({}, {"file": file})
    assert form.is_valid(), form.errors
    assert [table.sheet.name for table in form.tables] == ["利用者"]
