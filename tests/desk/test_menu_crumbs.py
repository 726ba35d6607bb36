"""The way to pages that say none of their own."""

import pytest
from django.urls import get_resolver, reverse

from teikyaku.desk.menu import HOMES
from teikyaku.desk.navigation import NAMED
from tests.access.urls import url_of, walk
from tests.accounts.test_coming_and_going import enter

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("who", "name", "labels"),
    [
        pytest.param("admin", "people", ["職員"], id="an entry of the menu"),
        pytest.param("officer", "my_account", ["自分のアカウント"], id="beside the menu"),
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


@pytest.mark.parametrize("who", ["worker", "officer", "city", "admin"])
@pytest.mark.parametrize("name", ["guide", "guide_use", "guide_cost"])
def test_the_guide_has_its_way_home_for_who_is_signed_in(client, cast, who, name):
    home = f'href="{reverse(HOMES[cast.members[who].scope])}"'
    assert home not in client.get(reverse(name)).content.decode().partition("<main")[2]
    enter(client, cast.members[who])
    page = client.get(reverse(name)).content.decode()
    way = page[page.index('class="breadcrumbs"') :].partition("</nav>")[0]
    assert home in way
    assert 'aria-current="page"' in way


@pytest.mark.parametrize(
    ("who", "name", "label"),
    [("head", "permissions", "権限の一覧"), ("admin", "office_permissions", "権限の一覧"),
     ("head", "office_year", "事業所の一年"), ("head", "retention_before", "移行前の人数"),
     ("worker", "report_list", "支援レポート"), ("manager", "handover_judge", "引き継ぎの要否を判断する")],
)  # fmt: skip
def test_the_last_step_says_which_page_it_is(client, cast, who, name, label):
    enter(client, cast.members[who])
    page = client.get(url_of(cast, name)).content.decode()
    way = page[page.index('class="breadcrumbs"') :].partition("</nav>")[0]
    assert "このページ" not in way
    assert label in way


def test_every_page_that_is_named_there_exists():
    for name in NAMED:
        assert name in {found for found, _pattern in walk(get_resolver().url_patterns)}, name


def test_a_record_leads_back_over_its_list_and_ends_in_the_person(client, cast):
    enter(client, cast.members["officer"])
    answer = client.get(reverse("admin:decision_page", args=[cast.decision.public_id]))
    labels = [step["label"] for step in answer.context["breadcrumbs"]]
    assert labels[:2] == ["ホーム", "支給決定"]
    assert labels[2] == answer.context["name"].name
    title = answer.content.decode().partition("<title>")[2].partition("</title>")[0]
    assert labels[2] not in title
