"""Frozen rows: written once, never changed, erased only through one named door.

Closed months, issued papers and the audit trail are such rows: a mistake in one is mended by a new
row that refers to it. A digest over their values shows whether a row, or a restored backup, is
still what was written.
"""

from __future__ import annotations

import hashlib
import json
import logging
from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, NoReturn
from uuid import UUID

from django.core import checks
from django.db import models, transaction

from teikyaku.quick_rows import QuickRows

logger = logging.getLogger(__name__)

# Most of what a digest holds.
_AS_THEY_ARE = frozenset({str, int, bool, type(None)})
_KEEPS_ITS_ROWS = (models.PROTECT, models.RESTRICT)


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

    def bulk_create(self, *args: Any, **kwargs: Any) -> Any:
        """Insert; what would change a row that is there is refused."""
        if kwargs.get("update_conflicts"):
            self._refuse()
        return super().bulk_create(*args, **kwargs)


class FrozenModel(QuickRows):
    """A row that refuses save (once stored), update and delete, alone and by queryset.

    Its foreign keys protect what they point to: a cascade would erase, or empty, rows unasked.
    """

    objects = FrozenQuerySet.as_manager()

    class Meta:
        abstract = True

    def save(self, **kwargs: Any) -> None:
        """Insert. Raises FrozenRowError for a stored row."""
        if not self._state.adding:
            raise FrozenRowError(f"{type(self).__name__} is frozen")
        super().save(**{**kwargs, "force_insert": True})

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        """Raises FrozenRowError, always."""
        raise FrozenRowError(f"{type(self).__name__} is frozen")

    @classmethod
    def check(cls, **kwargs: Any) -> list[checks.CheckMessage]:
        """Django's checks, and that nothing can change the rows behind their back."""
        return [*super().check(**kwargs), *cls._check_frozen()]

    @classmethod
    def _check_frozen(cls) -> list[checks.CheckMessage]:
        found = [
            f"{field} must protect what it points to: {cls.__name__} is frozen"
            for field in cls._meta.local_fields
            if field.remote_field and field.remote_field.on_delete not in _KEEPS_ITS_ROWS
        ]
        if not isinstance(cls._default_manager.all(), FrozenQuerySet):
            found.append(f"the manager of {cls.__name__} must hand out a FrozenQuerySet")
        return [checks.Error(text, obj=cls, id="teikyaku.E003") for text in found]


@transaction.atomic
def erase_frozen(rows: models.QuerySet[Any], *, reason: str) -> int:
    """Erase frozen rows: the one door, for when the time of keeping is over (docs/rules.md §10).

    Rows that hang on others go first, by their own call. Returns how many rows went. The caller
    writes the reason into the audit trail; here it only must be there. Raises ValueError without
    a reason, TypeError for rows that are not frozen, ProtectedError while rows hang on these.
    """
    if not reason.strip():
        raise ValueError("erasing needs a reason")
    if not issubclass(rows.model, FrozenModel):
        raise TypeError(f"{rows.model.__name__} is not frozen: delete its rows the common way")
    erased, _by_model = models.QuerySet.delete(rows)
    # No reason here: people write names into reasons, and logs hold none.
    logger.info("erased frozen rows of %s", rows.model._meta.label, extra={"count": erased})
    return erased


def digest(value: Any) -> str:
    """SHA-256, in hex, over the canonical JSON of `value`. Raises TypeError as `canonical`."""
    return digest_of_canonical(canonical(value))


def digest_of_canonical(value: Any) -> str:
    """The same of what `canonical` has handed out: it is not spelled a second time."""
    text = json.dumps(
        value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False
    )
    return hashlib.sha256(text.encode()).hexdigest()


def canonical(value: Any) -> Any:
    """`value` in what JSON knows, one spelling for each meaning.

    11.2 and 11.200 are one Decimal, an instant is one in every time zone, a tuple is a list: what
    comes back from either database, or from a JSON column that holds this, has the same digest.
    Raises TypeError for floats, naive datetimes, sets and other things without one spelling.
    """
    if type(value) in _AS_THEY_ARE:
        return value
    match value:
        case None | bool() | int():
            return value
        case list() | tuple():
            return [each if type(each) in _AS_THEY_ARE else canonical(each) for each in value]
        case Mapping() if all(isinstance(key, str) for key in value):
            return {str.__str__(key): canonical(each) for key, each in value.items()}
    return _spelled(value)


def _spelled(value: Any) -> str:
    match value:
        case str():
            return str.__str__(value)
        case Decimal() if value.is_finite():
            return _plain(value)
        case datetime() if value.tzinfo is not None:
            return value.astimezone(UTC).isoformat(timespec="microseconds")
        case date() if not isinstance(value, datetime):
            return value.isoformat()
        case UUID():
            return str(value)
    raise TypeError(f"{type(value).__name__} has no one spelling for a digest")


def _plain(value: Decimal) -> str:
    # By text: normalize() would round to 28 digits.
    text = format(value, "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text == "-0" else text
