"""A small share of `make chaos`: some kills of each kind, and a clock that stands elsewhere."""

import json
import os
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from django.db import connection
from django.urls import reverse

from plans.models import Interview
from teikyaku.clock import at_start_of
from tests.accounts.test_coming_and_going import enter

ROOT = Path(__file__).resolve().parent.parent.parent
KILLED = ("import", "erase", "interview")
SOME = (*KILLED, "crowd", "full")


@pytest.fixture
def tables(django_db_setup, tmp_path):
    """The tables of this run, empty; "" where they are no file: the process makes its own."""
    if connection.vendor != "sqlite":
        return ""
    copy = tmp_path / "tables.sqlite3"
    with closing(sqlite3.connect(connection.settings_dict["NAME"])) as plain:
        plain.execute("VACUUM INTO ?", (str(copy),))
    return str(copy)


@pytest.mark.once
@pytest.mark.timeout(400)
def test_killed_work_is_whole_or_not_there_and_what_was_answered_is_stored_once(tables):
    """In a process and on a database of its own, which is put back as a file after each kill."""
    env = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    env["TABLES"] = tables
    asked = {"ON": "sqlite", "TIMES": "1", "SEED": "3", "ONLY": ",".join(SOME)}
    ran = subprocess.run(
        [sys.executable, "-m", "tests.chaos"], cwd=ROOT, env=env | asked,
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    told = [json.loads(line) for line in ran.stdout.splitlines()]
    assert (ran.returncode, [each["faults"] for each in told]) == (0, [[]] * len(SOME)), ran.stderr
    done = {each["scenario"]: each for each in told}
    assert all(done[name]["in_the_middle"] for name in KILLED), told
    assert [each.get("written") or each.get("refused") for each in told[len(KILLED) :]] == [100, 3]


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
