"""Erasing what belongs to a file: rows, what hangs on them, and what the histories kept of them.

A file is told as parts, counted for people before they decide, then erased in the same order. What
is counted and what goes can therefore not differ.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import models, transaction
from django.db.models.deletion import Collector

from teikyaku.frozen import FrozenModel, erase_frozen

Keys = Iterable[Any]


@dataclass(frozen=True, slots=True)
class Part:
    """Rows of one model: those whose `field` holds one of `keys`."""

    model: type[models.Model]
    field: str
    keys: tuple[Any, ...]
    chain: str = ""
    """A field by which rows refer to earlier ones of the same model: the newest go first."""

    @property
    def rows(self) -> models.QuerySet[Any]:
        """The rows, also those that the model's own manager leaves out."""
        return self.model._base_manager.filter(**{f"{self.field}__in": self.keys})

    @property
    def label(self) -> str:
        """What people call a row."""
        return str(self.model._meta.verbose_name)


@dataclass(frozen=True, slots=True)
class Count:
    """How many of a kind."""

    label: str
    count: int


def part(model: type[models.Model], field: str, keys: Keys, *, chain: str = "") -> Part:
    """A part of a file; `keys` are read at once, since rows that lead to them may go first."""
    return Part(model, field, tuple(keys), chain)


def ids_ever(model: type[models.Model], field: str, keys: Keys) -> list[Any]:
    """The keys of rows whose `field` holds one of `keys`, also of rows that are gone but in the history."""
    wanted = {f"{field}__in": tuple(keys)}
    found = set(model._base_manager.filter(**wanted).values_list("pk", flat=True))
    manager = getattr(model, "history", None)
    if manager is not None:
        found |= set(manager.filter(**wanted).values_list("id", flat=True))
    return sorted(found)


def counted(parts: Iterable[Part]) -> tuple[Count, ...]:
    """How many rows of each kind there are, in the order of the parts; kinds without rows are left out."""
    found: dict[str, set[Any]] = {}
    for each in parts:
        keys = found.setdefault(each.label, set())
        keys.update(each.rows.values_list("pk", flat=True))
    return tuple(Count(label, len(keys)) for label, keys in found.items() if keys)


def added(counts: Iterable[Count]) -> dict[str, int]:
    """Counts as they are stored: one number for each kind."""
    sums: dict[str, int] = {}
    for each in counts:
        sums[each.label] = sums.get(each.label, 0) + each.count
    return sums


@transaction.atomic
def erase_parts(parts: Iterable[Part], *, reason: str) -> None:
    """Erase the rows of each part, in their order, and every line of their histories.

    Raises ProtectedError where something that is no part of it still hangs on a row: then nothing
    goes, and nothing is left half erased.
    """
    for each in parts:
        keys = list(each.rows.values_list("pk", flat=True))
        for rows in _newest_first(each):
            _erase(rows, reason)
        erase_history(each.model, "id", keys)
        erase_history(each.model, each.field, each.keys)


def erase_history(model: type[models.Model], field: str, keys: Keys) -> None:
    """What the history of `model` kept of rows whose `field` held one of `keys`, erased rows too.

    Erasing a row writes a last line of its own, with all its values.
    """
    manager = getattr(model, "history", None)
    if manager is None:
        return
    name = "id" if field == "pk" else field
    manager.filter(**{f"{name}__in": tuple(keys)}).delete()


def erase_rows(model: type[models.Model], keys: Keys) -> None:
    """Rows with every line of their histories, many at once; what hangs on them as when they are deleted.

    Raises ProtectedError where something still hangs on one.
    """
    wanted = tuple(keys)
    rows = model._base_manager.filter(pk__in=wanted)
    if not _go_alone(rows):
        rows.delete()
    else:
        # No last line of each is written into the history only to be erased with it.
        rows._raw_delete(rows.db)
    erase_history(model, "id", wanted)


def _go_alone(rows: models.QuerySet[Any]) -> bool:
    """Whether nothing hangs on the rows. Raises ProtectedError where it may not go with them."""
    if issubclass(rows.model, FrozenModel):
        return False
    found = Collector(using=rows.db, origin=rows)
    found.collect(rows)
    return set(found.data) == {rows.model} and not found.field_updates and not found.fast_deletes


def _newest_first(part: Part) -> Iterator[models.QuerySet[Any]]:
    if not part.chain:
        yield part.rows
        return
    while part.rows.exists():
        referred = part.rows.filter(**{f"{part.chain}__isnull": False}).values(part.chain)
        yield part.model._base_manager.filter(
            pk__in=list(part.rows.exclude(pk__in=referred).values_list("pk", flat=True))
        )


def _erase(rows: models.QuerySet[Any], reason: str) -> None:
    if issubclass(rows.model, FrozenModel):
        erase_frozen(rows, reason=reason)
    else:
        rows.delete()


def words(counts: Mapping[str, int]) -> str:
    """Stored counts in a sentence: 面談・連絡 12、契約 1."""
    return "、".join(f"{label} {count}" for label, count in counts.items())
