"""The ward's own lists find by what the box of the header finds by, a birth date too."""

from uuid import uuid4

import pytest
from django.urls import reverse

from plans.models import Application
from teikyaku.era import both


@pytest.mark.parametrize("name", ["application_list", "decision_list"])
def test_a_birth_date_finds_in_the_list(counter, name):
    row = counter.granted()
    born = row.client.birth_date
    url = reverse(f"admin:{name}")
    for text in (born.isoformat(), both(born).partition("（")[0]):
        page = counter.client.get(url, {"q": text}).content.decode()
        assert "窓口 花子" in page
    other = born.replace(year=born.year - 1).isoformat()
    assert "窓口 花子" not in counter.client.get(url, {"q": other}).content.decode()


def test_who_searched_by_number_sees_it_on_a_phone_too(counter):
    counter.granted()
    url = reverse("admin:application_list")
    page = counter.client.get(url, {"q": "1234567899"}).content.decode()
    assert '<td data-label="番号">1234567899</td>' in page
    assert '<td data-label="番号" class="is-wide">' in counter.client.get(url).content.decode()


def twin(row):
    """The same once more, under a key of its own."""
    facts = {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}
    return Application(**facts | {"id": None, "public_id": uuid4()})


def test_a_search_reads_only_so_many_and_says_that_there_are_more(counter, monkeypatch):
    row = counter.granted()
    asked, url = {"q": "花子"}, reverse("admin:application_list")
    Application.objects.bulk_create([twin(row)])
    before = counter.client.get(url, asked)
    assert before.context["page"].paginator.count > 2
    assert "ほかにもあります" not in before.content.decode()
    monkeypatch.setattr("plans.views.ward_queue.MOST", 2)
    answer = counter.client.get(url, asked)
    assert answer.context["page"].paginator.count == 2
    assert "ほかにもあります。新しい順に2件まで" in answer.content.decode()
