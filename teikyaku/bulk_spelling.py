"""How the values of many rows go to the database: field by field, each kind of value looked at once."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from itertools import chain, groupby
from typing import Any
from uuid import UUID

from django.db import connection, models


class Spelling:
    """How the values of a model's rows go to the database, field by field."""

    def __init__(self, model: type[models.Model]) -> None:
        self.model = model
        self.fields = [each for each in model._meta.local_concrete_fields if not each.primary_key]
        self.columns = [_Column(each) for each in self.fields]
        self.sources: dict[tuple[str, ...], list[str | None]] = {}

    def of(self, rows: Sequence[Mapping[str, Any]]) -> list[list[Any]]:
        """The values of the rows, field by field."""
        alike = [self._of_alike(names, list(same)) for names, same in groupby(rows, key=tuple)]
        return [list(chain.from_iterable(column)) for column in zip(*alike, strict=True)]

    def _of_alike(self, names: tuple[str, ...], rows: list[Mapping[str, Any]]) -> list[list[Any]]:
        """As `of` for rows that bring the same names."""
        sources = self.sources.get(names) or self._sources(names)
        return [
            column.defaults(len(rows)) if name is None else column.all([row[name] for row in rows])
            for column, name in zip(self.columns, sources, strict=True)
        ]

    def place(self, name: str) -> int:
        """Where the field of this name stands."""
        return [each.name for each in self.fields].index(name)

    def _sources(self, names: tuple[str, ...]) -> list[str | None]:
        """By field: under which name rows with these names bring it; None: they leave it out."""
        known = {name: each for each in self.fields for name in (each.name, each.attname)}
        if unknown := sorted(name for name in names if name not in known):
            raise TypeError(f"{self.model.__name__} rows cannot set {', '.join(unknown)}")
        given = {known[name].name: name for name in names}
        self.sources[names] = [given.get(each.name) for each in self.fields]
        return self.sources[names]


class _Column:
    """A field's values as the database takes them; of the types that repeat, each worked out once."""

    REPEATED = frozenset({bool, date, datetime, Decimal, type(None)})

    def __init__(self, field: Any) -> None:
        self.field = field
        self.plain = {_plain_type(field), type(None)}
        self.known = _Known(self._spelled)
        self.is_hex = type(field) is models.UUIDField and connection.vendor == "sqlite"

    def defaults(self, count: int) -> list[Any]:
        """The values of so many rows that leave the field out."""
        field = self.field
        if field.has_default() and callable(field.default):  # each has its own
            return self.all([field.get_default() for _row in range(count)])
        return [self.of(field.get_default())] * count

    def all(self, values: list[Any]) -> list[Any]:
        """Many values of the field: of most fields they go as they are."""
        kinds = set(map(type, values))
        if kinds <= self.plain:
            return values
        if kinds <= self.REPEATED:
            return list(map(self.known.__getitem__, values))
        if self.is_hex and kinds == {UUID}:
            return [each.hex for each in values]
        return list(map(self.of, values))

    def of(self, value: Any) -> Any:
        """Any value of the field."""
        if type(value) in self.plain:
            return value  # a member of an enumeration is none
        return self.known[value] if type(value) in self.REPEATED else self._spelled(value)

    def _spelled(self, value: Any) -> Any:
        if isinstance(value, models.Model):
            value = getattr(value, self.field.target_field.attname)
        return self.field.get_db_prep_save(value, connection)


class _Known(dict[Any, Any]):
    """How values are spelled, each worked out when it is first asked for."""

    def __init__(self, spell: Callable[[Any], Any]) -> None:
        self.spell = spell

    def __missing__(self, value: Any) -> Any:
        self[value] = self.spell(value)
        return self[value]


def _plain_type(field: Any) -> type | None:
    """The type of which a field's values go to the database as they are; None: each is prepared."""
    while field.is_relation:
        field = field.target_field
    if isinstance(field, models.IntegerField):
        return int
    return str if type(field) in (models.CharField, models.TextField) else None
