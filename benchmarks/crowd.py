"""A crowd: the people of the demo city copied with everything on file, straight into the tables.

For measuring only: no action runs, so that 20,000 people come in minutes, not hours.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import count
from typing import Any

from django.apps import apps
from django.db import models

from clients.models import Client, Enrolment, RecipientNumber
from teikyaku.accounts.models import Office
from teikyaku.ids import new_public_id

APPS = ("clients", "plans")
NUMBERS = count(5_000_000_000)
BATCH = 500


def copy_people(office: Office, wanted: int) -> int:
    """Copy the office's people until it has `wanted` of them; returns how many it has."""
    originals = list(Client.objects.filter(enrolments__office=office).distinct().order_by("pk"))
    kinds = _kinds_in_order()
    rows = {kind: list(_rows_of(kind, originals)) for kind in kinds}
    have = len(originals)
    while have < wanted:
        have += _copy_all(kinds, rows, wanted - have)
    return have


def _copy_all(
    kinds: list[type[models.Model]], rows: dict[type[models.Model], list[Any]], missing: int
) -> int:
    """One copy of everybody (of `missing` people at most)."""
    people = {row.pk for row in rows[Client][:missing]}
    copies: dict[tuple[type[models.Model], int], int] = {}
    for kind in kinds:
        fresh, olds = [], []
        for row in rows[kind]:
            if kind is Client and row.pk not in people:
                continue
            copy = _copy(row, copies)
            if copy is not None:
                fresh.append(copy)
                olds.append(row.pk)
        made = kind._default_manager.bulk_create(fresh, batch_size=BATCH)
        copies |= {(kind, old): new.pk for old, new in zip(olds, made, strict=True)}
    return len(people)


def _copy(row: Any, copies: dict[tuple[type[models.Model], int], int]) -> Any:
    """The row anew, hanging on copies; None when what it hangs on was not copied."""
    kind = type(row)
    values = {}
    for field in kind._meta.concrete_fields:
        value = getattr(row, field.attname)
        target = field.related_model
        if field.primary_key:
            continue
        if isinstance(target, type) and target._meta.app_label in APPS and value is not None:
            if target is kind:
                return None  # a corrected note: the copy needs no past
            if target in _own():
                if (target, value) not in copies:
                    return None
                value = copies[target, value]
        elif field.name == "public_id":
            value = new_public_id()
        values[field.attname] = value
    if kind is RecipientNumber:
        values["number"] = str(next(NUMBERS))
    return kind(**values)


def _rows_of(kind: type[models.Model], people: list[Client]) -> Iterable[Any]:
    path = _path_to_client(kind)
    keys = [row.pk for row in people]
    return kind._default_manager.filter(**{f"{path}__in": keys}).order_by("pk").distinct()


def _path_to_client(kind: type[models.Model]) -> str:
    if kind is Client:
        return "pk"
    for field in kind._meta.concrete_fields:
        target = field.related_model
        if target is Client:
            return field.name
        if target in _own() and target is not kind:
            return f"{field.name}__{_path_to_client(target)}"
    raise TypeError(f"{kind.__name__} belongs to no person")


def _own() -> set[Any]:
    """What belongs to a person; shared rows (organisations, settings) stay one."""
    return set(_kinds_in_order())


_ORDER: list[type[models.Model]] = []


def _kinds_in_order() -> list[type[models.Model]]:
    """Everything that hangs on a person, each after what it hangs on."""
    if _ORDER:
        return _ORDER
    waiting = [
        model
        for app in APPS
        for model in apps.get_app_config(app).get_models()
        if "historical" not in model.__name__.lower()
    ]
    found: list[type[models.Model]] = [Client]
    while True:
        ready = [
            model
            for model in waiting
            if model not in found
            and any(f.related_model in found for f in model._meta.concrete_fields)
            and all(
                f.related_model in found or f.related_model is model
                for f in model._meta.concrete_fields
                if f.related_model in waiting and not f.null and _hangs(f.related_model, waiting)
            )
        ]
        if not ready:
            break
        found += ready
    _ORDER.extend(found)
    return _ORDER


def _hangs(model: Any, waiting: list[type[models.Model]]) -> bool:
    return model is Client or any(
        f.related_model is Client or f.related_model is Enrolment
        for f in model._meta.concrete_fields
    )
