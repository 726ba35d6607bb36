"""The database of an earlier release goes forward to now: nothing is lost, everything still holds.

One run for each database. What a migration may change is named here with its reason; anything else
that differs afterwards, in any column of any table, fails.
"""

import json
import os
import subprocess
import sys
from pathlib import Path
from uuid import uuid4

import pytest
from django.db import connection

from tests.release.snapshot import Snapshot

ROOT = Path(__file__).resolve().parents[2]
RELEASE = "0.3.0"
# (table, column or "*"): why a migration writes there.
MAY_CHANGE = {
    ("django_migrations", "*"): "what has run",
    ("django_content_type", "*"): "new models",
    ("auth_permission", "*"): "new models",
}
# (table, column): where what stood there is now.
MAY_GO: dict[tuple[str, str], str] = {}


@pytest.fixture(scope="module")
def empty_database(tmp_path_factory, django_db_setup, django_db_blocker):
    """The address of an empty database of the kind that the tests run on."""
    if connection.vendor == "sqlite":
        yield f"sqlite:///{tmp_path_factory.mktemp('release')}/empty.sqlite3"
        return
    name = f"release_{uuid4().hex[:8]}"
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute(f'CREATE DATABASE "{name}"')
    host = connection.settings_dict["OPTIONS"].get("host") or connection.settings_dict["HOST"]
    yield f"postgresql://{connection.settings_dict['USER']}:@/{name}?host={host}"
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.fixture(scope="module")
def came(empty_database):
    """What the child says of the way forward."""
    answer = subprocess.run(
        [sys.executable, "-m", "tests.release.forward", RELEASE], cwd=ROOT, check=False, timeout=800,
        capture_output=True, text=True,
        env={**os.environ, "TEIKYAKU_MODE": "test", "DATABASE_URL": empty_database,
             "DJANGO_SETTINGS_MODULE": "teikyaku.settings"},
    )  # fmt: skip
    assert answer.returncode == 0, answer.stderr[-3000:]
    return json.loads(answer.stdout)


def may(table, column, allowed):
    return (table, "*") in allowed or (table, column) in allowed


@pytest.mark.timeout(900)  # of a machine that six others share; some 15 s on a quiet one
def test_no_value_is_lost_or_changed_but_those_named(came):
    changed = [row for row in came["changed"] if not may(row[0], row[1], MAY_CHANGE)]
    assert changed == []


def test_no_column_goes_but_those_named(came):
    assert [key for key in came["gone"] if not may(*key, MAY_GO)] == []


def test_what_is_named_happens_and_is_no_leftover(came):
    """A new snapshot makes old exceptions void."""
    seen = {tuple(row[:2]) for row in came["changed"]} | {tuple(key) for key in came["gone"]}
    tables = {table for table, _column in seen}
    named = {**MAY_CHANGE, **MAY_GO}
    assert [
        key for key in named if key not in seen and not (key[1] == "*" and key[0] in tables)
        and not key[0].startswith(("django_", "auth_"))
    ] == []  # fmt: skip


def test_stored_and_computed_agree_and_closed_months_are_what_was_frozen(came):
    assert came["closings"] > 10
    assert {kind: found for kind, found in came["does_not_fit"].items() if found} == {}
    assert {"derived", "month", "invoice", "overlap", "guard"} <= set(came["does_not_fit"])


def test_the_main_pages_of_each_role_answer(came):
    assert {page: status for page, status in came["pages"].items() if status != 200} == {}
    assert len(came["pages"]) > 15


def test_the_snapshot_is_small_and_stands_behind_now():
    folder = Snapshot(RELEASE).folder
    assert sum(file.stat().st_size for file in folder.iterdir()) < 300 * 1024
    heads = Snapshot(RELEASE).about["heads"]
    now = {
        app: max(each.stem for each in (ROOT / path / "migrations").glob("[0-9]*.py"))
        for app, path in (("accounts", "teikyaku/accounts"), ("clients", "clients"),
                          ("plans", "plans"), ("billing", "billing"))
    }  # fmt: skip
    assert any(heads[app] < name for app, name in now.items()), "it would try nothing"
