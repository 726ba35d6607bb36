"""An undo leaves nothing behind, and one that stopped on its way says so in the list."""

import pytest
from django.urls import reverse

from clients.actions.employment import employer_named
from clients.models import Employer
from tests.sheets import person


@pytest.mark.django_db
def test_employers_go_with_the_undo_where_nobody_else_works_there(mover):
    shared = mover.cast.foreign.client.employments.first().employer
    before = set(Employer.objects.values_list("name", flat=True))
    mover.run(
        person(mover.on, 1, employer="一人だけ商会"), person(mover.on, 2, employer=shared.name)
    )
    assert Employer.objects.filter(name="一人だけ商会").exists()
    mover.post("move_in_undo")
    assert set(Employer.objects.values_list("name", flat=True)) == before


@pytest.mark.django_db
def test_an_employer_that_somebody_else_took_meanwhile_stays(mover):
    mover.run(person(mover.on, 1, employer="ふたりの商会"))
    job = mover.cast.foreign.client.employments.first()
    job.employer = employer_named(name="ふたりの商会")
    job.save(update_fields=["employer"])
    mover.post("move_in_undo")
    assert mover.people() == []
    assert Employer.objects.filter(name="ふたりの商会").exists()


@pytest.mark.django_db
def test_a_half_done_undo_and_import_can_be_gone_on_with_from_the_list(mover, monkeypatch):
    monkeypatch.setattr("plans.actions.move_in.SECONDS", 0)
    monkeypatch.setattr("plans.actions.move_in_import.TOGETHER", 1)
    monkeypatch.setattr("teikyaku.desk.actions.move_in_undo.TOGETHER", 1)
    mover.look(*(person(mover.on, number) for number in range(2)))
    done = mover.move_in
    mover.post("move_in_import")
    page = mover.client.get(reverse("move_ins"))
    assert "とちゅうまで取り込みました" in page.content.decode()
    assert page.content.decode().count(">続ける</a>") == 1
    mover.post("move_in_import")
    mover.client.post(reverse("move_in_undo", args=[done.public_id]))
    page = mover.client.get(reverse("move_ins"))
    assert [row.pk for row in page.context["half_undone"]] == [done.pk]
    assert list(page.context["waiting"]) == []
    assert "取消しのとちゅう" in page.content.decode()
    mover.client.post(reverse("move_in_undo", args=[done.public_id]))
    page = mover.client.get(reverse("move_ins"))
    assert page.context["half_undone"] == []
    assert len(page.context["waiting"]) == 1
