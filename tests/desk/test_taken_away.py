"""A running decision that a ward took away is told where the office works, until something follows."""

from datetime import timedelta

import pytest
from django.urls import reverse

from clients.models import Enrolment
from plans.models import Application, Decision
from plans.queries.expiry import Expiries
from tests.accounts.test_coming_and_going import enter

WORDS = "支給決定が取り消された方"
LABEL = "支給決定の取消"


@pytest.fixture
def decision(cast):
    """The running one, without any that follows."""
    row = Decision.objects.get(client=cast.enrolment.client, starts_on__lte=cast.today)
    Application.objects.filter(client=row.client, outcome="").delete()
    return row


def take_away(decision, on):
    Decision.objects.filter(pk=decision.pk).update(
        ends_on=on, revoked_on=on, revocation_reason="転出"
    )


def rows(cast):
    found = Expiries(cast.office, cast.today, 12, "decision")[:50]
    return [row for row in found if row.client_id == cast.enrolment.client.public_id]


@pytest.mark.parametrize("days", [0, -3, 40])
def test_board_and_home_tell_it(client, cast, decision, days):
    on = cast.today + timedelta(days=days)
    take_away(decision, on)
    (row,) = rows(cast)
    assert (row.on, row.label, row.renewal) == (on, LABEL, "")
    assert "利用の終了を記録するか" in row.step.words
    for who in ("worker", "manager"):
        enter(client, cast.members[who])
        home = client.get(reverse("home"))
        assert WORDS in home.content.decode()
        assert [each.until for each in home.context["taken_away"]] == [on]
    assert LABEL in client.get(reverse("expiry")).content.decode()


def test_until_the_use_is_ended_or_another_decision_follows(client, cast, decision):
    enter(client, cast.members["worker"])
    assert WORDS not in client.get(reverse("home")).content.decode()
    on = cast.today - timedelta(days=3)
    take_away(decision, on)
    assert WORDS in client.get(reverse("home")).content.decode()
    Enrolment.objects.filter(pk=cast.enrolment.pk).update(ends_on=on, end_reason="moved")
    assert WORDS not in client.get(reverse("home")).content.decode()
    assert rows(cast) == []
