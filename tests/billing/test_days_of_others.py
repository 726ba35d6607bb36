"""Days that somebody else says (国保連, a municipality) are not filled in: one press would store a wrong one."""

from __future__ import annotations

import pytest
from django.urls import reverse

from tests.accounts.test_coming_and_going import enter
from tests.billing.test_city_answers import month  # noqa: F401
from tests.billing.test_opening_claims import before, told  # noqa: F401


@pytest.fixture
def form(client, cast):
    enter(client, cast.members["billing"])
    return lambda name, *args: client.get(reverse(name, args=args)).context["form"]


def test_when_the_municipality_answered(form, cast, month):  # noqa: F811
    asked = form("city_answer", cast.enrolment.public_id, month)
    assert "answered_on" not in asked.initial


def test_when_an_earlier_claim_was_paid(form, before):  # noqa: F811
    claim = told(before, 1000)
    assert form("opening_claim_pay", claim.public_id).initial == {"amount_yen": 1000}
