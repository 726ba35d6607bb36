"""The SQL of NoOverlap, on each backend in its way.

PostgreSQL: an exclusion constraint. It does without the extension btree_gist, which needs a
superuser: for a whole number, `int8range(id, id, '[]')` is equal where the number is.

SQLite: two triggers that look for another row and abort with a literal message. They run AFTER the
write, where the row's key is known (it is undefined BEFORE an insert) and where an upsert that
turns into an update does not meet itself. They name no table but their own, because SQLite refuses
to rename a table that another table's trigger names. Django remakes tables by creating them again
under another name: the statements therefore name it by a `Table`, which follows the renaming, and
wait among the deferred statements until it is done.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

from django.db import models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.backends.ddl_references import Statement, Table
from django.db.models import Q
from django.db.models.sql.query import Query


class Overlap(Protocol):
    """What the SQL needs to know of the constraint."""

    name: str
    fields: tuple[str, ...]
    starts: str
    ends: str
    condition: Q | None


# What a trigger says; teikyaku.constraints.violations reads it.
TRIGGER_MESSAGE = "overlap: {name}"
EVENTS = ("insert", "update")

_NUMBERS = (models.IntegerField, models.AutoField)
_TEXTS = (models.CharField, models.TextField)

_TRIGGER = (
    "CREATE TRIGGER %(name)s AFTER %(event)s ON %(table)s FOR EACH ROW%(when)s "
    "BEGIN SELECT RAISE(ABORT, %(message)s) FROM %(table)s AS held WHERE %(overlap)s; END"
)


def is_text(field: Any) -> bool:
    """Whether a key column holds text, else whole numbers. Raises TypeError for anything else."""
    target = field.target_field if field.is_relation else field
    if isinstance(target, _TEXTS):
        return True
    if isinstance(target, _NUMBERS):
        return False
    raise TypeError(f"NoOverlap cannot compare {field}: a key is a whole number or a text")


def exclusion(constraint: Overlap, model: Any, editor: BaseDatabaseSchemaEditor) -> str:
    """PostgreSQL: the constraint as it stands in CREATE TABLE and behind ADD."""
    columns = _columns(constraint, model, editor)
    keys = zip(constraint.fields, columns.keys, strict=True)
    parts = [
        *(f"{_range_of(column, model._meta.get_field(name))} WITH =" for name, column in keys),
        f"daterange({columns.starts}, {columns.ends}, '[]') WITH &&",
    ]
    # A range with an empty bound is endless: an empty key would be equal to every empty key.
    nullable = zip(
        (*constraint.fields, constraint.starts), (*columns.keys, columns.starts), strict=True
    )
    where = [f"{c} IS NOT NULL" for name, c in nullable if model._meta.get_field(name).null]
    if constraint.condition is not None:
        where.append(f"({_condition(constraint.condition, model, editor, None)})")
    return (
        f"CONSTRAINT {editor.quote_name(constraint.name)} EXCLUDE USING gist ({', '.join(parts)})"
        + (f" WHERE ({' AND '.join(where)})" if where else "")
    )


def triggers(constraint: Overlap, model: Any, editor: BaseDatabaseSchemaEditor) -> list[Statement]:
    """SQLite: a trigger for inserts, one for updates, and a look at the rows that are there."""
    table = Table(model._meta.db_table, editor.quote_name)
    starts = editor.quote_name(model._meta.get_field(constraint.starts).column)
    # The last statement changes nothing: it calls the trigger once for each row, so that adding
    # the constraint to a table that already breaks it fails, as it does on PostgreSQL.
    look = Statement("UPDATE %(table)s SET %(column)s = %(column)s", table=table, column=starts)
    return [*(_trigger(constraint, model, editor, event) for event in EVENTS), look]


def trigger_names(constraint: Overlap) -> list[str]:
    """SQLite: the names of both triggers."""
    return [f"{constraint.name}_{event}" for event in EVENTS]


def _trigger(
    constraint: Overlap, model: Any, editor: BaseDatabaseSchemaEditor, event: str
) -> Statement:
    quote = editor.quote_name
    held, new = (_columns(constraint, model, editor, alias) for alias in ("held", "NEW"))
    overlap = [
        *(f"{theirs} = {ours}" for theirs, ours in zip(held.keys, new.keys, strict=True)),
        f"{held.pk} <> {new.pk}",
        f"({held.ends} IS NULL OR {held.ends} >= {new.starts})",
        f"({new.ends} IS NULL OR {held.starts} <= {new.ends})",
        f"{held.starts} IS NOT NULL AND {new.starts} IS NOT NULL",
    ]
    when = ""
    if constraint.condition is not None:
        overlap.append(f"({_condition(constraint.condition, model, editor, 'held')})")
        when = f" WHEN {_condition(constraint.condition, model, editor, 'NEW')}"
    return Statement(
        _TRIGGER,
        name=quote(f"{constraint.name}_{event}"),
        event=event.upper(),
        # Each statement has its own: Django renames them one by one.
        table=Table(model._meta.db_table, quote),
        when=when,
        message=editor.quote_value(TRIGGER_MESSAGE.format(name=constraint.name)),
        overlap=" AND ".join(overlap),
    )


@dataclass(frozen=True, slots=True)
class _Columns:
    """The quoted columns of a constraint, behind an alias where there is one."""

    keys: list[str]
    pk: str
    starts: str
    ends: str


def _columns(
    constraint: Overlap, model: Any, editor: BaseDatabaseSchemaEditor, alias: str = ""
) -> _Columns:
    def column(name: str) -> str:
        quoted = editor.quote_name(model._meta.get_field(name).column)
        return f"{alias}.{quoted}" if alias else quoted

    return _Columns(
        keys=[column(name) for name in constraint.fields],
        pk=column(model._meta.pk.name),
        starts=column(constraint.starts),
        ends=column(constraint.ends),
    )


def _range_of(column: str, field: Any) -> str:
    # Two texts with one hash of 64 bits would be taken for equal; that happens once in 10^19 pairs.
    number = f"hashtextextended({column}, 0)" if is_text(field) else column
    return f"int8range({number}, {number}, '[]')"


def _condition(
    condition: Q, model: Any, editor: BaseDatabaseSchemaEditor, alias: str | None
) -> str:
    """A condition as SQL with its values written in, its columns behind `alias`."""
    query = Query(model, alias_cols=alias is not None)
    where = query.build_where(condition)
    if alias is not None:
        # Fields of a remade table may still bear the old table's name: every name is replaced.
        columns = query._gen_cols([where])  # type: ignore[attr-defined]
        where = where.relabeled_clone({each.alias: alias for each in columns})
    compiler = query.get_compiler(connection=editor.connection)
    sql, params = where.as_sql(compiler, editor.connection)
    return str(sql % tuple(editor.quote_value(param) for param in params))
