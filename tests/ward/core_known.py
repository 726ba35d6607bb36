"""Somebody whom an upload of the core system can know: a number, a decision, a cap."""

import pytest
from django.test import Client

from plans.models import CapPeriod, Decision
from teikyaku.clock import today
from teikyaku.periods import Month
from tests.cast import cast_of
from tests.kept import kept
from tests.ward.conftest import Counter

NUMBER = "1234567899"


def make_known(today):
    """Somebody with a decision of this ward from today, whose cap runs to next month."""
    counter = Counter(Client(), cast_of(today))
    row = counter.granted(NUMBER)
    CapPeriod.objects.filter(client=row.client).update(
        last_month=(Month.of(counter.on) + 1).first_day
    )
    return counter.cast


@pytest.fixture
def known(client, db):
    """The counter, with that decision and its person."""
    counter = Counter(client, kept(make_known, today()))
    counter.decision = Decision.objects.get(application__client__recipient_numbers__number=NUMBER)
    counter.person = counter.decision.client
    return counter
