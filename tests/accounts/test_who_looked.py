"""Who of the office looked at a person: counted by name, line by line, and of no other place."""

from datetime import timedelta

import pytest
from django.urls import reverse

from teikyaku.accounts.models import AuditEvent
from teikyaku.accounts.queries.who_looked import SUMMED_DAYS, lookers, looks_at
from teikyaku.clock import at_noon
from tests.accounts.test_coming_and_going import enter

pytestmark = pytest.mark.django_db


@pytest.fixture
def person(cast):
    return cast.enrolment.client.public_id


def look(cast, person, key, *, days=0, hours=0, verb="client_page_read", outcome="read"):
    member = cast.members[key]
    return AuditEvent.objects.create(
        at=at_noon(cast.today - timedelta(days=days)) + timedelta(hours=hours), verb=verb, outcome=outcome,
        membership=member, user=member.user, person_id=person,
    )  # fmt: skip


def counted(cast, person):
    found = lookers(cast.members["head"], person, cast.today)
    return {row.name: (row.read, row.refused) for row in found if row.read or row.refused}


def test_each_is_counted_by_what_they_did(cast, person):
    before = counted(cast, person)
    for _turn in range(3):
        look(cast, person, "worker", days=2)
    look(cast, person, "manager", days=1)
    look(cast, person, "billing", hours=1, outcome="refused", verb="interview_page")
    after = counted(cast, person)
    assert after["職員 worker"] == (before.get("職員 worker", (0, 0))[0] + 3, 0)
    assert after["職員 manager"][0] == before.get("職員 manager", (0, 0))[0] + 1
    assert after["職員 billing"][1] == 1
    assert lookers(cast.members["head"], person, cast.today)[0].name == "職員 billing"


def test_of_other_places_and_people_nothing_is_told(cast, person):
    known = looks_at(cast.members["head"], person).count()
    look(cast, person, "outsider")
    look(cast, person, "officer")
    look(cast, cast.foreign.client.public_id, "worker")
    assert looks_at(cast.members["head"], person).count() == known


def test_sums_are_of_a_year_lines_of_all_time(cast, person):
    old = look(cast, person, "worker", days=SUMMED_DAYS + 1, verb="interview_read")
    names = counted(cast, person)
    look(cast, person, "worker", days=SUMMED_DAYS - 1)
    assert counted(cast, person) != names
    assert old in looks_at(cast.members["head"], person)


def test_the_page_is_for_who_leads_and_stands_in_the_menu(client, cast, person):
    look(cast, person, "worker")
    enter(client, cast.members["head"])
    url = reverse("client_looked", args=[person])
    page = client.get(url)
    assert page.status_code == 200
    assert "職員 worker" in page.content.decode()
    assert url in client.get(reverse("client_page", args=[person])).content.decode()
    enter(client, cast.members["worker"])
    assert client.get(url).status_code == 403
    assert url not in client.get(reverse("client_page", args=[person])).content.decode()


def test_many_lines_cost_no_more(client, cast, person, django_assert_max_num_queries):
    enter(client, cast.members["head"])
    url = reverse("client_looked", args=[person])
    client.get(url)
    for n in range(60):
        look(cast, person, "worker", days=n)
    with django_assert_max_num_queries(16):
        page = client.get(url)
    assert len(page.context["rows"]) == 50
