"""Frozen rows: written once, never changed, erased only through one named door."""

from __future__ import annotations

import hashlib
import json
from typing import Any, NoReturn

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models


class FrozenRowError(TypeError):
    """Somebody tried to change what is frozen: a programming mistake, never user input."""


class FrozenQuerySet(models.QuerySet[Any]):
    """Inserts and reads only."""

    def _refuse(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise FrozenRowError(f"{self.model.__name__} is frozen; write a new row that refers to it")

    update = _refuse
    bulk_update = _refuse
    delete = _refuse
    update_or_create = _refuse


class FrozenModel(models.Model):
    """A row that refuses save (once stored), update and delete."""

    objects = FrozenQuerySet.as_manager()

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Insert; a stored row is refused."""
        if not self._state.adding:
            raise FrozenRowError(f"{type(self).__name__} is frozen")
        super().save(*args, **{**kwargs, "force_insert": True})

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        """Refused."""
        raise FrozenRowError(f"{type(self).__name__} is frozen")


def erase_frozen(rows: models.QuerySet[Any], *, reason: str) -> int:
    """The one door through which frozen rows leave: deliberate erasure with its reason."""
    if not reason.strip():
        raise ValueError("erasing needs a reason")
    deleted, _by_model = models.QuerySet.delete(rows)
    return deleted


def digest(value: Any) -> str:
    """SHA-256 over canonical JSON: the same values give the same digest on every machine."""
    text = json.dumps(
        value, cls=DjangoJSONEncoder, ensure_ascii=False, sort_keys=True, separators=(",", ":")
    )
    return hashlib.sha256(text.encode()).hexdigest()
