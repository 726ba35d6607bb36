"""Where the time of a page goes: the database, the ORM around it, the templates, everything else.

For measuring only: the functions at the borders are wrapped for a while, each counts its own time
without what it calls of the others. The clock itself costs a little; the shares are what counts.
"""

from __future__ import annotations

import functools
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any
from unittest.mock import patch

from django.db import connection
from django.db.models.query import QuerySet
from django.db.models.sql.compiler import SQLCompiler
from django.template.base import Template
from django.template.loader_tags import IncludeNode

# Building a query, compiling it, making objects of its rows.
_ORM = {
    QuerySet: ("_fetch_all", "_filter_or_exclude", "aggregate", "annotate", "count", "exists",
               "get", "select_related"),
    SQLCompiler: ("execute_sql",),
}  # fmt: skip


class _Shares:
    """Own seconds by kind; a stack knows what the inner kinds took."""

    def __init__(self) -> None:
        self.seconds: Counter[str] = Counter()
        self.includes = 0
        self._inner: list[float] = []

    def timed(self, kind: str, job: Callable[[], Any]) -> Any:
        began = time.perf_counter()
        self._inner.append(0.0)
        try:
            return job()
        finally:
            spent = time.perf_counter() - began
            self.seconds[kind] += spent - self._inner.pop()
            if self._inner:
                self._inner[-1] += spent

    def wrapped(self, kind: str, function: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(function)
        def inner(*args: Any, **kwargs: Any) -> Any:
            return self.timed(kind, lambda: function(*args, **kwargs))

        return inner

    def query(self, execute: Any, sql: Any, params: Any, many: Any, context: Any) -> Any:
        return self.timed("sql", lambda: execute(sql, params, many, context))


@contextmanager
def _watched() -> Iterator[_Shares]:
    shares = _Shares()
    render = IncludeNode.render

    def counted(self: Any, context: Any) -> Any:
        shares.includes += 1
        return render(self, context)

    with ExitStack() as stack:
        for owner, names in _ORM.items():
            for name in names:
                function = shares.wrapped("orm", getattr(owner, name))
                stack.enter_context(patch.object(owner, name, function))
        template = shares.wrapped("template", Template.render)
        stack.enter_context(patch.object(Template, "render", template))
        stack.enter_context(patch.object(IncludeNode, "render", counted))
        stack.enter_context(connection.execute_wrapper(shares.query))
        yield shares


def where_of(visit: Callable[[], Any], turns: int) -> dict[str, float]:
    """Milliseconds of one visit by kind, and how many templates it includes."""
    with _watched() as shares:
        began = time.perf_counter()
        for _turn in range(turns):
            visit()
        total = time.perf_counter() - began
    found = {kind: shares.seconds[kind] for kind in ("sql", "orm", "template")}
    found["python"] = total - sum(found.values())
    spent = {f"{kind}_ms": round(each / turns * 1000, 1) for kind, each in found.items()}
    return {**spent, "includes": shares.includes // turns}
