"""The way to pages that say none of their own."""

import pytest
from django.urls import reverse

from tests.accounts.test_coming_and_going import enter

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("who", "name", "labels"),
    [
        pytest.param("admin", "people", ["職員"], id="an entry of the menu"),
        pytest.param("officer", "my_account", ["このページ"], id="beside the menu"),
        pytest.param("officer", "admin:index", [], id="a home"),
        pytest.param("admin", "system_home", [], id="another home"),
    ],
)
def test_a_page_without_its_own_way_takes_the_menus(client, cast, who, name, labels):
    enter(client, cast.members[who])
    answer = client.get(reverse(name))
    assert [step["label"] for step in answer.context["menu_crumbs"]] == labels
    page = answer.content.decode()
    assert ('class="breadcrumbs"' in page) is bool(labels)
    if labels:
        way = page[page.index('class="breadcrumbs"') :].partition("</nav>")[0]
        assert ">ホーム</a>" in way


def test_a_record_leads_back_over_its_list_and_ends_in_the_person(client, cast):
    enter(client, cast.members["officer"])
    answer = client.get(reverse("admin:decision_page", args=[cast.decision.public_id]))
    labels = [step["label"] for step in answer.context["breadcrumbs"]]
    assert labels[:2] == ["ホーム", "支給決定"]
    assert labels[2] == answer.context["name"].name
    title = answer.content.decode().partition("<title>")[2].partition("</title>")[0]
    assert labels[2] not in title
