"""A second file about somebody whom the office knows is asked about, and nobody else's is told."""

import pytest
from django.urls import reverse

from clients.models import Client
from tests.accounts.test_coming_and_going import enter


@pytest.fixture
def intake(client, cast):
    enter(client, cast.members["worker"])

    def send(**changes):
        data = {
            "name": "試験 太郎", "kana": "ｼｹﾝ ﾀﾛｳ", "birth_date": "H2.1.2", "starts_on": cast.today,
            **changes,
        }  # fmt: skip
        return client.post(reverse("client_new"), data)

    return send


def test_who_looks_the_same_is_asked_about_and_linked(intake, cast):
    answer = intake(phone="025-000-0000")
    assert answer.status_code == 422
    page = answer.content.decode()
    assert reverse("client_page", args=[cast.enrolment.client.public_id]) in page
    assert "025-000-0000" in page
    assert "is_another" in answer.context["form"].errors
    before = Client.objects.count()
    assert intake(is_another="on").status_code == 302
    assert Client.objects.count() == before + 1


def test_people_of_another_office_are_not_told(intake, cast):
    name = cast.foreign.client.names.get()
    born = cast.foreign.client.birth_date.isoformat()
    assert intake(name="別 人", kana=name.kana, birth_date=born).status_code == 302


def test_somebody_is_found_by_telephone(client, cast):
    person = cast.enrolment.client
    Client.objects.filter(pk=person.pk).update(phone="090-1234-5678")
    enter(client, cast.members["worker"])
    for typed in ("09012345678", "１２３４-５６７８", "5678"):
        answer = client.get(reverse("client_list"), {"q": typed})
        assert answer["Location"] == reverse("client_page", args=[person.public_id])
    assert client.get(reverse("client_list"), {"q": "090999"}).status_code == 200
