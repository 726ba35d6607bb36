"""Small checks that many tables share: order of dates, facts that come together, first of month."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db import DEFAULT_DB_ALIAS, models
from django.db.models import F, Q


class FieldCheck(models.CheckConstraint):
    """A check whose message stands at one field instead of above the form."""

    field = ""

    def validate(
        self,
        model: Any,
        instance: models.Model,
        exclude: Any = None,
        using: str = DEFAULT_DB_ALIAS,
    ) -> None:
        """As CheckConstraint, with the error at `field`."""
        try:
            super().validate(model, instance, exclude=exclude, using=using)
        except ValidationError as error:
            raise ValidationError({self.field: error}) from error


class DateOrder(FieldCheck):
    """`first` <= `last`; an empty side passes."""

    def __init__(
        self, *, name: str, first: str = "starts_on", last: str = "ends_on", **messages: Any
    ) -> None:
        self.first, self.last, self.field = first, last, last
        condition = (
            Q(**{f"{first}__isnull": True}) | Q(**{f"{last}__isnull": True})
            | Q(**{f"{last}__gte": F(first)})
        )  # fmt: skip
        super().__init__(condition=condition, name=name, **messages)

    def deconstruct(self) -> tuple[str, Any, dict[str, Any]]:
        """For migrations."""
        _path, args, kwargs = super().deconstruct()
        kwargs.pop("condition")
        kwargs.update(first=self.first, last=self.last)
        return "teikyaku.constraints.DateOrder", args, kwargs


class FirstOfMonth(FieldCheck):
    """A month is stored as its first day."""

    def __init__(self, *, field: str, name: str, **messages: Any) -> None:
        self.field = field
        condition = Q(**{f"{field}__isnull": True}) | Q(**{f"{field}__day": 1})
        super().__init__(condition=condition, name=name, **messages)

    def deconstruct(self) -> tuple[str, Any, dict[str, Any]]:
        """For migrations."""
        _path, args, kwargs = super().deconstruct()
        kwargs.pop("condition")
        kwargs["field"] = self.field
        return "teikyaku.constraints.FirstOfMonth", args, kwargs


class Together(FieldCheck):
    """All of `fields` are there, or none of them."""

    def __init__(self, *, fields: Sequence[str], name: str, **messages: Any) -> None:
        self.fields = tuple(fields)
        self.field = self.fields[0]
        condition = Q(**{f"{name}__isnull": True for name in self.fields}) | Q(
            **{f"{name}__isnull": False for name in self.fields}
        )
        super().__init__(condition=condition, name=name, **messages)

    def deconstruct(self) -> tuple[str, Any, dict[str, Any]]:
        """For migrations."""
        _path, args, kwargs = super().deconstruct()
        kwargs.pop("condition")
        kwargs["fields"] = self.fields
        return "teikyaku.constraints.Together", args, kwargs
