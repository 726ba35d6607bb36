"""Choices of places cost the same however many there are; offices come by fifty and are found."""

import pytest
from django.urls import reverse

from teikyaku.accounts.models import Municipality
from tests.access.urls import url_of
from tests.accounts.test_coming_and_going import enter
from tests.cast import make_office
from tests.lists.test_queries import cost


def add_wards(count):
    city = Municipality.objects.filter(kind=Municipality.Kind.CITY)[0]
    for index in range(count):
        Municipality.objects.create(
            code=f"9800{index:02d}", name=f"区{index}", kana="く", city=city,
            kind=Municipality.Kind.WARD,
        )  # fmt: skip


@pytest.mark.parametrize(
    ("who", "name"),
    [
        ("worker", "fact_new"), ("worker", "client_link"), ("worker", "certificate_transcribe"),
        ("admin", "invite"), ("admin", "municipalities"), ("city", "admin:correction_find"),
    ],
)  # fmt: skip
def test_a_choice_of_wards_costs_the_same(client, cast, who, name):
    enter(client, cast.members[who])
    url = url_of(cast, name)
    few = cost(client, url)
    add_wards(5)
    assert cost(client, url) == few


def test_offices_by_fifty_found_by_name_and_number(client, cast):
    for index in range(55):
        make_office(f"77000000{index:02d}", f"事業所{index}号")
    enter(client, cast.members["admin"])
    url = reverse("offices")
    first = client.get(url)
    assert len(first.context["page"].object_list) == 50
    assert "次へ" in first.content.decode()
    assert "事業所54号" in client.get(f"{url}?page=2").content.decode()
    for text in ("事業所54号", "７７０００００05４"):
        assert [row.name for row in client.get(f"{url}?q={text}").context["page"]] == ["事業所54号"]
    assert "該当する事業所はありません" in client.get(f"{url}?q=ない").content.decode()
