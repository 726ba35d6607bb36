"""Two corrections of one job at once: one result, and one message."""

import pytest
from django.core.exceptions import ValidationError

from clients.models import Employment
from plans.actions.life_correction import correct_life
from plans.queries.life_correction import told_before
from teikyaku.clock import at_noon, today
from teikyaku.periods import months_later
from tests.cast import cast_of, job_of
from tests.concurrency.test_races import at_once
from tests.plans.test_life_corrections import NAMES

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(300)]


def test_one_correction_counts():
    cast = cast_of(today())
    job = job_of(cast.enrolment)
    old = job.starts_on

    def correct(months):
        changes = {name: getattr(job, name) for name in NAMES}
        changes["starts_on"] = months_later(old, months)
        told = told_before(cast.enrolment, job, changes, cast.today, lambda *_months: ())

        def run():
            return correct_life(
                enrolment=cast.enrolment, row=Employment.objects.get(pk=job.pk), changes=changes,
                reason="書き間違い", seen=told.mark, by=cast.members["manager"],
                at=at_noon(cast.today),
            )  # fmt: skip

        return run

    results = at_once(correct(1), correct(2))
    won = [result for result in results if isinstance(result, Employment)]
    told = [result for result in results if isinstance(result, ValidationError)]
    assert (len(won), len(told)) == (1, 1), results
    assert "もう一度" in told[0].messages[0]
    job.refresh_from_db()
    assert job.starts_on == won[0].starts_on
