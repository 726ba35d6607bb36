"""OneLine: rows of one key stand behind each other, and one at most of them counts.

Closed months are never changed: a correction is a further row. The numbers of a key are unique;
a row with a higher number is taken only where the row before it is the one that it replaces, or
says itself that it counts for nothing. So whoever writes has seen the last row, also under two
writers, and no two rows of a key count.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from django.db import DEFAULT_DB_ALIAS, models
from django.db.backends.ddl_references import Statement, Table
from django.db.models.constraints import BaseConstraint

# What a trigger says on SQLite; teikyaku.constraints.violations reads it.
TRIGGER_MESSAGE = "line: {name}"

_RIGHT = (
    "EXISTS (SELECT 1 FROM %(table)s AS held WHERE {same} AND held.{number} = NEW.{number} - 1 "
    "AND (held.{pk} = NEW.{replaces} OR held.{ended})) "
    "AND (NEW.{replaces} IS NULL OR EXISTS (SELECT 1 FROM %(table)s AS held "
    "WHERE held.{pk} = NEW.{replaces} AND {same} AND {own}))"
)
_SQLITE = (
    "CREATE TRIGGER %(name)s AFTER INSERT ON %(table)s FOR EACH ROW WHEN NEW.{number} > 1 "
    "AND NOT ({right}) BEGIN SELECT RAISE(ABORT, %(message)s); END"
)
_POSTGRESQL = (
    "CREATE OR REPLACE FUNCTION %(name)s() RETURNS trigger LANGUAGE plpgsql AS $line$ BEGIN "
    "IF NOT ({right}) THEN RAISE EXCEPTION USING ERRCODE = '23514', MESSAGE = %(message)s, "
    "CONSTRAINT = %(plain)s, TABLE = TG_TABLE_NAME; END IF; RETURN NEW; END $line$"
)
_POSTGRESQL_TRIGGER = (
    "CREATE TRIGGER %(name)s BEFORE INSERT ON %(table)s FOR EACH ROW WHEN (NEW.{number} > 1) "
    "EXECUTE FUNCTION %(name)s()"
)


class OneLine(BaseConstraint):
    """Rows with equal `fields` are numbered by `number` from 1, without a gap under one writer.

    `replaces` points to an earlier row of the same `fields` and the same `own`; `ended` is the flag
    of a row that counts for nothing. The model keeps (fields, number) and `replaces` unique.
    """

    def __init__(
        self,
        *,
        fields: Sequence[str],
        own: str,
        number: str,
        replaces: str,
        ended: str,
        name: str,
        violation_error_message: str | None = None,
        violation_error_code: str | None = "line",
    ) -> None:
        self.fields, self.own = tuple(fields), own
        self.number, self.replaces, self.ended = number, replaces, ended
        super().__init__(
            name=name,
            violation_error_message=violation_error_message,
            violation_error_code=violation_error_code,
        )

    def constraint_sql(self, model: Any, schema_editor: Any) -> str:
        """For CREATE TABLE, also where SQLite creates a table anew to alter it."""
        schema_editor.deferred_sql += self._statements(model, schema_editor)
        return ""

    def create_sql(self, model: Any, schema_editor: Any) -> Any:
        """Add to a table that stands. On SQLite Django creates the table anew and never asks."""
        *before, last = self._statements(model, schema_editor)
        for statement in before:
            schema_editor.execute(statement, params=None)
        return last

    def remove_sql(self, model: Any, schema_editor: Any) -> Any:
        """Take it away. On SQLite Django creates the table anew and never asks."""
        quote = schema_editor.quote_name
        table = Table(model._meta.db_table, quote)
        if schema_editor.connection.vendor != "postgresql":
            return Statement("DROP TRIGGER %(name)s", name=quote(self.name))
        drop = Statement("DROP TRIGGER %(name)s ON %(table)s", name=quote(self.name), table=table)
        schema_editor.execute(drop, params=None)
        return Statement("DROP FUNCTION %(name)s()", name=quote(self.name))

    def _statements(self, model: Any, editor: Any) -> list[Statement]:
        quote, is_postgresql = editor.quote_name, editor.connection.vendor == "postgresql"

        def column(name: str) -> str:
            return str(quote(model._meta.get_field(name).column))

        columns = {
            "pk": column(model._meta.pk.name),
            "number": column(self.number),
            "replaces": column(self.replaces),
            "ended": column(self.ended),
            "same": " AND ".join(f"held.{column(n)} = NEW.{column(n)}" for n in self.fields),
            "own": f"held.{column(self.own)} = NEW.{column(self.own)}",
        }
        right = _RIGHT.format(**columns)
        templates = (_POSTGRESQL, _POSTGRESQL_TRIGGER) if is_postgresql else (_SQLITE,)
        return [
            Statement(
                template.format(right=right, **columns),
                name=quote(self.name),
                plain=editor.quote_value(self.name),
                message=editor.quote_value(TRIGGER_MESSAGE.format(name=self.name)),
                # Each statement has its own: Django renames them one by one.
                table=Table(model._meta.db_table, quote),
            )
            for template in templates
        ]

    def validate(
        self,
        model: Any,
        instance: models.Model,
        exclude: Collection[str] | None = None,
        using: str = DEFAULT_DB_ALIAS,
    ) -> None:
        """Silent: only the database sees what others write at the same moment."""

    def deconstruct(self) -> tuple[str, Any, dict[str, Any]]:
        """For migrations."""
        _path, args, kwargs = super().deconstruct()
        names = ("fields", "own", "number", "replaces", "ended")
        kwargs.update({name: getattr(self, name) for name in names})
        return "teikyaku.constraints.OneLine", args, kwargs

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, OneLine):
            return NotImplemented
        return self.deconstruct() == other.deconstruct()

    __hash__ = None  # type: ignore[assignment]
