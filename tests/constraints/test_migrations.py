"""Constraints in migrations: written, read back, and the same; and what Django's checks say."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.apps.registry import Apps
from django.core.management import call_command
from django.db import connection, migrations, models
from django.db.migrations.autodetector import MigrationAutodetector
from django.db.migrations.state import ModelState, ProjectState
from django.db.migrations.writer import MigrationWriter
from django.db.models import Q
from django.utils.translation import gettext_lazy

from teikyaku.constraints import DateOrder, FirstOfMonth, LastOfMarch, NoOverlap, Together

LABEL = "constraint_tests"
WORDS = {"violation_error_message": "言葉。"}

CONSTRAINTS = [
    NoOverlap(fields=["owner"], name="a"),
    NoOverlap(
        fields=("owner", "kind"),
        starts="first_month",
        ends="last_month",
        condition=Q(kind="x") | ~Q(kind__in=["y"]),
        name="b",
        violation_error_code="other",
        **WORDS,
    ),
    NoOverlap(fields=["owner"], name="c", violation_error_message=gettext_lazy("言葉。")),
    DateOrder(name="d"),
    DateOrder(first="made_on", last="sent_on", name="e", **WORDS),
    DateOrder(name="e", violation_error_code="other"),
    FirstOfMonth(field="month", name="f", **WORDS),
    LastOfMarch(field="day", name="m", **WORDS),
    Together(fields=["decided_on", "decided_by"], name="g", **WORDS),
]


@pytest.mark.parametrize(
    "constraint", CONSTRAINTS, ids=lambda each: f"{type(each).__name__} {each.name}"
)
def test_written_and_read_back(constraint):
    source, _imports = MigrationWriter.serialize(constraint)
    assert source.startswith(f"teikyaku.constraints.{type(constraint).__name__}(")
    read = eval(source, {"teikyaku": __import__("teikyaku.constraints"), "models": models})
    assert read == constraint
    assert read.deconstruct() == constraint.deconstruct()
    assert constraint.clone() == constraint
    assert str(read.violation_error_message) == str(constraint.violation_error_message)


@pytest.mark.parametrize(
    "changed",
    [
        NoOverlap(fields=["client"], name="a"),
        NoOverlap(fields=["owner"], name="b"),
        NoOverlap(fields=["owner"], name="a", starts="first_month"),
        NoOverlap(fields=["owner"], name="a", ends="last_month"),
        NoOverlap(fields=["owner"], name="a", condition=Q(kind="x")),
        NoOverlap(fields=["owner"], name="a", **WORDS),
        DateOrder(name="a"),
    ],
    ids=["fields", "name", "starts", "ends", "condition", "message", "kind"],
)
def test_change_is_seen(changed):
    assert changed != NoOverlap(fields=["owner"], name="a")


def test_repr_says_what_it_is():
    assert repr(NoOverlap(fields=["owner"], name="a", starts="first_month")) == (
        "NoOverlap(name='a', violation_error_code='overlap', fields=('owner',),"
        " starts='first_month')"
    )


def written(state: ProjectState) -> ProjectState:
    """The state that the written migration of `state` leads to."""
    operations = [
        migrations.CreateModel(
            each.name, list(each.fields.items()), each.options, each.bases, each.managers
        )
        for each in state.models.values()
    ]
    migration = type("Migration", (migrations.Migration,), {"operations": operations})
    namespace: dict = {}
    exec(MigrationWriter(migration("0001_initial", LABEL)).as_string(), namespace)
    return namespace["Migration"]("0001_initial", LABEL).mutate_state(ProjectState())


def test_models_need_no_second_migration():
    state = ProjectState()
    for model in apps.get_app_config(LABEL).get_models():
        state.add_model(ModelState.from_model(model))
    changes = MigrationAutodetector(written(state), state)._detect_changes()
    assert changes == {}


def test_changed_words_alter_no_table():
    old, new = (
        ProjectState(
            {
                (LABEL, "row"): ModelState(
                    LABEL,
                    "Row",
                    [("id", models.BigAutoField(primary_key=True))],
                    {"constraints": [NoOverlap(fields=["owner"], name="a", **words)]},
                )
            }
        )
        for words in ({}, WORDS)
    )
    (migration,) = MigrationAutodetector(old, new)._detect_changes()[LABEL]
    assert [type(each) for each in migration.operations] == [migrations.AlterConstraint]


# --- Checks ---------------------------------------------------------------------------------------


def model_with(*constraints, **fields):
    """A model that no app has."""
    meta = type("Meta", (), {"app_label": "checked", "apps": Apps(), "constraints": constraints})
    return type(
        "Row",
        (models.Model,),
        {
            "__module__": __name__,
            "Meta": meta,
            "client_id": models.BigIntegerField(),
            "starts_on": models.DateField(),
            "ends_on": models.DateField(null=True),
            **fields,
        },
    )


@pytest.mark.parametrize(
    ("model", "ids"),
    [
        (model_with(DateOrder(name="o"), NoOverlap(fields=["client_id"], name="n")), []),
        (model_with(NoOverlap(fields=["client_id"], name="n")), ["teikyaku.E002"]),
        (
            model_with(
                DateOrder(first="ends_on", last="starts_on", name="o"),
                NoOverlap(fields=["client_id"], name="n"),
            ),
            ["teikyaku.E002"],
        ),
        (
            model_with(
                DateOrder(name="o"), NoOverlap(fields=["flag"], name="n"), flag=models.UUIDField()
            ),
            ["teikyaku.E001"],
        ),
        (model_with(DateOrder(name="o"), NoOverlap(fields=["gone"], name="n")), ["models.E012"]),
        (
            model_with(
                DateOrder(name="o"),
                NoOverlap(fields=["client_id"], condition=Q(gone=1), name="n"),
            ),
            ["models.E012"],
        ),
    ],
    ids=[
        "right",
        "no order",
        "order the wrong way",
        "key of a wrong kind",
        "no such key",
        "condition",
    ],
)
def test_checks_of_a_model(model, ids):
    found = [
        error.id for each in model._meta.constraints for error in each._check(model, connection)
    ]
    assert found == ids


def test_every_model_of_ours_passes(db):
    call_command("check", databases=["default"])
