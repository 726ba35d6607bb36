"""What was on file of somebody at a moment: as it was written then, whatever was put right since."""

from __future__ import annotations

from datetime import datetime
from typing import Any, TypeVar

from django.db import models

M = TypeVar("M", bound=models.Model)


def known_before(model: type[M], moment: datetime, **about: Any) -> list[M]:
    """The rows as they stood just before `moment`, in the model's order (one query).

    `about` are conditions on the rows, such as `client=…`. From the field history: what was
    changed or deleted later stands as it was, what was written later is not there.
    """
    stood: dict[int, M] = {}
    history: Any = model.history  # type: ignore[attr-defined]
    rows = history.filter(history_date__lt=moment, **about)
    for row in rows.order_by("history_date", "history_id"):
        if row.history_type == "-":
            stood.pop(row.id, None)
        else:
            stood[row.id] = row.instance
    order = [str(name) for name in model._meta.ordering or ["pk"]]
    return sorted(stood.values(), key=lambda row: [getattr(row, name) for name in order])
