"""Whoever holds an office holds its row without its key: what is recorded of the office meanwhile does not wait."""

from __future__ import annotations

import re
from pathlib import Path

PLAIN = re.compile(r"\bOffice\.objects\.select_for_update\((?!no_key=True)")
# Waits for a close or a claim file that is just being written, on purpose.
HOLDS_THE_KEY = {"billing/actions/claim_setting.py"}
APPS = ("teikyaku", "clients", "plans", "billing")


def test_the_key_of_an_office_is_held_where_that_is_meant():
    root = Path(__file__).resolve().parents[2]
    files = [path for app in APPS for path in (root / app).rglob("*.py")]
    found = {str(path.relative_to(root)) for path in files if PLAIN.search(path.read_text())}
    assert found == HOLDS_THE_KEY
