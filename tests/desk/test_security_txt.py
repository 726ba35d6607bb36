"""Whom to tell of a weakness: for everybody, where somebody is named."""

from datetime import datetime, timedelta

import pytest

from teikyaku.clock import now

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
