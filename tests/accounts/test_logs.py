"""Logs hold no personal data: markers are planted, requests of every kind are made, and looked for."""

import io
import json
import logging

import pytest
from django.urls import reverse

from teikyaku.logs import JsonFormatter
from tests.accounts.test_coming_and_going import enter

MARKERS = ("まーかー", "marker", "090-1111-2222", "9876543210")


@pytest.fixture
def written():
    """Everything that is logged during the test, as production would write it."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(JsonFormatter())
    root = logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield stream
    root.removeHandler(handler)
    root.setLevel(level)


def test_no_marker_reaches_the_log(client, cast, written, monkeypatch):
    client.raise_request_exception = False
    client.post(reverse("account_login"), {"login": "marker@example.jp", "password": "marker"})
    enter(client, cast.members["worker"])
    client.get("/clients/?q=まーかー")
    client.get("/marker/9876543210/")
    client.post(reverse("client_new"), {"name": "まーかー", "phone": "090-1111-2222"})
    client.post(reverse("month_close", args=["2026-01"]), {"note": "marker"})

    def broken(*args, **kwargs):
        raise RuntimeError("まーかー marker 9876543210")

    monkeypatch.setattr("clients.views.client_list.listed", broken)
    assert client.get("/clients/?q=まーかー").status_code == 500
    text = written.getvalue()
    lines = [json.loads(line) for line in text.splitlines()]
    assert any(line.get("exception") == "RuntimeError" for line in lines)
    assert [marker for marker in MARKERS if marker in text] == []


def test_a_marker_would_be_found(written):
    logging.getLogger("teikyaku").warning("marker")
    assert "marker" in written.getvalue()
