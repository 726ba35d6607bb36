"""人をさがす: one search of a ward, by person; who has only a decision is found too."""

import pytest
from django.urls import reverse

from plans.models import Application, Decision
from tests.accounts.test_coming_and_going import enter


def search(counter, text):
    return counter.client.get(reverse("admin:ward_people"), {"q": text})


@pytest.fixture
def two_people(counter):
    """One with a decision, and a namesake whose application is under way."""
    first = counter.granted(name="窓口 一郎", kana="まどぐち いちろう")
    second = counter.received(name="窓口 二郎", kana="まどぐち じろう")
    return first, second


def test_the_box_of_the_header_asks_here(counter):
    page = counter.client.get(reverse("admin:index")).content.decode()
    assert f'action="{reverse("admin:ward_people")}"' in page


def test_the_box_of_the_header_says_that_it_takes_birth_dates(counter):
    page = counter.client.get(reverse("admin:index")).content.decode()
    assert 'placeholder="氏名・かな・生年月日・番号"' in page
    enter(counter.client, counter.cast.members["worker"])
    page = counter.client.get(reverse("home")).content.decode()
    assert 'placeholder="氏名・かな・番号"' in page


def test_people_are_found_by_name_with_application_and_decision(counter, two_people):
    answer = search(counter, "まどぐち")
    found = {person.name: person for person, _rows in answer.context["people"]}
    assert set(found) == {"窓口 一郎", "窓口 二郎"}
    assert found["窓口 一郎"].number == "1234567899"
    page = answer.content.decode()
    assert reverse("admin:decision_page", args=[two_people[0].decision.public_id]) in page
    assert reverse("admin:application_page", args=[two_people[1].public_id]) in page


def test_the_one_hit_is_opened(counter, two_people):
    first, second = two_people
    assert search(counter, "１２３４５６７８９９").url == reverse(
        "admin:decision_page", args=[first.decision.public_id]
    )
    assert search(counter, "二郎").url == reverse("admin:application_page", args=[second.public_id])


def test_a_birth_date_is_read_in_either_calendar(counter):
    row = counter.received(birth_date=counter.on.replace(year=1977, month=2, day=3))
    for text in ("S52.2.3", "1977-02-03"):
        assert search(counter, text).url == reverse("admin:application_page", args=[row.public_id])


def test_who_has_only_a_decision_is_found(counter):
    decision = counter.granted().decision
    Decision.objects.filter(pk=decision.pk).update(application=None)
    Application.objects.filter(client=decision.client).update(municipality=counter.cast.wards[1])
    assert search(counter, "窓口").url == reverse("admin:decision_page", args=[decision.public_id])


def test_another_ward_finds_nobody_and_nothing_is_asked_without_words(counter, two_people):
    assert search(counter, "").context["people"] == []
    enter(counter.client, counter.cast.members["other_officer"])
    answer = search(counter, "まどぐち")
    assert answer.context["people"] == []
    assert "あてはまる方はいません" in answer.content.decode()


def test_a_page_of_many_asks_no_more_than_of_one(
    counter, two_people, django_assert_max_num_queries
):
    with django_assert_max_num_queries(30):
        search(counter, "まどぐち")
