"""Rows and what hangs on them in one query, where two tables are small and a query more is dear."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, TypeVar

from django.db.models import F, Model, QuerySet

M = TypeVar("M", bound=Model)
_PREFIX = "child_"


def with_children(parents: QuerySet[M], relation: str, *order: str) -> QuerySet[M]:
    """`parents` in their order, each once for every child, and once where it has none.

    To be read through `folded` or `parents_with`. `order`: of the children of one parent, by their fields.
    """
    model = parents.model._meta.get_field(relation).related_model
    columns = {
        f"{_PREFIX}{field.attname}": F(f"{relation}__{field.attname}")
        for field in model._meta.concrete_fields  # type: ignore[union-attr]
    }
    within = [f"{relation}__{name}" for name in order]
    return parents.annotate(**columns).order_by(*parents.query.order_by, *within)


def parents_with(rows: Iterable[M], relation: str) -> list[tuple[M, list[Any]]]:
    """The parents, each once, with their children."""
    found: dict[Any, tuple[M, list[Any]]] = {}
    for row in rows:
        parent, children = found.setdefault(row.pk, (row, []))
        child = _child(row, relation)
        if child is not None:
            setattr(child, _relation(row, relation).remote_field.name, parent)
            children.append(child)
    return list(found.values())


def folded(rows: Iterable[M], relation: str) -> list[M]:
    """The same with the children at hand as after `prefetch_related`."""
    found = parents_with(rows, relation)
    for parent, children in found:
        _keep(parent, relation, children)
    return [parent for parent, _children in found]


def _child(row: Model, relation: str) -> Any:
    model: Any = _relation(row, relation).related_model
    names = [field.attname for field in model._meta.concrete_fields]
    values = [row.__dict__.pop(f"{_PREFIX}{name}") for name in names]
    known = dict(zip(names, values, strict=True))
    if known[model._meta.pk.attname] is None:
        return None
    return model.from_db(row._state.db, names, values)


def _keep(parent: Model, relation: str, children: list[Any]) -> None:
    """As `prefetch_related` keeps them: `parent.<relation>.all()` asks nothing."""
    rows = getattr(parent, relation).get_queryset()
    rows._result_cache, rows._prefetch_done = children, True
    cache: dict[str, Any] = parent.__dict__.setdefault("_prefetched_objects_cache", {})
    cache[_relation(parent, relation).cache_name] = rows


def _relation(row: Model, relation: str) -> Any:
    return row._meta.get_field(relation)
