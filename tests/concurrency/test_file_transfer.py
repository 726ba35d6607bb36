"""Two answers at once to one 区の引継ぎ: one counts, the other is told."""

import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from plans.actions.file_transfer import accept_file, decline_file, offer_file, withdraw_offer
from plans.actions.second_officer import propose_grant
from plans.models import Decision, FileTransfer, PendingGrant
from teikyaku.clock import today
from tests.cast import cast_of
from tests.concurrency.test_races import at_once
from tests.ward.conftest import Counter

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(300)]


def test_one_answer_counts():
    cast = cast_of(today())
    counter = Counter(Client(), cast)
    row = counter.granted()
    receiver = cast.members["other_officer"]
    transfer = offer_file(
        client=row.client, sender=cast.wards[2], receiver=receiver.municipality,
        moved_on=cast.today, note="", **counter.who,
    )  # fmt: skip
    their = {"by": receiver, "at": counter.who["at"]}
    results = at_once(
        lambda: accept_file(transfer=transfer, **their),
        lambda: decline_file(transfer=transfer, reason="まだです", **their),
        lambda: withdraw_offer(transfer=transfer, **counter.who),
    )
    won = [result for result in results if isinstance(result, FileTransfer)]
    told = [result for result in results if isinstance(result, ValidationError)]
    assert (len(won), len(told)) == (1, 2), results
    assert all("もう「" in error.messages[0] for error in told)
    transfer.refresh_from_db()
    passed = Decision.objects.get(application=row).passed_to
    assert (passed == receiver.municipality) == (transfer.outcome == "accepted")


def test_two_offers_at_once_are_one():
    cast = cast_of(today())
    counter = Counter(Client(), cast)
    row = counter.granted()

    def offer():
        return offer_file(
            client=row.client, sender=cast.wards[2], moved_on=cast.today, note="",
            receiver=cast.members["other_officer"].municipality, **counter.who,
        )  # fmt: skip

    results = at_once(offer, offer)
    assert sum(isinstance(result, FileTransfer) for result in results) == 1, results
    assert FileTransfer.objects.count() == 1


def test_a_draft_and_the_file_do_not_pass_each_other():
    """Written for a second officer while the file passes: one of the two is told."""
    cast = cast_of(today())
    counter = Counter(Client(), cast)
    row = counter.heard()
    receiver = cast.members["other_officer"]
    transfer = offer_file(
        client=row.client, sender=cast.wards[2], receiver=receiver.municipality,
        moved_on=cast.today, note="", **counter.who,
    )  # fmt: skip
    results = at_once(
        lambda: propose_grant(
            application=row, answers={}, grant=lambda **_who: None, **counter.who
        ),
        lambda: accept_file(transfer=transfer, by=receiver, at=counter.who["at"]),
    )
    assert sum(isinstance(each, ValidationError) for each in results) == 1, results
    row.refresh_from_db()
    has_passed = row.municipality == receiver.municipality
    assert has_passed != PendingGrant.objects.filter(application=row, outcome="").exists()
