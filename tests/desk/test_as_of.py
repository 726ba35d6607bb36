"""As of: in the demo everything follows another date, and nothing is written meanwhile."""

from datetime import timedelta

import pytest
from django.http import HttpRequest
from django.test import Client
from django.urls import reverse

from clients.models import Enrolment
from plans.models import Interview, Proposal
from teikyaku.accounts.models import AuditEvent
from teikyaku.clock import now, today
from teikyaku.desk.as_of import SESSION_KEY
from tests.access.proposals import proposed
from tests.accounts.test_coming_and_going import enter

pytestmark = pytest.mark.django_db


@pytest.fixture
def ahead(client, cast):
    """The worker, looking at a day on which the next interview is overdue."""
    enter(client, cast.members["worker"])
    due = Enrolment.objects.get(pk=cast.enrolment.pk).interview_due_on
    day = due + timedelta(days=3)
    answer = client.post(reverse("as_of"), {"as_of": day.isoformat(), "next": reverse("caseload")})
    assert answer.url == reverse("caseload")
    return day


def test_the_edge_of_the_clock(cast):
    request = HttpRequest()
    assert today(request) == today()
    request.as_of = cast.today + timedelta(days=400)
    assert today(request) == request.as_of
    assert now(request).utcoffset() == timedelta(hours=9)


def test_pages_follow_the_date(client, cast, ahead):
    rows = client.get(reverse("caseload"), {"ask": "overdue"}).context["rows"]
    assert [row.enrolment_id for row in rows] == [cast.enrolment.public_id]
    client.post(reverse("as_of"), {"as_of": ""})
    assert client.get(reverse("caseload"), {"ask": "overdue"}).context["rows"] == []
    assert ahead > cast.today


def test_a_past_day_says_that_later_records_are_seen(client, cast, ahead):
    assert not client.get(reverse("caseload")).wsgi_request.as_of_is_past
    client.post(reverse("as_of"), {"as_of": (cast.today - timedelta(days=40)).isoformat()})
    assert client.get(reverse("caseload")).wsgi_request.as_of_is_past


def test_nothing_is_written(client, cast, ahead):
    page = reverse("client_page", args=[cast.enrolment.client.public_id])
    before = AuditEvent.objects.count()
    assert client.get(page).status_code == 200
    assert AuditEvent.objects.count() == before
    url = reverse("attempt_new", args=[cast.enrolment.public_id])
    told = client.post(url, {"way": "phone", "held_on": ahead.isoformat()}, follow=True)
    assert "書き込むには、今日に戻してください" in told.content.decode()
    assert Interview.objects.filter(held_on=ahead).count() == 0
    client.post(reverse("as_of"), {"as_of": ""})
    client.get(page)
    assert AuditEvent.objects.count() == before + 1


def test_what_was_typed_comes_back_to_be_copied(client, cast, ahead):
    url = reverse("interview_new", args=[cast.enrolment.public_id])
    asked = {
        "notes": "駅前で会った。\n<b>元気</b>", "way": "face", "copy": "1", "met_by": str(cast.members["worker"].public_id),
        "held_on": ahead.isoformat(), "password": "ひみつ", "csrfmiddlewaretoken": "しるし",
    }  # fmt: skip
    told = client.post(url, asked, headers={"Referer": f"http://testserver{url}?copy=1"})
    page = told.content.decode()
    assert told.status_code == 409
    assert "駅前で会った。\n&lt;b&gt;元気&lt;/b&gt;" in page
    assert told.context["typed"] == ["駅前で会った。\n<b>元気</b>", ahead.isoformat()]
    assert "ひみつ" not in page
    # One press: back to today, and to the form where the device offers what it kept.
    assert told.context["form_url"] == f"{url}?copy=1"
    back = client.post(reverse("as_of"), {"as_of": "", "next": told.context["form_url"]})
    assert back.url == f"{url}?copy=1"
    assert "as_of" not in client.session


@pytest.mark.parametrize("referer", ["", "https://example.com/x", "http://["])
def test_the_way_back_is_never_elsewhere(client, cast, ahead, referer):
    url = reverse("interview_new", args=[cast.enrolment.public_id])
    told = client.post(url, {"notes": "文"}, headers={"Referer": referer})
    assert told.context["form_url"] == url


def test_a_draft_that_saves_itself_is_told_beside_the_form(client, cast, ahead):
    url = reverse("draft_save", args=[cast.enrolment.public_id])
    told = client.post(url, {"notes": "文"}, headers={"Sec-Fetch-Mode": "cors"})
    assert told.status_code == 409
    assert "今日に戻してください" in told.json()["error"]


def test_a_forged_form_gets_no_page_of_ours(cast, settings):
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.members["worker"].user)
    session = client.session
    session[SESSION_KEY] = (cast.today + timedelta(days=3)).isoformat()
    session.save()
    url = reverse("interview_new", args=[cast.enrolment.public_id])
    answer = client.post(url, {"notes": "よその文"})
    assert answer.status_code == 403
    assert "よその文" not in answer.content.decode()


def test_what_a_page_writes_while_it_is_read_goes_back(client, cast):
    row = proposed(cast)
    page = reverse("admin:ward_proposal", args=[row.public_id])
    enter(client, cast.members["officer"])
    client.post(reverse("as_of"), {"as_of": (cast.today + timedelta(days=5)).isoformat()})
    assert client.get(page).status_code == 200
    assert not Proposal.objects.get(pk=row.pk).is_read
    client.post(reverse("as_of"), {"as_of": ""})
    client.get(page)
    assert Proposal.objects.get(pk=row.pk).is_read


def test_who_may_see_is_asked_as_of_today(client, cast):
    enter(client, cast.members["worker"])
    client.post(reverse("as_of"), {"as_of": (cast.today - timedelta(days=900)).isoformat()})
    assert client.get(reverse("home")).status_code == 200
    url = reverse("client_page", args=[cast.foreign.client.public_id])
    assert client.get(url).status_code == 404


@pytest.mark.parametrize("typed", ["2/30", "2200-01-01", "0001-01-01", "x" * 500])
def test_nonsense_is_told_and_today_stays(client, cast, typed):
    enter(client, cast.members["worker"])
    answer = client.post(reverse("as_of"), {"as_of": typed}, follow=True)
    assert [str(message) for message in answer.context["messages"]]
    assert "as_of" not in client.session


def test_only_back_to_our_own_pages(client, cast):
    enter(client, cast.members["worker"])
    answer = client.post(reverse("as_of"), {"as_of": "", "next": "https://example.com/"})
    assert answer.url == reverse("home")


def test_not_in_production(client, cast, settings):
    enter(client, cast.members["worker"])
    settings.MODE = "production"
    assert client.post(reverse("as_of"), {"as_of": ""}).status_code == 404


def test_a_way_back_that_is_no_address_leads_home(client, cast):
    enter(client, cast.members["worker"])
    answer = client.post(reverse("as_of"), {"as_of": "", "next": "not-an-address"})
    assert answer.url == reverse("home")
