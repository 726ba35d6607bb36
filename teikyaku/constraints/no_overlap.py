"""NoOverlap: two rows of one owner may not share a day. Refused by the database on both backends.

PostgreSQL gets an exclusion constraint (without btree_gist: `int8range(id, id, '[]')` stands for
equality). SQLite gets triggers: a trigger made by RunSQL would be lost when Django remakes the
table, so the statements are deferred each time the table is built.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db import DEFAULT_DB_ALIAS, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.backends.ddl_references import Statement, Table
from django.db.models import Q
from django.db.models.constraints import BaseConstraint
from django.db.models.sql.query import Query


class NoOverlap(BaseConstraint):
    """Rows with equal `fields` have periods that share no day. A null key never conflicts."""

    def __init__(
        self,
        *,
        fields: Sequence[str],
        name: str,
        starts: str = "starts_on",
        ends: str = "ends_on",
        condition: Q | None = None,
        violation_error_message: str | None = None,
        violation_error_code: str | None = "overlap",
    ) -> None:
        self.fields = tuple(fields)
        self.starts = starts
        self.ends = ends
        self.condition = condition
        super().__init__(
            name=name,
            violation_error_message=violation_error_message,
            violation_error_code=violation_error_code,
        )

    # --- SQL ------------------------------------------------------------------------------------

    def constraint_sql(self, model: Any, schema_editor: BaseDatabaseSchemaEditor) -> None:
        """Nothing inside CREATE TABLE; on every build of the table the statements are deferred."""
        for statement in self._statements(model, schema_editor):
            schema_editor.deferred_sql.append(statement)

    def create_sql(self, model: Any, schema_editor: BaseDatabaseSchemaEditor) -> Any:
        """The statement that adds the constraint to a table that stands."""
        *first, last = self._statements(model, schema_editor)
        for statement in first:
            schema_editor.execute(statement)
        return last

    def remove_sql(self, model: Any, schema_editor: BaseDatabaseSchemaEditor) -> Any:
        """The statement that takes it away."""
        quote = schema_editor.quote_name
        table = Table(model._meta.db_table, quote)
        if schema_editor.connection.vendor == "postgresql":
            return Statement(
                "ALTER TABLE %(table)s DROP CONSTRAINT %(name)s", table=table, name=quote(self.name)
            )
        schema_editor.execute(f"DROP TRIGGER IF EXISTS {quote(self.name + '_insert')}")
        return Statement("DROP TRIGGER IF EXISTS %(name)s", name=quote(self.name + "_update"))

    def _statements(self, model: Any, schema_editor: BaseDatabaseSchemaEditor) -> list[Statement]:
        if schema_editor.connection.vendor == "postgresql":
            return [self._exclusion(model, schema_editor)]
        return [self._trigger(model, schema_editor, event) for event in ("insert", "update")]

    def _exclusion(self, model: Any, schema_editor: BaseDatabaseSchemaEditor) -> Statement:
        quote = schema_editor.quote_name
        parts = [f"{self._key_range(model, name, quote)} WITH =" for name in self.fields]
        starts, ends = (quote(self._column(model, name)) for name in (self.starts, self.ends))
        parts.append(f"daterange({starts}, {ends}, '[]') WITH &&")
        where = self._condition_sql(model, schema_editor, "")
        return Statement(
            "ALTER TABLE %(table)s ADD CONSTRAINT %(name)s EXCLUDE USING gist (%(parts)s)%(where)s",
            table=Table(model._meta.db_table, quote),
            name=quote(self.name),
            parts=", ".join(parts),
            where=f" WHERE ({where})" if where else "",
        )

    def _key_range(self, model: Any, name: str, quote: Any) -> str:
        field = model._meta.get_field(name)
        column = quote(field.column)
        if isinstance(field, models.CharField):
            column = f"hashtextextended({column}, 0)"
        return f"int8range({column}, {column}, '[]')"

    def _trigger(
        self, model: Any, schema_editor: BaseDatabaseSchemaEditor, event: str
    ) -> Statement:
        quote = schema_editor.quote_name
        pk, starts, ends = (
            quote(self._column(model, name)) for name in (model._meta.pk.name, self.starts, self.ends)
        )
        keys = [quote(self._column(model, name)) for name in self.fields]
        same = " AND ".join(f"{key} = NEW.{key}" for key in keys)
        forever = "'9999-12-31'"
        overlap = (
            f"{starts} <= COALESCE(NEW.{ends}, {forever}) "
            f"AND COALESCE({ends}, {forever}) >= NEW.{starts}"
        )
        other = self._condition_sql(model, schema_editor, "")
        this = self._condition_sql(model, schema_editor, "NEW.")
        not_itself = f" AND {pk} <> NEW.{pk}" if event == "update" else ""
        return Statement(
            "CREATE TRIGGER %(name)s BEFORE %(event)s ON %(table)s FOR EACH ROW "
            "BEGIN SELECT RAISE(ABORT, '%(message)s') WHERE %(when)sEXISTS "
            "(SELECT 1 FROM %(table)s WHERE %(body)s); END",
            name=quote(f"{self.name}_{event}"),
            event=event.upper(),
            table=Table(model._meta.db_table, quote),
            message=f"overlap: {self.name}",
            when=f"({this}) AND " if this else "",
            body=f"{same} AND {overlap}{not_itself}" + (f" AND ({other})" if other else ""),
        )

    def _condition_sql(
        self, model: Any, schema_editor: BaseDatabaseSchemaEditor, prefix: str
    ) -> str:
        if self.condition is None:
            return ""
        query = Query(model=model, alias_cols=False)
        where = query.build_where(self.condition)
        compiler = query.get_compiler(connection=schema_editor.connection)
        sql, params = where.as_sql(compiler, schema_editor.connection)
        text = sql % tuple(schema_editor.quote_value(param) for param in params)
        if not prefix:
            return text
        for field in model._meta.concrete_fields:
            column = schema_editor.quote_name(field.column)
            text = text.replace(column, f"{prefix}{column}")
        return text

    @staticmethod
    def _column(model: Any, name: str) -> str:
        return model._meta.get_field(name).column

    # --- Validation -----------------------------------------------------------------------------

    def validate(
        self,
        model: Any,
        instance: models.Model,
        exclude: Any = None,
        using: str = DEFAULT_DB_ALIAS,
    ) -> None:
        """Raise ValidationError at the start field when another row's period shares a day."""
        names = {*self.fields, self.starts, self.ends}
        if exclude and names & set(exclude):
            return
        keys = {name: getattr(instance, model._meta.get_field(name).attname) for name in self.fields}
        starts, ends = getattr(instance, self.starts), getattr(instance, self.ends)
        if starts is None or any(value is None for value in keys.values()):
            return
        if self.condition and not self.condition.check(self._values(model, instance), using=using):
            return
        others = model._default_manager.using(using).filter(**keys)
        if self.condition:
            others = others.filter(self.condition)
        if not instance._state.adding and instance.pk is not None:
            others = others.exclude(pk=instance.pk)
        others = others.filter(Q(**{f"{self.ends}__isnull": True}) | Q(**{f"{self.ends}__gte": starts}))
        if ends is not None:
            others = others.filter(**{f"{self.starts}__lte": ends})
        if others.exists():
            raise ValidationError(
                {self.starts: ValidationError(self.get_violation_error_message(), self.violation_error_code)}
            )

    @staticmethod
    def _values(model: Any, instance: models.Model) -> dict[str, Any]:
        return {
            field.name: getattr(instance, field.attname) for field in model._meta.concrete_fields
        }

    # --- Migrations -----------------------------------------------------------------------------

    def deconstruct(self) -> tuple[str, tuple[()], dict[str, Any]]:
        """For migrations."""
        _path, args, kwargs = super().deconstruct()
        kwargs["fields"] = self.fields
        if self.starts != "starts_on":
            kwargs["starts"] = self.starts
        if self.ends != "ends_on":
            kwargs["ends"] = self.ends
        if self.condition is not None:
            kwargs["condition"] = self.condition
        return "teikyaku.constraints.NoOverlap", args, kwargs

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, NoOverlap):
            return NotImplemented
        return self.deconstruct() == other.deconstruct()

    __hash__ = None  # type: ignore[assignment]
