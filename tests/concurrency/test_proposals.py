"""Two answers at once to one 区への提案: one counts, the other is told."""

import pytest
from django.core.exceptions import ValidationError

from plans.actions.proposal import accept, refuse, withdraw
from plans.models import Application, Proposal
from teikyaku.clock import at_noon, today
from tests.access.proposals import proposed
from tests.cast import cast_of
from tests.concurrency.test_races import at_once

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(300)]


def test_one_answer_counts():
    cast = cast_of(today())
    row, at = proposed(cast), at_noon(cast.today)
    ward, office = (
        {"by": cast.members["officer"], "at": at},
        {"by": cast.members["worker"], "at": at},
    )
    results = at_once(
        lambda: accept(proposal=row, text="", **ward),
        lambda: refuse(proposal=row, reason="other", text="x", next_step="y", **ward),
        lambda: withdraw(proposal=row, text="x", **office),
    )
    refused = [each for each in results if isinstance(each, ValidationError)]
    assert len(refused) == 2
    assert all("もう「" in str(error) for error in refused)
    row = Proposal.objects.get()
    assert row.steps.count() == 2
    opened = Application.objects.filter(client=cast.decision.client, outcome="").count()
    assert opened == (row.state == "accepted")
