"""What an office sees of somebody whom another office served before, beside it, or after."""

from datetime import timedelta

import pytest
from django.urls import reverse

from clients.actions.client import change_name, open_enrolment
from clients.models import Client, Enrolment, RelatedPerson, Screening
from plans.actions import life_change
from teikyaku.clock import at_noon
from teikyaku.periods import Month
from tests.accounts.test_coming_and_going import enter
from tests.cast import employer_named, job_of


def who(cast, key, on=None):
    return {"by": cast.members[key], "at": at_noon(on or cast.today)}


@pytest.fixture
def left(cast):
    """Left the office ten days ago; since then: another name, job, telephone, and another office."""
    person, ended = cast.enrolment.client, cast.today - timedelta(days=10)
    life_change.end_use(
        enrolment=cast.enrolment,
        ends_on=ended,
        reason="other_office",
        note="",
        **who(cast, "worker"),
    )
    since = ended + timedelta(days=3)
    open_enrolment(
        client=person, office=cast.other_office, starts_on=since, **who(cast, "outsider")
    )
    change_name(
        client=person, name="新姓 太郎", kana="しんせい たろう", starts_on=since,
        **who(cast, "outsider"),
    )  # fmt: skip
    life_change.end_employment(
        employment=job_of(cast.enrolment), ends_on=since, reason="x", changes_to_improve=True,
        **who(cast, "outsider"),
    )  # fmt: skip
    life_change.add_employment(
        client=person, employer=employer_named(name="あとの職場"), kind="ordinary",
        starts_on=since + timedelta(days=1), **who(cast, "outsider"),
    )  # fmt: skip
    Client.objects.filter(pk=person.pk).update(phone="090-9999-0000")
    return person


def test_an_office_that_was_left_sees_nothing_that_came_after(client, cast, left):
    enter(client, cast.members["worker"])
    for url in (
        reverse("client_page", args=[left.public_id]),
        reverse("client_facts", args=[left.public_id]),
        reverse("interview_page", args=[cast.interview.public_id]),
        reverse("report_page", args=[cast.enrolment.public_id, Month.of(cast.interview.held_on)]),
        f"{reverse('client_list')}?show=all",
    ):
        page = client.get(url)
        assert page.status_code == 200
        assert "試験 太郎" in page.content.decode() or "client_facts" in url, url
        for later in ("新姓 太郎", "あとの職場", "090-9999-0000"):
            assert later not in page.content.decode(), (url, later)


def test_a_new_office_is_not_told_whom_the_former_one_named(client, cast, left):
    RelatedPerson.objects.create(
        client=left, kind="family", name="前の 家族", starts_on=cast.today - timedelta(days=90),
        recorded_by=cast.members["worker"], recorded_at=at_noon(cast.today),
    )  # fmt: skip
    enter(client, cast.members["worker"])
    assert (
        "前の 家族" in client.get(reverse("client_facts", args=[left.public_id])).content.decode()
    )
    enter(client, cast.members["outsider"])
    page = client.get(reverse("client_facts", args=[left.public_id])).content.decode()
    assert "前の 家族" not in page
    assert "新姓 太郎" in page


def test_what_one_office_asked_is_not_told_to_the_next(client, cast, left):
    Screening.objects.create(
        client=left, screened_on=cast.today - timedelta(days=60), inputs={}, answer="not_eligible",
        rules_version="1", reasons=[{"text": "前の事業所で聞いたこと"}],
        recorded_by=cast.members["worker"], recorded_at=at_noon(cast.today),
    )  # fmt: skip
    enter(client, cast.members["outsider"])
    page = client.get(reverse("screening", args=[left.public_id])).content.decode()
    assert "前の事業所で聞いたこと" not in page
    Screening.objects.update(recorded_by=cast.members["outsider"])
    page = client.get(reverse("screening", args=[left.public_id])).content.decode()
    assert "前の事業所で聞いたこと" in page


def test_a_death_ends_everything_everywhere(client, cast):
    person, on = cast.enrolment.client, cast.today
    other = open_enrolment(
        client=person, office=cast.other_office, starts_on=on - timedelta(days=5),
        **who(cast, "outsider"),
    )  # fmt: skip
    life_change.end_use(
        enrolment=cast.enrolment, ends_on=on - timedelta(days=1), reason="died", note="",
        **who(cast, "worker"),
    )  # fmt: skip
    other.refresh_from_db()
    assert (other.ends_on, other.end_reason) == (on - timedelta(days=1), "died")
    assert other.interview_due_on is None


def test_an_end_by_mistake_is_taken_back(client, cast):
    row = cast.enrolment
    due = Enrolment.objects.get(pk=row.pk).interview_due_on
    life_change.end_use(
        enrolment=row, ends_on=cast.today - timedelta(days=1), reason="died", note="",
        **who(cast, "worker"),
    )  # fmt: skip
    enter(client, cast.members["worker"])
    url = reverse("enrolment_reopen", args=[row.public_id])
    page = client.get(reverse("client_page", args=[row.client.public_id])).content.decode()
    assert url in page
    assert client.post(url, {"reason": ""}).status_code == 422
    assert client.post(url, {"reason": "別の方の知らせだった"}).status_code == 302
    row = Enrolment.objects.get(pk=row.pk)
    assert (row.ends_on, row.end_reason, row.interview_due_on) == (None, "", due)
    assert row.client.died_on is None
    assert row.contracts.get().ends_on is None
    assert row.history.first().history_change_reason == "別の方の知らせだった"
    assert client.get(url).status_code == 404
