"""A second file about somebody whom the office knows is asked about, and nobody else's is told."""

from datetime import timedelta

import pytest
from django.urls import reverse

from clients.models import Client, Employer, Employment
from tests.accounts.test_coming_and_going import enter
from tests.cast import job_of


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


def test_somebody_is_found_by_the_telephone_of_the_workplace(client, cast):
    person = cast.enrolment.client
    page = reverse("client_page", args=[person.public_id])
    job = job_of(cast.enrolment)
    Employer.objects.filter(pk=job.employer_id).update(phone="025-222-3333")
    Employment.objects.filter(pk=job.pk).update(contact_phone="080-4444-5555")
    enter(client, cast.members["worker"])
    url = reverse("client_list")
    for typed in ("0252223333", "025-222-3333"):
        found = client.get(url, {"q": typed})
        # Colleagues work in the same place: all of them are shown.
        assert page in (found.headers.get("Location") or found.content.decode())
    assert client.get(url, {"q": "4444-5555"})["Location"] == page
    # A workplace that somebody has left is theirs no more, and nobody else's people are found.
    Employment.objects.filter(pk=job.pk).update(ends_on=cast.today - timedelta(days=1))
    assert page not in client.get(url, {"q": "4444-5555"}).content.decode()
    Employment.objects.filter(pk=job.pk).update(ends_on=None)
    enter(client, cast.members["outsider"])
    found = client.get(url, {"q": "0252223333"})
    assert page not in (found.headers.get("Location") or found.content.decode())


def test_an_impossible_day_is_told_once(intake):
    job = {"employer": "架空食品", "employed_on": "2026/2/30"}
    errors = intake(**job).context["form"].errors
    assert len(errors["employed_on"]) == 1
    service = {"service_kind": "transition", "service_starts_on": "2026/2/30"}
    assert len(intake(**service).context["form"].errors["service_starts_on"]) == 1
    # Where nothing was typed, the day is asked for.
    assert len(intake(employer="架空食品").context["form"].errors["employed_on"]) == 1
