"""つなぎ: with the file it passes to the ward that took the person over; who led goes on reading."""

from datetime import timedelta

from django.urls import reverse

from plans.actions import file_transfer
from plans.actions import referral as actions
from plans.actions.application import receive_application
from plans.models import Application
from plans.queries.referral import referrals_for
from teikyaku.clock import at_noon
from teikyaku.periods import months_later
from tests.accounts.test_coming_and_going import enter
from tests.plans.test_referrals import ask, led, service, take_in


def test_with_the_file_the_referral_passes_to_the_ward_that_took_it_over(client, cast):
    officer, other = cast.members["officer"], cast.members["other_officer"]
    came = cast.today - timedelta(days=20)
    who = {"by": officer, "at": at_noon(came)}
    hired = months_later(cast.today, -6) - timedelta(days=2)
    person = take_in(
        cast, {"by": cast.members["worker"], "at": at_noon(came)}, hired, [service(hired)]
    )
    receive_application(
        client=person.client, municipality=cast.wards[2], kind="new", received_on=came,
        received_place="ward_office", **who,
    )  # fmt: skip
    row = led(person, who, came)
    pages = {
        name: reverse(f"admin:ward_referral_{name}", args=[row.public_id])
        for name in ("page", "follow", "answer", "correct", "withdraw")
    }
    moved = {"at": at_noon(came + timedelta(days=2))}
    transfer = file_transfer.offer_file(
        client=person.client, sender=officer.municipality, receiver=other.municipality,
        moved_on=came, note="", by=officer, **moved,
    )  # fmt: skip
    # Nothing passes before the other ward says yes.
    assert list(referrals_for(other)) == []
    file_transfer.accept_file(transfer=transfer, by=other, **moved)
    assert ask(cast, "officer") == ask(cast, "other_officer") == 0  # the application is on a desk
    application = Application.objects.get(client=person.client, municipality=other.municipality)
    actions.end_application(
        application=application, outcome="withdrawn", on=came + timedelta(days=3),
        reason="待つため", by=other, at=at_noon(came + timedelta(days=3)),
    )  # fmt: skip
    assert (ask(cast, "officer"), ask(cast, "other_officer")) == (0, 1)
    enter(client, other)
    text = client.get(pages["page"]).content.decode()
    assert officer.municipality.name in text
    assert pages["follow"] in text
    assert pages["correct"] not in text
    assert [client.get(pages[name]).status_code for name in ("follow", "answer")] == [200, 200]
    assert [client.get(pages[name]).status_code for name in ("correct", "withdraw")] == [404, 404]
    # Who led goes on reading, and acts no more.
    enter(client, officer)
    assert client.get(pages["page"]).status_code == 200
    for name in ("follow", "answer", "correct", "withdraw"):
        assert client.get(pages[name]).status_code == 404
    assert list(referrals_for(cast.members["outsider"])) == []
