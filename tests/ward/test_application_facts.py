"""What the page of an application says first: its kind, the decision before it, the disability."""

import pytest
from django.urls import reverse

from clients.models import Disability
from plans.models import Application
from plans.queries.renewal import former_decision
from tests.accounts.test_coming_and_going import enter


def page(client, row):
    return client.get(reverse("admin:application_page", args=[row.public_id])).content.decode()


def test_a_renewal_names_the_decision_before_it(client, cast):
    enter(client, cast.members["officer"])
    decided = cast.decision
    row = decided.application
    assert former_decision(row) is None
    assert "新規" in page(client, row)
    later = Application.objects.get(pk=row.pk)
    later.pk, later.kind = None, Application.Kind.RENEWAL
    later.received_on = cast.today
    assert former_decision(later) == decided
    later.received_on = decided.decided_on.replace(year=decided.decided_on.year - 1)
    assert former_decision(later) is None


def test_the_disability_is_recorded_before_the_decision(client, cast):
    row = cast.application
    Disability.objects.filter(client=row.client).delete()
    enter(client, cast.members["officer"])
    url = reverse("admin:ward_disability_new", args=[row.public_id])
    assert url in page(client, row)
    assert client.post(url, {"kind": "nonsense"}).status_code == 422
    answer = client.post(url, {"kind": "mental", "starts_on": "2024-04-01", "handbook": "2級"})
    assert answer.status_code == 302
    assert Disability.objects.get(client=row.client).handbook == "2級"
    text = page(client, row)
    assert "精神" in text
    assert "空欄になります" not in text


@pytest.mark.parametrize("who", ["other_officer", "worker", "city"])
def test_nobody_else_records_it(client, cast, who):
    enter(client, cast.members[who])
    url = reverse("admin:ward_disability_new", args=[cast.application.public_id])
    assert client.post(url, {"kind": "mental"}).status_code in (403, 404)
    assert client.get(url).status_code in (403, 404)


def test_a_search_that_finds_no_application_leads_to_the_decisions(client, cast):
    enter(client, cast.members["officer"])
    text = client.get(reverse("admin:application_list"), {"q": "だれもいない"}).content.decode()
    assert f"{reverse('admin:decision_list')}?q=%E3%81%A0" in text
    plain = client.get(reverse("admin:application_list"), {"outcome": "refused"}).content.decode()
    assert f"{reverse('admin:decision_list')}?q=" not in plain
