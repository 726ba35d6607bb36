"""Saving a fact: validated, with history dated by `at`, and an audit line."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import DatabaseError, models, transaction

from teikyaku.accounts.actions.audit import audit
from teikyaku.accounts.actions.trail import gathering, keep_history
from teikyaku.accounts.models import Membership
from teikyaku.rehearsal import is_rehearsed

M = TypeVar("M", bound=models.Model)
Errors = dict[str, list[ValidationError]]


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
    _clean(row)
    row._history_date = at  # type: ignore[attr-defined]
    row._history_user = by.user  # type: ignore[attr-defined]
    row._change_reason = reason or None  # type: ignore[attr-defined]
    if is_rehearsed():
        row.skip_history_when_saving = True  # type: ignore[attr-defined]
    _store(row, reason or None, by, at)
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
    are random: leaving both out halves the cost of a look. Raises ValidationError by field.
    """
    errors = _wrong_in_the_database(row, _wrong_by_itself(row))
    if errors:
        raise ValidationError(errors)


def _clean(row: models.Model) -> None:
    """What the row can say of itself; where that is wrong, everything that is wrong, at once."""
    errors = _wrong_by_itself(row)
    if errors:
        raise ValidationError(_wrong_in_the_database(row, errors))


def _store(row: Any, reason: str | None, by: Membership, at: datetime) -> None:
    """Write, with the history that is gathered with others where a long run does so."""
    trail = None if is_rehearsed() else gathering()
    if trail is None:
        _write(row)
        return
    kind = "+" if row._state.adding else "~"
    row.skip_history_when_saving = True
    try:
        _write(row)
    finally:
        del row.skip_history_when_saving
    keep_history(trail, row, kind, at=at, user_id=by.user_id, reason=reason)


def _write(row: models.Model) -> None:
    """Write; the database is asked why only when it says no.

    To look first would cost a query for each constraint of each row that is right, and somebody
    could still come between the look and the write.
    """
    is_new, key = row._state.adding, row.pk
    try:
        with transaction.atomic():
            row.save()
    except DatabaseError:
        row._state.adding, row.pk = is_new, key
        errors = _wrong_in_the_database(row, {})
        if errors:
            raise ValidationError(errors) from None
        raise


def _wrong_by_itself(row: models.Model) -> Errors:
    references = {field.name for field in row._meta.concrete_fields if field.is_relation}
    errors = _tried(lambda: row.clean_fields(exclude=references | {"public_id"}), {})
    return _tried(row.clean, errors)


def _wrong_in_the_database(row: models.Model, errors: Errors) -> Errors:
    """What clashes with other rows or breaks a constraint, beside what is known to be wrong."""
    errors = _tried(lambda: row.validate_unique(exclude={"public_id"} | set(errors)), errors)
    return _tried(lambda: row.validate_constraints(exclude=set(errors)), errors)


def _tried(check: Callable[[], None], errors: Errors) -> Errors:
    try:
        check()
    except ValidationError as error:
        return error.update_error_dict(errors)
    return errors
