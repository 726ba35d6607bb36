"""Saving a fact: validated, with history dated by `at`, and an audit line."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import models

from teikyaku.accounts.actions.audit import audit
from teikyaku.accounts.models import Membership

M = TypeVar("M", bound=models.Model)


def save_record(
    row: M,
    *,
    verb: str,
    by: Membership,
    at: datetime,
    person_id: UUID | None = None,
    fields: tuple[str, ...] = (),
    reason: str = "",
) -> M:
    """Validate and store `row` with its history and audit line; call inside an atomic action.

    New rows of RecordedModel get `recorded_by` and `recorded_at`; history rows get their date from
    `at`. Raises ValidationError with messages at the fields when the row or a constraint says no.
    """
    if row._state.adding and hasattr(row, "recorded_at"):
        row.recorded_by = by  # type: ignore[attr-defined]
        row.recorded_at = at
    validate(row)
    row._history_date = at  # type: ignore[attr-defined]
    row._history_user = by.user  # type: ignore[attr-defined]
    row._change_reason = reason or None  # type: ignore[attr-defined]
    row.save()
    audit(verb=verb, subject=row, by=by, at=at, person_id=person_id, fields=fields)
    return row


def correct_record(
    row: M, changes: Mapping[str, Any], *, verb: str, reason: str, by: Membership, at: datetime
) -> M:
    """Write other values over a fact that was written wrongly; the history keeps the old ones.

    Raises ValidationError by field when the new values do not fit.
    """
    changed = tuple(name for name, value in changes.items() if getattr(row, name) != value)
    for name in changed:
        setattr(row, name, changes[name])
    return save_record(row, verb=verb, by=by, at=at, fields=changed, reason=reason)


def validate(row: models.Model) -> None:
    """As `full_clean`, without asking the database for what cannot be wrong.

    References are rows that the caller holds (and foreign keys are checked on writing), public ids
    are random: leaving both out halves the cost of a write. Raises ValidationError by field.
    """
    errors: dict[str, list[ValidationError]] = {}
    references = {field.name for field in row._meta.concrete_fields if field.is_relation}
    checks: tuple[Callable[[], None], ...] = (
        lambda: row.clean_fields(exclude=references | {"public_id"}),
        row.clean,
        lambda: row.validate_unique(exclude={"public_id"} | set(errors)),
        lambda: row.validate_constraints(exclude=set(errors)),
    )
    for check in checks:
        try:
            check()
        except ValidationError as error:
            errors = error.update_error_dict(errors)
    if errors:
        raise ValidationError(errors)
