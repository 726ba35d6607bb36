"""A new database: its tables are made in one go, and are those of the models."""

import re

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from teikyaku.first_tables import FirstTables

OURS = ("accounts", "clients", "plans", "billing")


def steps():
    """Every migration on disk, whatever stands for what."""
    loader = MigrationLoader(None, load=False)
    loader.load_disk()
    return loader.disk_migrations


@pytest.mark.parametrize("app", OURS)
def test_one_step_stands_for_all_the_old_ones(app):
    migrations = steps()
    first = migrations[app, "0001_tables"]
    assert isinstance(first, FirstTables)
    assert {(app, "0001_initial")} < set(first.replaces) <= set(migrations)


def test_only_what_the_last_step_leaves_is_created():
    """Every operation either creates a table or is seen in one that is created."""
    migrations = steps()
    kinds = {
        type(operation).__name__
        for app in OURS
        for operation in migrations[app, "0001_tables"].operations
    }
    assert kinds <= {"CreateModel", "AddField", "AddIndex", "AddConstraint"}


NAMES = {
    "sqlite": "SELECT sql FROM sqlite_master WHERE sql IS NOT NULL",
    "postgresql": "SELECT conname FROM pg_constraint UNION SELECT indexname FROM pg_indexes "
    "UNION SELECT tgname FROM pg_trigger WHERE NOT tgisinternal",
}


@pytest.mark.django_db
def test_every_constraint_and_index_of_the_models_is_in_the_database():
    with connection.cursor() as cursor:
        cursor.execute(NAMES[connection.vendor])
        there = set(re.findall(r"\w+", " ".join(row[0] for row in cursor)))
    named = {
        each.name
        for model in apps.get_models()
        if model._meta.app_label in OURS
        for each in (*model._meta.constraints, *model._meta.indexes)
    }
    assert len(named) > 150
    assert {name for name in named if not {name, f"{name}_insert"} & there} == set()


@pytest.mark.django_db
def test_nothing_is_left_to_migrate():
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)
    call_command("migrate", check_unapplied=True, verbosity=0)
