"""A renewal or a cap that comes after the end of the use still pays for the months before it (§8)."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from clients.actions.client import open_enrolment
from clients.actions.facts import refuse_after_use
from clients.models import Enrolment
from teikyaku.clock import at_noon
from tests.accounts.test_coming_and_going import enter

PAGES = ("certificate_transcribe", "cap_new")


@pytest.fixture
def left(cast):
    """Somebody whose use ended last week."""
    ends_on = cast.today - timedelta(days=7)
    Enrolment.objects.filter(pk=cast.enrolment.pk).update(ends_on=ends_on, end_reason="own_wish")
    cast.enrolment.refresh_from_db()
    return cast.enrolment


@pytest.mark.parametrize("page", PAGES)
def test_the_pages_open_after_the_end(client, cast, left, page):
    enter(client, cast.members["manager"])
    assert client.get(reverse(page, args=[left.public_id])).status_code == 200


@pytest.mark.parametrize("page", PAGES)
def test_not_where_another_office_goes_on(client, cast, left, page):
    out, on = cast.members["outsider"], cast.today - timedelta(days=3)
    again = open_enrolment(
        client=left.client, office=cast.other_office, starts_on=on, by=out, at=at_noon(on)
    )
    assert again.office_id == cast.other_office.pk
    enter(client, cast.members["manager"])
    assert client.get(reverse(page, args=[left.public_id])).status_code == 404


def test_what_begins_after_the_end_is_refused_at_its_field(left):
    refuse_after_use(left, starts_on=left.ends_on, first_month=None)
    with pytest.raises(ValidationError) as refused:
        refuse_after_use(left, starts_on=left.ends_on + timedelta(days=1))
    assert list(refused.value.message_dict) == ["starts_on"]
