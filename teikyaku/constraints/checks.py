"""Small checks that many tables share: order of dates, facts that come together, first of month.

Each is a plain CHECK in the database. Before that, `full_clean` asks Python, without a query, and
puts the message at the one field that a person would correct.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db import DEFAULT_DB_ALIAS, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.models import F, Q


class FieldCheck(models.CheckConstraint):
    """A check over a few fields whose message stands at one of them, `field`."""

    field = ""
    # What the check is written with in a model, in the order of __init__.
    arguments: tuple[str, ...] = ()

    @property
    def places(self) -> tuple[str, ...]:
        """The fields where the message may stand, best place first."""
        return self.field, *(name for name in self.names() if name != self.field)

    def names(self) -> tuple[str, ...]:
        """The fields that the check reads, in the order in which `holds` takes their values."""
        raise NotImplementedError

    def holds(self, *values: Any) -> bool:
        """Whether a row with these values passes; the same answer as the CHECK."""
        raise NotImplementedError

    def validate(
        self,
        model: Any,
        instance: models.Model,
        exclude: Collection[str] | None = None,
        using: str = DEFAULT_DB_ALIAS,
    ) -> None:
        """Raise ValidationError at `field`; silent where a field is excluded or an expression."""
        if exclude and set(self.names()) & set(exclude):
            return
        values = [value_of(instance, model, name) for name in self.names()]
        if any(hasattr(value, "resolve_expression") for value in values):
            return
        if not self.holds(*values):
            message = self.get_violation_error_message()
            raise ValidationError(
                {self.field: ValidationError(message, code=self.violation_error_code)}
            )

    def deconstruct(self) -> tuple[str, Any, dict[str, Any]]:
        """For migrations: the arguments of the model, never the condition that they make."""
        _path, args, kwargs = super().deconstruct()
        del kwargs["condition"]
        if self.violation_error_code == type(self).violation_error_code:
            kwargs.pop("violation_error_code", None)
        kwargs.update({name: getattr(self, name) for name in self.arguments})
        return f"teikyaku.constraints.{type(self).__name__}", args, kwargs


class DateOrder(FieldCheck):
    """`first` <= `last`; an empty side passes. The message stands at `last`."""

    arguments = ("first", "last")
    violation_error_code = "date_order"

    def __init__(
        self, *, name: str, first: str = "starts_on", last: str = "ends_on", **messages: Any
    ) -> None:
        self.first, self.last, self.field = first, last, last
        condition = (
            Q(**{f"{first}__isnull": True})
            | Q(**{f"{last}__isnull": True})
            | Q(**{f"{last}__gte": F(first)})
        )
        super().__init__(condition=condition, name=name, **messages)

    def names(self) -> tuple[str, ...]:
        """Both sides."""
        return self.first, self.last

    def holds(self, *values: Any) -> bool:
        """Whether the order is kept."""
        first, last = values
        return first is None or last is None or first <= last


class FirstOfMonth(FieldCheck):
    """A month is stored as its first day; empty passes."""

    arguments = ("field",)
    violation_error_code = "first_of_month"

    def __init__(self, *, field: str, name: str, **messages: Any) -> None:
        self.field = field
        condition = Q(**{f"{field}__isnull": True}) | Q(**{f"{field}__day": 1})
        super().__init__(condition=condition, name=name, **messages)

    def names(self) -> tuple[str, ...]:
        """The one field."""
        return (self.field,)

    def holds(self, *values: Any) -> bool:
        """Whether it is the first of a month."""
        (month,) = values
        return month is None or month.day == 1

    def _get_check_sql(self, model: Any, schema_editor: BaseDatabaseSchemaEditor) -> str:
        """On SQLite in its own words: Django's `__day` is a function of Python's.

        A CHECK that needs Python would break `PRAGMA integrity_check` and the restore of a dump
        by the sqlite3 shell.
        """
        if schema_editor.connection.vendor != "sqlite":
            return super()._get_check_sql(model, schema_editor)  # type: ignore[misc, no-any-return]
        column = schema_editor.quote_name(model._meta.get_field(self.field).column)
        return f"{column} IS NULL OR substr({column}, 9, 2) = '01'"


class LastOfMarch(FieldCheck):
    """A day that ends a fiscal year is a March 31; empty passes."""

    arguments = ("field",)
    violation_error_code = "last_of_march"

    def __init__(self, *, field: str, name: str, **messages: Any) -> None:
        self.field = field
        day = Q(**{f"{field}__month": 3, f"{field}__day": 31})
        super().__init__(condition=Q(**{f"{field}__isnull": True}) | day, name=name, **messages)

    def names(self) -> tuple[str, ...]:
        """The one field."""
        return (self.field,)

    def holds(self, *values: Any) -> bool:
        """Whether it is a March 31."""
        (day,) = values
        return day is None or (day.month, day.day) == (3, 31)

    def _get_check_sql(self, model: Any, schema_editor: BaseDatabaseSchemaEditor) -> str:
        """On SQLite in its own words, as `FirstOfMonth` and for the same reason."""
        if schema_editor.connection.vendor != "sqlite":
            return super()._get_check_sql(model, schema_editor)  # type: ignore[misc, no-any-return]
        column = schema_editor.quote_name(model._meta.get_field(self.field).column)
        return f"{column} IS NULL OR substr({column}, 6, 5) = '03-31'"


class Together(FieldCheck):
    """All of `fields` are there, or none of them: what is decided has its day and its author.

    There means not null. The message stands at the first of them.
    """

    arguments = ("fields",)
    violation_error_code = "together"

    def __init__(self, *, fields: Sequence[str], name: str, **messages: Any) -> None:
        self.fields = tuple(fields)
        self.field = self.fields[0]
        condition = Q(**{f"{each}__isnull": True for each in self.fields}) | Q(
            **{f"{each}__isnull": False for each in self.fields}
        )
        super().__init__(condition=condition, name=name, **messages)

    def names(self) -> tuple[str, ...]:
        """All of them."""
        return self.fields

    def holds(self, *values: Any) -> bool:
        """Whether all are there, or none."""
        return len({value is None for value in values}) == 1


def value_of(instance: models.Model, model: Any, name: str) -> Any:
    """The value of field `name` as Python has it; of a foreign key the key."""
    field = model._meta.get_field(name)
    value = getattr(instance, field.attname)
    if value is None or hasattr(value, "resolve_expression"):
        return value
    return (field.target_field if field.is_relation else field).to_python(value)
