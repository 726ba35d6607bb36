"""The ward's own lists find by what the box of the header finds by, a birth date too."""

import pytest
from django.urls import reverse

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
