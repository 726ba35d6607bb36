"""A hit by an earlier name says which: otherwise nobody knows why the person is in the list."""

from datetime import timedelta

import pytest
from django.urls import reverse

from clients.models import ClientName, Enrolment
from clients.queries.client_list import listed
from teikyaku.clock import at_noon
from tests.accounts.test_coming_and_going import enter

pytestmark = pytest.mark.django_db


@pytest.fixture
def renamed(cast):
    """試験 太郎 is 新井 太郎 since yesterday."""
    old, since = (
        ClientName.objects.get(client=cast.enrolment.client),
        cast.today - timedelta(days=1),
    )
    ClientName.objects.filter(pk=old.pk).update(ends_on=since - timedelta(days=1))
    ClientName.objects.create(
        client=old.client, name="新井 太郎", kana="あらい たろう", starts_on=since,
        search_text="新井太郎あらいたろう", recorded_by=cast.members["worker"],
        recorded_at=at_noon(cast.today),
    )  # fmt: skip
    return old


def former_name(cast, text):
    return (
        listed(Enrolment.objects.filter(pk=cast.enrolment.pk), cast.today, text).get().former_name
    )


def test_only_the_name_that_hit_is_told(client, cast, renamed):
    assert former_name(cast, "しけん") == renamed.name
    # The name of today has it too, or nothing was looked for.
    for text in ("たろう", "あらい", "", "1234567890"):
        assert former_name(cast, text) is None, text
    enter(client, cast.members["worker"])
    url = reverse("client_list")
    said = f"旧：{renamed.name}"
    assert said in client.get(url, {"q": "試験", "show": "all"}).content.decode()
    assert said not in client.get(url, {"q": "新井", "show": "all"}).content.decode()


def test_who_has_left_is_not_told_by_a_later_name(cast, renamed):
    Enrolment.objects.filter(pk=cast.enrolment.pk).update(
        ends_on=cast.today - timedelta(days=5), end_reason="moved"
    )
    assert former_name(cast, "あらい") is None
    assert former_name(cast, "しけん") is None
