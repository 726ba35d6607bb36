"""NoOverlap: rows of one owner do not share a day. The database refuses, on both backends."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any

from django.core import checks
from django.core.exceptions import ValidationError
from django.db import DEFAULT_DB_ALIAS, models
from django.db.backends.ddl_references import Statement, Table
from django.db.models import Q
from django.db.models.constraints import BaseConstraint
from django.utils.translation import gettext as _

from teikyaku import era
from teikyaku.constraints import overlap_sql
from teikyaku.constraints.checks import DateOrder, FirstOfMonth, value_of
from teikyaku.periods import Month


class NoOverlap(BaseConstraint):
    """Rows with equal `fields` (whole numbers, foreign keys or texts) share no day.

    Both ends are inclusive, an empty end is open. A row with an empty key or an empty start
    conflicts with none, nor does a row outside `condition`. For rows of months, name their fields:
    first days compare as months do. The model needs a DateOrder over the same two fields.
    """

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

    @property
    def places(self) -> tuple[str, ...]:
        """The fields where the message may stand, best place first."""
        return self.starts, self.ends

    # --- SQL ------------------------------------------------------------------------------------

    def constraint_sql(self, model: Any, schema_editor: Any) -> str:
        """For CREATE TABLE, also where SQLite creates a table anew to alter it."""
        if schema_editor.connection.vendor == "postgresql":
            return overlap_sql.exclusion(self, model, schema_editor)
        schema_editor.deferred_sql += overlap_sql.triggers(self, model, schema_editor)
        return ""

    def create_sql(self, model: Any, schema_editor: Any) -> Any:
        """Add to a table that stands. On SQLite Django creates the table anew and never asks."""
        if schema_editor.connection.vendor == "postgresql":
            return Statement(
                "ALTER TABLE %(table)s ADD %(constraint)s",
                table=Table(model._meta.db_table, schema_editor.quote_name),
                constraint=overlap_sql.exclusion(self, model, schema_editor),
            )
        *before, last = overlap_sql.triggers(self, model, schema_editor)
        for statement in before:
            schema_editor.execute(statement, params=None)
        return last

    def remove_sql(self, model: Any, schema_editor: Any) -> Any:
        """Take it away. On SQLite Django creates the table anew and never asks."""
        quote = schema_editor.quote_name
        if schema_editor.connection.vendor == "postgresql":
            return Statement(
                "ALTER TABLE %(table)s DROP CONSTRAINT %(name)s",
                table=Table(model._meta.db_table, quote),
                name=quote(self.name),
            )
        first, last = (
            Statement("DROP TRIGGER %(name)s", name=quote(name))
            for name in overlap_sql.trigger_names(self)
        )
        schema_editor.execute(first, params=None)
        return last

    # --- Checks of the model --------------------------------------------------------------------

    def _check(self, model: Any, connection: Any) -> list[checks.CheckMessage]:
        references = {(name,) for name in (*self.fields, self.starts, self.ends)}
        if self.condition is not None:
            references.update(model._get_expr_references(self.condition))
        if errors := self._check_references(model, references):  # type: ignore[attr-defined]
            return list(errors)
        return [*self._check_keys(model), *self._check_order(model)]

    def _check_keys(self, model: Any) -> list[checks.CheckMessage]:
        try:
            for name in self.fields:
                overlap_sql.is_text(model._meta.get_field(name))
        except TypeError as error:
            return [checks.Error(str(error), obj=model, id="teikyaku.E001")]
        return []

    def _check_order(self, model: Any) -> list[checks.CheckMessage]:
        # Without it PostgreSQL would answer a reversed period with an error that no page can show.
        sides = (self.starts, self.ends)
        if any(
            isinstance(each, DateOrder) and each.names() == sides
            for each in model._meta.constraints
        ):
            return []
        text = f"{self.name} needs DateOrder(first={sides[0]!r}, last={sides[1]!r}) beside it"
        return [checks.Error(text, obj=model, id="teikyaku.E002")]

    # --- Validation -----------------------------------------------------------------------------

    def validate(
        self,
        model: Any,
        instance: models.Model,
        exclude: Collection[str] | None = None,
        using: str = DEFAULT_DB_ALIAS,
    ) -> None:
        """Raise ValidationError at the start when another row's period shares a day.

        The message names that period and nothing else of the row. As with Django's constraints,
        nothing is checked where a field that takes part is excluded. One query, two at most.
        """
        if self._is_excluded(model, exclude):
            return
        values = {name: value_of(instance, model, name) for name in self.fields}
        starts, ends = (value_of(instance, model, name) for name in (self.starts, self.ends))
        known = (*values.values(), starts)
        if None in known or any(hasattr(each, "resolve_expression") for each in (*known, ends)):
            return
        if ends is not None and ends < starts:
            return  # the order of the dates is another constraint's message
        others = self._overlapping(model._base_manager.using(using).filter(**values), starts, ends)
        if not instance._state.adding:
            others = others.exclude(pk=instance.pk)
        found = others.order_by(self.starts).values_list(self.starts, self.ends).first()
        if found is None or not self._applies_to(model, instance, using):
            return
        message = f"{self.get_violation_error_message()}{self._period_in_words(model, *found)}"
        raise ValidationError(
            {self.starts: ValidationError(message, code=self.violation_error_code)}
        )

    def _is_excluded(self, model: Any, exclude: Collection[str] | None) -> bool:
        if not exclude:
            return False
        if {*self.fields, self.starts, self.ends} & set(exclude):
            return True
        return self.condition is not None and bool(
            self._expression_refs_exclude(  # type: ignore[attr-defined]
                model, self.condition, exclude
            )
        )

    def _overlapping(
        self, rows: models.QuerySet[Any], starts: date, ends: date | None
    ) -> models.QuerySet[Any]:
        rows = rows.filter(
            Q(**{f"{self.ends}__isnull": True}) | Q(**{f"{self.ends}__gte": starts}),
            **{f"{self.starts}__isnull": False},
        )
        if ends is not None:
            rows = rows.filter(**{f"{self.starts}__lte": ends})
        return rows if self.condition is None else rows.filter(self.condition)

    def _applies_to(self, model: Any, instance: Any, using: str) -> bool:
        if self.condition is None:
            return True
        against = instance._get_field_expression_map(meta=model._meta)
        return bool(self.condition.check(against, using=using))

    def _period_in_words(self, model: Any, starts: date, ends: date | None) -> str:
        is_month = any(
            isinstance(each, FirstOfMonth) and each.names() == (self.starts,)
            for each in model._meta.constraints
        )
        first, last = (
            "" if day is None else Month.of(day).label if is_month else era.both(day)
            for day in (starts, ends)
        )
        if not last:
            return _("重なる期間：%(first)sから、終わりはまだありません。") % {"first": first}
        return _("重なる期間：%(first)sから%(last)sまで。") % {"first": first, "last": last}

    # --- Migrations -----------------------------------------------------------------------------

    def deconstruct(self) -> tuple[str, Any, dict[str, Any]]:
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

    def __repr__(self) -> str:
        _path, _args, kwargs = self.deconstruct()
        return f"NoOverlap({', '.join(f'{name}={value!r}' for name, value in kwargs.items())})"
