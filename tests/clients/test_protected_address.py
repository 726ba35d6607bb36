"""支援措置: a protected address is shown nowhere but to who may see it, and that is recorded."""

import pytest
from django.urls import reverse

from clients.actions.facts import add_fact
from clients.models import Residence
from teikyaku.accounts.models import AuditEvent
from teikyaku.clock import at_noon
from tests.accounts.test_coming_and_going import enter

SECRET = "ひみつ町9-9"


@pytest.fixture
def home(cast):
    row = Residence(
        client=cast.enrolment.client, municipality=cast.wards[2], address=SECRET,
        starts_on=cast.enrolment.client.birth_date, is_protected=True,
    )  # fmt: skip
    by = cast.members["manager"]
    return add_fact(row, verb="residence_recorded", by=by, at=at_noon(cast.today))


def pages(cast):
    person = cast.enrolment.client.public_id
    return [
        reverse("client_page", args=[person]),
        reverse("client_facts", args=[person]),
        reverse("client_list"),
        reverse("home"),
    ]


@pytest.mark.parametrize("who", ["worker", "manager", "head", "billing"])
def test_no_page_shows_it(client, cast, home, who):
    enter(client, cast.members[who])
    for url in pages(cast):
        assert SECRET not in client.get(url).content.decode(), url


def test_who_may_see_it_asks_and_is_recorded(client, cast, home):
    url = reverse("protected_address", args=[cast.enrolment.client.public_id])
    enter(client, cast.members["worker"])
    assert client.post(url).status_code == 403
    enter(client, cast.members["manager"])
    assert SECRET in client.post(url).content.decode()
    seen = AuditEvent.objects.filter(outcome="read", subject_type="residence")
    assert seen.get().user == cast.user("manager")


def test_the_correction_form_is_guarded_too(client, cast, home):
    person = cast.enrolment.client.public_id
    url = reverse("fact_correct", args=[person, "residence", home.public_id])
    enter(client, cast.members["worker"])
    assert client.get(url).status_code == 403
    enter(client, cast.members["manager"])
    assert SECRET in client.get(url).content.decode()
