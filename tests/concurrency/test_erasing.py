"""Two people erase the same file: one erasure, one answer, and nothing half gone."""

import pytest

from clients.models import Client, Erasure
from plans.actions.erase_ward import erase_ward_file
from teikyaku.clock import at_noon, today
from teikyaku.desk.actions.erase import erase_file
from tests.access.keeping import long_gone
from tests.cast import cast_of
from tests.concurrency.test_races import at_once

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(300)]


def test_two_managers_erase_the_same_file():
    cast = cast_of(today())
    person, who = long_gone(cast), {"by": cast.members["head"], "at": at_noon(cast.today)}

    def run():
        return erase_file(client=person, office=cast.office, **who)

    one, other = at_once(run, run)
    assert one == other == Erasure.objects.get()


def test_an_office_and_the_ward_erase_at_once_and_the_last_takes_the_person():
    cast = cast_of(today())
    person, at = long_gone(cast), at_noon(cast.today)
    at_once(
        lambda: erase_file(client=person, office=cast.office, by=cast.members["head"], at=at),
        lambda: erase_ward_file(
            client=person, ward=cast.wards[2], by=cast.members["officer"], at=at
        ),
    )
    assert sorted(Erasure.objects.values_list("was_last", flat=True)) == [False, True]
    assert not Client.objects.filter(pk=person.pk).exists()
