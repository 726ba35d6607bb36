"""The constraint outlives every alteration of its table, and goes where it is taken away.

SQLite alters most things by creating the table anew, which loses triggers that nobody makes again.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
from django.db import IntegrityError, connection, migrations, models, transaction
from django.db.migrations.state import ProjectState

from teikyaku.constraints import DateOrder, NoOverlap

pytestmark = pytest.mark.django_db(transaction=True)

APP = "altered"
ORDER = DateOrder(name="altered_order")
NO_OVERLAP = NoOverlap(
    fields=["owner"], name="altered_no_overlap", condition=models.Q(state="kept")
)
DAY = date(2026, 4, 1)


class Table:
    """A table that migrations make and alter, each call one migration."""

    def __init__(self) -> None:
        self.state = ProjectState()

    def migrate(self, *operations) -> None:
        with connection.schema_editor(atomic=True) as editor:
            for operation in operations:
                after = self.state.clone()
                operation.state_forwards(APP, after)
                operation.database_forwards(APP, editor, self.state, after)
                self.state = after

    def model(self, name="Row"):
        return self.state.apps.get_model(APP, name)

    def write(self, name="Row", **values):
        with transaction.atomic():
            return self.model(name).objects.create(**{"state": "kept", **values})


CREATE = [
    migrations.CreateModel("Owner", [("id", models.BigAutoField(primary_key=True))]),
    migrations.CreateModel(
        "Row",
        [
            ("id", models.BigAutoField(primary_key=True)),
            ("owner", models.ForeignKey(f"{APP}.Owner", models.CASCADE)),
            ("second", models.ForeignKey(f"{APP}.Owner", models.CASCADE, null=True, related_name="+")),
            ("state", models.CharField(max_length=10)),
            ("note", models.CharField(max_length=10, default="")),
            ("starts_on", models.DateField()),
            ("ends_on", models.DateField(null=True)),
        ],
    ),
    migrations.AddConstraint("Row", ORDER),
    migrations.AddConstraint("Row", NO_OVERLAP),
]  # fmt: skip


def created_whole() -> list:
    """The same table with its constraints in CREATE TABLE."""
    owner, row, *_constraints = CREATE
    options = {"constraints": [ORDER, NO_OVERLAP]}
    return [owner, migrations.CreateModel("Row", row.fields, options=options)]


@pytest.fixture
def table() -> Iterator[Table]:
    made = Table()
    yield made
    for name in ("row", "owner"):
        kept = [model for app, model in made.state.models if app == APP and model == name]
        made.migrate(*(migrations.DeleteModel(model) for model in kept))
    assert not triggers()


def triggers() -> set[str]:
    if connection.vendor != "sqlite":
        return set()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT name FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'altered%%'"
        )
        return {name for (name,) in cursor.fetchall()}


def assert_kept(table: Table, name="Row", starts="starts_on", ends="ends_on") -> None:
    """An open row stands; what shares a day with it is refused by insert and by update."""
    owner = table.model("Owner").objects.create()
    table.write(name, owner_id=owner.pk, **{starts: DAY})
    with pytest.raises(IntegrityError, match="altered_no_overlap"):
        table.write(name, owner_id=owner.pk, **{starts: date(2030, 1, 1)})
    row = table.write(name, owner_id=owner.pk, **{starts: date(2020, 1, 1), ends: date(2020, 1, 2)})
    with pytest.raises(IntegrityError, match="altered_no_overlap"), transaction.atomic():
        table.model(name).objects.filter(pk=row.pk).update(**{ends: DAY})
    table.write(name, owner_id=owner.pk, **{starts: DAY}, state="gone")


ALTERATIONS = {
    "nothing": [],
    "AddField, empty": [migrations.AddField("Row", "more", models.DateField(null=True))],
    "AddField, with default": [migrations.AddField("Row", "more", models.IntegerField(default=1))],
    "AddField, unique": [migrations.AddField("Row", "more", models.UUIDField(null=True, unique=True))],
    "AddField, foreign key": [
        migrations.AddField(
            "Row", "more", models.ForeignKey(f"{APP}.Owner", models.CASCADE, null=True, related_name="+")
        )
    ],
    "AlterField": [migrations.AlterField("Row", "note", models.TextField(default="?"))],
    "AlterField of a key": [
        migrations.AlterField(
            "Row", "owner", models.ForeignKey(f"{APP}.Owner", models.PROTECT, null=True)
        )
    ],
    "AlterField of the end": [migrations.AlterField("Row", "ends_on", models.DateField(null=True, db_index=True))],
    "AlterField of the condition": [migrations.AlterField("Row", "state", models.CharField(max_length=40))],
    "AlterField of the other table": [
        migrations.AlterField("Owner", "id", models.BigIntegerField(primary_key=True))
    ],
    "RemoveField": [migrations.RemoveField("Row", "note")],
    "RemoveField, foreign key": [migrations.RemoveField("Row", "second")],
    "RenameField": [migrations.RenameField("Row", "note", "remark")],
    "RenameField, foreign key": [migrations.RenameField("Row", "second", "third")],
    "AlterModelTable": [migrations.AlterModelTable("Row", "altered_elsewhere")],
    "AddIndex": [migrations.AddIndex("Row", models.Index(fields=["note"], name="altered_note"))],
    "AddConstraint": [
        migrations.AddConstraint(
            "Row", models.CheckConstraint(condition=~models.Q(note="x"), name="altered_x")
        )
    ],
    "RemoveConstraint of another": [migrations.RemoveConstraint("Row", "altered_order")],
    "AlterConstraint": [
        migrations.AlterConstraint(
            "Row",
            "altered_no_overlap",
            NoOverlap(
                fields=["owner"],
                name="altered_no_overlap",
                condition=models.Q(state="kept"),
                violation_error_message="別の言葉。",
            ),
        )
    ],
    "two remakes": [
        migrations.AddField("Row", "more", models.IntegerField(default=1)),
        migrations.AlterField("Row", "more", models.BigIntegerField(default=2)),
    ],
}  # fmt: skip


def create_owner(table: Table) -> None:
    """Where the other table lost its automatic key, give keys by hand."""
    model = table.model("Owner")
    if not isinstance(model._meta.pk, models.BigAutoField):
        create = model.objects.create
        model.objects.create = lambda: create(id=1)


@pytest.mark.parametrize("name", ALTERATIONS)
@pytest.mark.parametrize("create", [lambda: CREATE, created_whole], ids=["added", "created with"])
@pytest.mark.parametrize("at_once", [False, True], ids=["later migration", "same migration"])
def test_constraint_outlives(table, name, create, at_once):
    operations = ALTERATIONS[name]
    if at_once:
        table.migrate(*create(), *operations)
    else:
        table.migrate(*create())
        table.migrate(*operations)
    create_owner(table)
    assert_kept(table)


def test_constraint_outlives_with_rows_in_the_table(table):
    table.migrate(*CREATE)
    owner = table.model("Owner").objects.create()
    table.write(owner_id=owner.pk, starts_on=date(2019, 1, 1), ends_on=date(2019, 1, 1))
    for operations in ALTERATIONS["two remakes"]:
        table.migrate(operations)
    assert table.model().objects.count() == 1
    assert_kept(table)


def test_renamed_model_keeps_it(table):
    table.migrate(*CREATE)
    table.migrate(migrations.RenameModel("Row", "Line"))
    assert_kept(table, "Line")
    table.migrate(migrations.RenameModel("Line", "Row"))


def test_renamed_column_is_followed(table):
    table.migrate(*CREATE)
    with connection.schema_editor() as editor:
        row = table.model()
        new = models.DateField()
        new.set_attributes_from_name("begins_on")
        new.model = row
        editor.alter_field(row, row._meta.get_field("starts_on"), new)
    owner = table.model("Owner").objects.create()

    def write(day: str) -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO altered_row (owner_id, state, note, begins_on)"
                " VALUES (%s, 'kept', '', %s)",
                [owner.pk, day],
            )

    write("2026-04-01")
    with pytest.raises(IntegrityError, match="altered_no_overlap"):
        write("2026-04-02")


def test_renamed_field_as_makemigrations_writes_it(table):
    table.migrate(*CREATE)
    table.migrate(
        migrations.RemoveConstraint("Row", "altered_order"),
        migrations.RemoveConstraint("Row", "altered_no_overlap"),
        migrations.RenameField("Row", "starts_on", "begins_on"),
        migrations.AddConstraint("Row", DateOrder(name="altered_order", first="begins_on")),
        migrations.AddConstraint(
            "Row",
            NoOverlap(fields=["owner"], starts="begins_on", name="altered_no_overlap"),
        ),
    )
    owner = table.model("Owner").objects.create()
    table.write(owner_id=owner.pk, begins_on=DAY)
    with pytest.raises(IntegrityError, match="altered_no_overlap"):
        table.write(owner_id=owner.pk, begins_on=DAY)


def test_removed_constraint_lets_overlaps_in(table):
    table.migrate(*CREATE)
    assert triggers() == (
        {"altered_no_overlap_insert", "altered_no_overlap_update"}
        if connection.vendor == "sqlite"
        else set()
    )
    table.migrate(migrations.RemoveConstraint("Row", "altered_no_overlap"))
    assert not triggers()
    owner = table.model("Owner").objects.create()
    for _ in range(2):
        table.write(owner_id=owner.pk, starts_on=DAY)


def test_migration_back_and_forth(table):
    table.migrate(*CREATE)
    operation = migrations.RemoveConstraint("Row", "altered_no_overlap")
    before, after = table.state, table.state.clone()
    operation.state_forwards(APP, after)
    with connection.schema_editor() as editor:
        operation.database_forwards(APP, editor, before, after)
    with connection.schema_editor() as editor:
        operation.database_backwards(APP, editor, after, before)
    assert_kept(table)


def test_constraint_is_not_added_to_rows_that_break_it(table):
    *create, add = CREATE
    table.migrate(*create)
    owner = table.model("Owner").objects.create()
    for _ in range(2):
        table.write(owner_id=owner.pk, starts_on=DAY)
    with pytest.raises(IntegrityError):
        table.migrate(add)
    assert not triggers()


def test_direct_calls_add_and_remove(table):
    *create, _add = CREATE
    table.migrate(*create)
    row = table.model()
    with connection.schema_editor() as editor:
        editor.execute(NO_OVERLAP.create_sql(row, editor), params=None)
    assert_kept(table)
    with connection.schema_editor() as editor:
        editor.execute(NO_OVERLAP.remove_sql(row, editor), params=None)
    assert not triggers()
    table.write(owner_id=table.model("Owner").objects.get().pk, starts_on=DAY)


def test_key_that_is_neither_number_nor_text_is_refused(table):
    *create, _add = CREATE
    table.migrate(*create, migrations.AddField("Row", "uid", models.UUIDField(null=True)))
    bad = NoOverlap(fields=["uid"], name="altered_uid")
    if connection.vendor == "postgresql":
        with pytest.raises(TypeError, match="whole number or a text"):
            table.migrate(migrations.AddConstraint("Row", bad))
    assert [each.id for each in bad._check(table.model(), connection)] == ["teikyaku.E001"]
