"""A new job while another has no end is asked about: most often the other one has ended."""

import pytest
from django.urls import reverse

from clients.models import Employment
from tests.accounts.test_coming_and_going import enter


@pytest.fixture
def job(client, cast):
    enter(client, cast.members["worker"])
    url = reverse("employment_new", args=[cast.enrolment.client.public_id])
    data = {"employer": "新しい店", "kind": "ordinary", "starts_on": cast.today.isoformat()}
    return lambda **more: client.post(url, {**data, **more})


def test_it_is_asked_and_nothing_is_stored_meanwhile(job, cast):
    assert Employment.objects.filter(client=cast.enrolment.client, ends_on=None).exists()
    answer = job()
    assert answer.status_code == 422
    assert "先に離職日を記録" in str(answer.context["form"].errors["is_second"])
    assert "新しい店" in answer.content.decode()
    assert not Employment.objects.filter(employer__name="新しい店").exists()
    assert job(is_second="on").status_code == 302
    assert Employment.objects.filter(employer__name="新しい店").count() == 1


def test_nobody_is_asked_where_no_job_runs(job, cast):
    Employment.objects.filter(client=cast.enrolment.client).update(ends_on=cast.today)
    assert job(employer="次の店").status_code == 302


def test_a_workplace_without_consent_is_no_link_to_call(client, cast):
    running = Employment.objects.filter(client=cast.enrolment.client, ends_on=None)
    running.update(contact_phone="025-999-0000", must_not_contact=False)
    cast.enrolment.consents.all().delete()
    enter(client, cast.members["worker"])
    page = reverse("client_page", args=[cast.enrolment.client.public_id])
    html = client.get(page).content.decode()
    assert "025-999-0000" in html
    assert 'href="tel:025-999-0000"' not in html
    consent = {"recipient": "employer", "scope": "contact", "starts_on": cast.today.isoformat()}
    asked = client.post(reverse("consent_new", args=[cast.enrolment.public_id]), consent)
    assert asked.status_code == 302
    assert 'href="tel:025-999-0000"' in client.get(page).content.decode()
