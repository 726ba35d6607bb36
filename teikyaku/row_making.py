"""Rows of a kept question as model instances: what to make of which column is worked out once.

Django works it out at every reading: a fifth of a millisecond for each question, and a page asks twenty.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import JSONField, QuerySet
from django.db.models.query import ModelIterable, get_related_populators
from django.db.models.sql.compiler import SQLCompiler

# What SQLite hands out in text, thousands of times: as Django's converter reads it, without its questions.
_QUICK: Mapping[str, Callable[[str], Any]] = {"DateField": date.fromisoformat, "UUIDField": UUID}

Converters = Mapping[int, tuple[Sequence[Callable[..., Any]], Any]]


class Spelled(dict[Any, Any]):
    """What the values of one column mean: many rows hold few days, and each is worked out once."""

    def __init__(
        self, functions: Sequence[Callable[..., Any]], expression: Any, connection: Any
    ) -> None:
        self.functions, self.expression, self.connection = functions, expression, connection
        kind = expression.output_field.get_internal_type() if len(functions) == 1 else ""
        self.quick = _QUICK.get(kind)

    def __missing__(self, raw: Any) -> Any:
        quick = self.quick
        value = self[raw] = quick(raw) if quick and type(raw) is str else self.anew(raw)
        return value

    def anew(self, raw: Any) -> Any:
        """The value in Python, an object of its own."""
        value = raw
        for function in self.functions:
            value = function(value, self.expression, self.connection)
        return value

    def own(self, raw: Any) -> Any:
        """The same of what is in JSON, where most rows hold one of a few lists of words."""
        value = self[raw]
        if type(value) is list and all(type(each) is str for each in value):
            return list(value)
        return self.anew(raw) if isinstance(value, list | dict) else value

    def of_column(self, *, own: bool) -> Callable[[Any], Any]:
        """How to spell a value; `own`: what is in JSON may be changed by who reads it, and is not shared."""
        may_change = own and isinstance(self.expression.output_field, JSONField)
        return self.own if may_change else self.__getitem__


def makes_plain_instances(queryset: QuerySet[Any]) -> bool:
    """Whether each row is one instance with what was joined, and nothing is fetched or set beside it."""
    # Django's own attributes, which have no public names.
    rows: Any = queryset
    beside = rows._prefetch_related_lookups or rows._known_related_objects
    return rows._iterable_class is ModelIterable and not beside


class InstanceMaker:
    """What to make of the columns of one question, read from one database.

    `compiler`: of a queryset that `makes_plain_instances`, its SQL made.
    """

    def __init__(self, compiler: SQLCompiler, converters: Converters, alias: str) -> None:
        klass: Any = compiler.klass_info
        fields = klass["select_fields"]
        self.alias, self.model = alias, klass["model"]
        self.first, self.end = fields[0], fields[-1] + 1
        columns: list[Any] = list(compiler.select[self.first : self.end])
        self.names = [column[0].target.attname for column in columns]
        joined: Any = get_related_populators  # another number of arguments in the next Django
        self.joined = joined(klass, compiler.select, alias)
        self.annotations = tuple((compiler.annotation_col_map or {}).items())
        self.converters = [
            (place, functions, expression) for place, (functions, expression) in converters.items()
        ]

    def made(self, rows: Iterable[tuple[Any, ...]], connection: Any) -> list[Any]:
        """The instances of these rows of the database, in their order."""
        spelling = [
            (place, Spelled(functions, expression, connection).of_column(own=True))
            for place, functions, expression in self.converters
        ]
        return [self._instance(row, spelling) for row in rows]

    def _instance(
        self, row: tuple[Any, ...], spelling: list[tuple[int, Callable[[Any], Any]]]
    ) -> Any:
        values = list(row)
        for place, spelled in spelling:
            values[place] = spelled(values[place])
        found = self.model.from_db(self.alias, self.names, values[self.first : self.end])
        for joined in self.joined:
            joined.populate(values, found)
        for name, place in self.annotations:
            setattr(found, name, values[place])
        return found
