"""A small share of `make chaos`: some kills of each kind, and a clock that stands elsewhere."""

import os
import random
import time
from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.urls import reverse

from plans.models import Interview
from teikyaku.clock import at_start_of, today
from tests.accounts.test_coming_and_going import enter
from tests.cast import cast_of
from tests.chaos.interviews import kill_interviews, write_at_once, writers
from tests.chaos.place import Place
from tests.chaos.work import Erasing, Importing

KILLS = int(os.environ.get("KILLS", "2"))


@pytest.fixture
def place(transactional_db, tmp_path, papers_folder):
    if connection.vendor != "sqlite":
        pytest.skip("make chaos asks PostgreSQL: there the database of the tests is not put back")
    return Place(tmp_path.parent / f"{tmp_path.name}-kept")


@pytest.mark.once
@pytest.mark.timeout(300)
@pytest.mark.parametrize("kind", [Importing, Erasing], ids=lambda kind: kind.name)
def test_killed_work_is_whole_or_not_there(place, kind):
    place.folder.mkdir()
    outcome = kind(place, cast_of(today())).killed(KILLS, random.Random(3))
    assert outcome.faults == []
    assert outcome.found.total() == KILLS


@pytest.mark.once
@pytest.mark.timeout(300)
def test_what_was_answered_is_stored_once_whatever_is_killed(place):
    cast = cast_of(today())
    outcome = kill_interviews(place, cast, writers(cast, 3), 1, random.Random(5))
    assert outcome.faults == []
    assert outcome.kills > 0


@pytest.mark.once
@pytest.mark.timeout(300)
def test_many_write_at_once_and_nobody_sees_an_error(place):
    cast = cast_of(today())
    outcome = write_at_once(place, cast, writers(cast, 8), 1)
    assert outcome.faults == []


@pytest.fixture
def _server_in_utc(monkeypatch):
    """The process believes that it is in Greenwich."""
    monkeypatch.setenv("TZ", "UTC")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


@pytest.mark.usefixtures("_server_in_utc")
def test_half_past_midnight_in_tokyo_is_the_new_day(client, cast):
    new_day = cast.today + timedelta(days=1)
    url = reverse("attempt_new", args=[cast.enrolment.public_id])
    with time_machine.travel(at_start_of(new_day) + timedelta(minutes=30), tick=False):
        enter(client, cast.members["worker"])
        assert client.get(url).context["form"].initial["held_on"] == new_day
        facts = {"way": "phone", "notes": "留守"}
        later = client.post(url, {**facts, "held_on": (new_day + timedelta(days=1)).isoformat()})
        assert later.status_code == 422
        assert client.post(url, {**facts, "held_on": new_day.isoformat()}).status_code == 302
    row = Interview.objects.latest("pk")
    assert (row.held_on, row.notes) == (new_day, "留守")
