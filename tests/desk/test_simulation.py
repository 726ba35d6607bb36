"""An office lived day by day: the same for the same seed, nothing lapses unseen, nothing of others is touched."""

import json
import subprocess
from io import StringIO

import pytest
from django.core import mail
from django.core.management import CommandError, call_command
from django.db import transaction

from clients.models import Enrolment
from teikyaku.desk.management.commands import simulate_office
from teikyaku.desk.simulation.day import simulate


def lived(months, clients):
    """A run whose rows are gone afterwards."""
    with transaction.atomic():
        report = simulate(months=months, clients=clients, seed=4, say=lambda _text: None)
        assert Enrolment.objects.count() == report.people
        transaction.set_rollback(True)
    return report


@pytest.mark.once
@pytest.mark.django_db
def test_a_short_run_ends_well_and_counts_something():
    report = lived(6, 6)
    assert report.as_text().count("件") > 4
    assert (report.findings, report.exit_status, report.unexplained) == ((), 0, 0)
    assert report.claimed > 0
    assert report.letters["digest"] > 0
    assert report.letters["end_steps"] > 0
    assert mail.outbox


@pytest.mark.once
@pytest.mark.django_db
def test_the_same_seed_tells_the_same_story():
    first, again = lived(1, 4), lived(1, 4)
    assert json.loads(first.as_json()) == json.loads(again.as_json())


def test_it_runs_in_a_database_of_its_own(monkeypatch):
    ran = []

    def run(command, *, env, check):
        ran.append((command, env))
        return subprocess.CompletedProcess(command, 1)

    monkeypatch.delenv(simulate_office.INSIDE, raising=False)
    monkeypatch.setattr(subprocess, "run", run)
    with pytest.raises(SystemExit) as ended:
        call_command("simulate_office", "--months", "6", "--seed", "9", "--json")
    [(command, env)] = ran
    assert command[2:] == [
        "simulate_office",
        "--months",
        "6",
        "--clients",
        "40",
        "--seed",
        "9",
        "--json",
    ]
    assert env["DATABASE_URL"] == "sqlite://:memory:"
    assert env["TEIKYAKU_MODE"] == "test"
    assert ended.value.code == 1


@pytest.mark.django_db
def test_another_database_is_never_written_in(monkeypatch):
    monkeypatch.setenv(simulate_office.INSIDE, "1")
    with pytest.raises(CommandError, match="自分のデータベース"):
        call_command("simulate_office", "--months", "1", stdout=StringIO())


def test_it_refuses_in_production_and_what_makes_no_sense(settings):
    with pytest.raises(CommandError, match="1〜"):
        call_command("simulate_office", "--clients", "0")
    settings.IS_PRODUCTION = True
    with pytest.raises(CommandError, match="本番"):
        call_command("simulate_office")
