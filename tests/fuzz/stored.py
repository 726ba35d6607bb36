"""What one request has stored, and whether it makes sense."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import connection, models
from django.db.models.signals import post_save

EARLIEST, LATEST = date(1868, 10, 23), date(2199, 12, 31)
_WRITES = re.compile(r'^\s*INSERT INTO "?(\w+)"?', re.IGNORECASE)
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff]")
# Written beside what was asked for, also where it is refused: who read or tried it.
BESIDE = (
    "accounts_auditevent",
    "django_session",
    "cache",
    "accounts_jobrun",
)
# Derived: empty where a contact has no words, where no meeting is due.
DERIVED = ("plans_notetext", "plans_interviewdue")
# A mail that was taken back has lost its words.
EMPTIED = {"accounts.OutboxMail": {"body"}}


class Stored:
    """The rows of one request, by the tables it wrote to and the instances it saved."""

    def __init__(self, highest: dict[str, int]) -> None:
        self.highest = highest
        self.tables: set[str] = set()
        self.saved: list[models.Model] = []

    def __call__(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        found = execute(sql, params, many, context)
        if match := _WRITES.match(sql):
            self.tables.add(match[1])
        return found

    def note(self, sender: Any, instance: models.Model, **_more: Any) -> None:
        if sender._meta.db_table not in (*BESIDE, *DERIVED):
            self.saved.append(instance)

    @property
    def new(self) -> list[models.Model]:
        """Every row that was not there before, but for histories and what is written beside."""
        found: list[models.Model] = []
        for model in apps.get_models():
            table = model._meta.db_table
            if (
                table in self.tables - {*DERIVED}
                and table in self.highest
                and not _is_history(model)
            ):
                found += model._base_manager.filter(pk__gt=self.highest[table]).order_by("pk")[:20]
        return found

    @property
    def changed(self) -> Iterator[models.Model]:
        """What was saved as it stands now; what a look took back is left out."""
        for row in self.saved:
            if not _is_history(row):
                yield from type(row)._base_manager.filter(pk=row.pk)

    def nonsense(self) -> Iterator[str]:
        """In words, what no row should hold."""
        for row in {(row._meta.label, row.pk): row for row in (*self.new, *self.changed)}.values():
            name = row._meta.label
            yield from (f"{name}.{field}" for field in _strange(row))
            try:
                row.full_clean(exclude=EMPTIED.get(name))
            except ValidationError as error:
                told = getattr(error, "message_dict", {"": error.messages})
                yield from (f"{name}.{field}: {words[0]}" for field, words in told.items())


def _is_history(model: Any) -> bool:
    return hasattr(model, "history_id") or "history_id" in {f.name for f in model._meta.fields}


def _strange(row: models.Model) -> Iterator[str]:
    for field in row._meta.concrete_fields:
        value = getattr(row, field.attname)
        day = value.date() if hasattr(value, "date") else value
        if isinstance(day, date) and not EARLIEST <= day <= LATEST:
            yield f"{field.name} {day}"
        if isinstance(value, str) and _UNPRINTABLE.search(value):
            yield f"{field.name} {_UNPRINTABLE.search(value)[0]!r}"  # type: ignore[index]


def highest_keys() -> dict[str, int]:
    """The last key of each table whose rows have numbers."""
    return {
        model._meta.db_table: model._base_manager.aggregate(last=models.Max("pk"))["last"] or 0
        for model in apps.get_models()
        if isinstance(model._meta.pk, models.AutoField | models.BigAutoField)
        and model._meta.db_table not in BESIDE
    }


@contextmanager
def watched(highest: dict[str, int]) -> Iterator[Stored]:
    """What is stored inside the block."""
    stored = Stored(highest)
    post_save.connect(stored.note, weak=False, dispatch_uid="fuzz")
    try:
        with connection.execute_wrapper(stored):
            yield stored
    finally:
        post_save.disconnect(dispatch_uid="fuzz")
