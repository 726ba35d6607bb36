"""After a restore the list of erasures is replayed: who came back with the backup goes again."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction

from clients.models import Client, Erasure
from plans.actions.erase_ward import erase_ward_file
from teikyaku.clock import at_noon
from teikyaku.desk.actions.erase import erase_file
from tests.access.keeping import held, long_gone


def replay(*arguments):
    said = StringIO()
    call_command("replay_erasures", *map(str, arguments), stdout=said, stderr=said)
    return said.getvalue()


def erase(cast, person):
    at = at_noon(cast.today)
    erase_file(client=person, office=cast.office, by=cast.members["head"], at=at)
    erase_ward_file(client=person, ward=cast.wards[2], by=cast.members["officer"], at=at)


def erased_and_restored(cast, person, file):
    """The list is written after the erasure; the database is that of a backup from before it."""
    with transaction.atomic():
        erase(cast, person)
        assert "2件" in replay(file, "--write")
        transaction.set_rollback(True)
    assert Client.objects.filter(pk=person.pk).exists()


def test_who_came_back_goes_again_and_a_second_run_does_nothing(cast, tmp_path):
    person, file = long_gone(cast), tmp_path / "erasures.jsonl"
    erased_and_restored(cast, person, file)
    # No names on the list: it lies apart from the backups, for longer.
    assert "昔" not in file.read_text()
    assert "2件をもう一度" in replay(file)
    assert not Client.objects.filter(pk=person.pk).exists()
    assert Erasure.objects.count() == 2
    assert "0件をもう一度" in replay(file)


def test_what_cannot_go_is_said_and_the_others_go(cast, tmp_path):
    person, file = long_gone(cast), tmp_path / "erasures.jsonl"
    erased_and_restored(cast, person, file)
    held(cast)
    with pytest.raises(CommandError, match="1件は消去できません"):
        replay(file)
    assert person.enrolments.exists()
    assert Erasure.objects.get().municipality == cast.wards[2]


def test_a_list_that_cannot_be_read_is_said(tmp_path):
    with pytest.raises(CommandError, match="読めません"):
        replay(tmp_path / "nothing.jsonl")
