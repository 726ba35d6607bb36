"""Two people write the answer about one March 31 at once: one answer, one message."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError

from clients.actions.work_check import record_check
from clients.models import WorkCheck
from teikyaku.clock import at_noon, today
from teikyaku.periods import fiscal_year
from tests.access.retention import former_user
from tests.cast import cast_of
from tests.concurrency.test_races import at_once

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(300)]


def test_two_answers_at_once_are_one_answer_and_one_message():
    cast = cast_of(today())
    day = date(fiscal_year(cast.today), 3, 31)
    person = former_user(cast).client

    def say(key, outcome):
        return record_check(
            client=person, office=cast.office, counted_on=day, outcome=outcome, source="person",
            asked_on=day + timedelta(days=1), by=cast.members[key], at=at_noon(cast.today),
        )  # fmt: skip

    results = at_once(lambda: say("worker", "same_job"), lambda: say("head", "not_employed"))
    stored = [result for result in results if isinstance(result, WorkCheck)]
    refused = [result for result in results if isinstance(result, ValidationError)]
    assert (len(stored), len(refused)) == (1, 1), results
    assert "もう記録されています" in " ".join(refused[0].messages)
    assert WorkCheck.objects.count() == 1
