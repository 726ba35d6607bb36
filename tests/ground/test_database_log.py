"""What a constraint refuses has names in it: PostgreSQL's own log tells the error alone, or the operator is told."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

from teikyaku.desk.setting_checks import LOGS_NAMES, log_is_silent

DOCS = Path(settings.BASE_DIR) / "docs"
QUIET = {"log_error_verbosity": "terse", "log_min_error_statement": "panic"}
LOUD = {
    "log_error_verbosity": "default",
    "log_min_error_statement": "error",
    "log_min_duration_statement": "250",
    "log_statement": "mod",
}
on_postgres = pytest.mark.skipif(connection.vendor != "postgresql", reason="PostgreSQL alone")


def told(**values):
    """The ids that the check says with these settings."""
    with connection.cursor() as cursor:
        for name, value in {**QUIET, "log_statement": "none", **values}.items():
            cursor.execute(f"SET LOCAL {name} = '{value}'")
    return [each.id for each in log_is_silent(databases=["default"])]


@on_postgres
@pytest.mark.django_db
@pytest.mark.parametrize("name", LOUD)
def test_a_log_that_would_hold_names_is_told(name):
    assert told() == []
    assert told(**{name: LOUD[name]}) == [LOGS_NAMES]


@pytest.mark.django_db
def test_nothing_is_asked_of_a_database_that_was_not_named(django_assert_num_queries):
    with django_assert_num_queries(0):
        assert log_is_silent() == []


def test_the_words_and_the_configuration_set_it():
    words = (DOCS / "operations.md").read_text(encoding="utf-8")
    several = (DOCS / "operations" / "scale" / "primary.conf").read_text(encoding="utf-8")
    for name, value in QUIET.items():
        # Of the user, not of the database: a database that is made anew for a restore has them too.
        assert f"ALTER USER teikyaku SET {name} = '{value}'" in words
        assert re.search(rf"^{name} = {value}$", several, re.MULTILINE)
