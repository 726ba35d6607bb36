"""Whom to tell of a weakness: for everybody, where somebody is named."""

import os
import subprocess
import sys
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.core.checks import run_checks

from teikyaku.clock import now, today
from teikyaku.desk.setting_checks import RUNS_OUT, TOO_FAR

ROOT = Path(__file__).resolve().parents[2]

URL = "/.well-known/security.txt"
pytestmark = pytest.mark.django_db


def test_it_says_whom_to_tell_for_less_than_a_year(client, settings):
    settings.SECURITY_CONTACT = "mailto:security@example.jp"
    answer = client.get(URL)
    assert answer["Content-Type"] == "text/plain; charset=utf-8"
    lines = dict(line.split(": ", 1) for line in answer.content.decode().splitlines())
    assert lines["Contact"] == "mailto:security@example.jp"
    assert lines["Canonical"].endswith(URL)
    left = datetime.fromisoformat(lines["Expires"]) - now()
    assert timedelta(days=100) < left < timedelta(days=365)


def test_nobody_named_is_no_page(client):
    assert client.get(URL).status_code == 404


@pytest.mark.parametrize(("days", "status"), [(-1, 404), (0, 200), (30, 200)])
def test_the_operators_day_is_told_and_once_it_is_over_nothing_is(client, settings, days, status):
    settings.SECURITY_CONTACT = "mailto:security@example.jp"
    settings.SECURITY_CONTACT_UNTIL = today() + timedelta(days=days)
    answer = client.get(URL)
    assert answer.status_code == status
    if status == 200:
        assert (
            f"Expires: {settings.SECURITY_CONTACT_UNTIL}T23:59:59+09:00" in answer.content.decode()
        )


@pytest.mark.parametrize(
    ("days", "told"),
    [(-1, [RUNS_OUT]), (30, [RUNS_OUT]), (31, []), (365, []), (366, [TOO_FAR]), (None, [])],
)
def test_the_operator_is_told_before_the_day_is_over(settings, days, told):
    settings.SECURITY_CONTACT = "mailto:security@example.jp"
    settings.SECURITY_CONTACT_UNTIL = None if days is None else today() + timedelta(days=days)
    found = [each.id for each in run_checks() if each.id in (RUNS_OUT, TOO_FAR)]
    assert found == told


def test_without_a_contact_no_day_is_asked_for(settings):
    settings.SECURITY_CONTACT, settings.SECURITY_CONTACT_UNTIL = "", today()
    assert RUNS_OUT not in [each.id for each in run_checks()]


def test_a_day_that_is_none_stops_the_start_and_is_named():
    code = "import teikyaku.settings as s; print(s.SECURITY_CONTACT_UNTIL)"

    def started(value):
        return subprocess.run(
            [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False,
            env={**os.environ, "TEIKYAKU_MODE": "test", "SECURITY_CONTACT_UNTIL": value},
        )  # fmt: skip

    assert started("2027-03-31").stdout.strip() == "2027-03-31"
    assert "SECURITY_CONTACT_UNTIL" in started("31.3.2027").stderr
