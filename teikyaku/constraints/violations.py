"""From a database's refusal to a message for the person who typed.

PostgreSQL names the constraint. SQLite names a check, but for a unique violation only the columns,
and our triggers say `overlap: <name>`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import IntegrityError, models, transaction
from django.utils.translation import gettext as _

_CHECK = re.compile(r"CHECK constraint failed: (\w+)")
_OVERLAP = re.compile(r"overlap: (\w+)")
_UNIQUE = re.compile(r"UNIQUE constraint failed: (.+)")


def violation_error(error: IntegrityError, model: type[models.Model]) -> ValidationError | None:
    """What `error` means for `model`, at its field; None when no constraint of it is named."""
    constraint = _constraint_of(error, model)
    if constraint is None:
        return _unique_field(error, model)
    return ValidationError({_field_of(constraint, model): constraint.get_violation_error_message()})


@contextmanager
def violations_as_validation_errors(*models_: type[models.Model]) -> Iterator[None]:
    """Run a write in a savepoint; a named constraint of these models becomes a ValidationError."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        for model in models_:
            found = violation_error(error, model)
            if found is not None:
                raise found from error
        raise


@contextmanager
def violations_as_form_errors(form: Any, *models_: type[models.Model]) -> Iterator[None]:
    """Run an action; what the user can mend becomes errors of `form`, at its fields.

    Both a ValidationError of the action and a refusal of the database (a race) end here; afterwards
    ask `form.is_valid()` or `form.errors`. Fields that the form does not have go to its top.
    """
    try:
        with violations_as_validation_errors(*models_):
            yield
    except ValidationError as error:
        add_errors(form, error)


def add_errors(form: Any, error: ValidationError) -> None:
    """Put `error` into `form`: at its fields where the form has them, else at the top."""
    if not hasattr(error, "error_dict"):
        form.add_error(None, error)
        return
    for name, errors in error.error_dict.items():
        form.add_error(name if name in form.fields else None, errors)


def _constraint_of(error: IntegrityError, model: type[models.Model]) -> Any:
    name = _constraint_name(error)
    columns = _columns(error, model)
    for constraint in model._meta.constraints:
        if constraint.name == name:
            return constraint
        fields = getattr(constraint, "fields", ())
        if columns and isinstance(constraint, models.UniqueConstraint):
            if {model._meta.get_field(f).column for f in fields} == columns:
                return constraint
    return None


def _constraint_name(error: IntegrityError) -> str | None:
    diagnostic = getattr(error.__cause__, "diag", None)
    if diagnostic is not None:
        return diagnostic.constraint_name
    match = _OVERLAP.search(str(error)) or _CHECK.search(str(error))
    return match[1] if match else None


def _columns(error: IntegrityError, model: type[models.Model]) -> set[str]:
    match = _UNIQUE.search(str(error))
    if match is None:
        return set()
    pairs = [column.strip().split(".") for column in match[1].split(",")]
    table = model._meta.db_table
    return {pair[-1] for pair in pairs if pair[0] == table}


def _unique_field(error: IntegrityError, model: type[models.Model]) -> ValidationError | None:
    columns = _columns(error, model)
    name = _constraint_name(error) or ""
    for field in model._meta.concrete_fields:
        by_name = name.startswith(f"{model._meta.db_table}_{field.column}_") and "uniq" in name
        is_key = name == f"{model._meta.db_table}_{field.column}_key"
        if field.unique and ({field.column} == columns or by_name or is_key):
            message = field.error_messages.get("unique") or _("同じ値が登録済みです。")
            return ValidationError({field.name: _named(message, model, field)})
    return None


def _named(message: Any, model: type[models.Model], field: Any) -> str:
    values = {"model_name": model._meta.verbose_name, "field_label": field.verbose_name}
    return str(message) % values if "%(" in str(message) else str(message)


def _field_of(constraint: Any, model: type[models.Model]) -> str:
    field = getattr(constraint, "field", "") or getattr(constraint, "starts", "")
    if field:
        return field
    fields = getattr(constraint, "fields", ())
    return fields[-1] if fields else NON_FIELD_ERRORS
