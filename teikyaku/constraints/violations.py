"""From a database's refusal to a message for the person who typed.

Two people may write at the same moment: both forms were right, the database takes one. The other
gets the constraint's message at the form field, not an error page.

PostgreSQL names the constraint, but where two writers of an overlap wait for each other it ends one
of them as a deadlock. SQLite names a check; our triggers name themselves; of a unique violation it
knows the columns only.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import DatabaseError, IntegrityError, OperationalError, models, transaction
from django.db.models.constraints import BaseConstraint

from teikyaku.constraints.no_overlap import NoOverlap
from teikyaku.figures import FigureError

_NAMED_ON_SQLITE = re.compile(
    r"^(?:overlap: |line: |CHECK constraint failed: |UNIQUE constraint failed: index ')(\w+)'?$"
)
_UNIQUE_ON_SQLITE = re.compile(r"^UNIQUE constraint failed: (.+)$")
# "Key (office_id, year)=(1, 2026) already exists.", in whatever language the server speaks.
_KEY_ON_POSTGRESQL = re.compile(r"\(([^()]+)\)=\(")
# "while checking exclusion constraint on tuple (0,2) in relation "clients_residence"", likewise.
_CHECKED_ON_POSTGRESQL = re.compile(r'\(\d+,\d+\)[^"]*"([^"]+)"')
_UNIQUE_VIOLATION = "23505"
_DEADLOCK = "40P01"


class ConstraintViolation(ValidationError):
    """What a refusal of the database means, in the words of the constraint.

    `model` and `fields` say which rows and which of their fields it speaks of: the first field is
    where the message belongs, the others where it may stand if a form lacks the first.
    """

    def __init__(
        self, message: ValidationError, *, model: type[models.Model], fields: Sequence[str] = ()
    ) -> None:
        self.model = model
        self.fields = tuple(fields)
        super().__init__({self.fields[0] if fields else NON_FIELD_ERRORS: message})

    def message_only(self) -> ValidationError:
        """The message without a place."""
        ((message,),) = self.error_dict.values()
        return message


def violation_error(error: DatabaseError, *about: type[models.Model]) -> ConstraintViolation | None:
    """What `error` means; None when it breaks no constraint of ours (a foreign key, a null).

    `about` are the models whose fields the reader sees, all when none is given: a refusal by
    another table has no field, even if one is named alike.
    """
    violation = _find(_read(error))
    if violation is None or not about or violation.model in about:
        return violation
    return ConstraintViolation(violation.message_only(), model=violation.model)


def violation_messages(error: DatabaseError, *about: type[models.Model]) -> dict[str, list[str]]:
    """The messages of `error` by field (`__all__` above the fields); none when it is not ours."""
    violation = violation_error(error, *about)
    return {} if violation is None else violation.message_dict


@contextmanager
def violations_as_validation_errors(*about: type[models.Model]) -> Iterator[None]:
    """Run a write in a transaction; a refusal becomes a ConstraintViolation at its field.

    The transaction (within another one a savepoint) is rolled back first, so that the connection
    stays usable. What breaks no constraint of ours is raised as it came. `about`: see
    `violation_error`.
    """
    try:
        with transaction.atomic():
            yield
    except (IntegrityError, OperationalError) as error:
        violation = violation_error(error, *about)
        if violation is None:
            raise
        raise violation from error


@contextmanager
def violations_as_form_errors(form: Any, *about: type[models.Model]) -> Iterator[None]:
    """Run an action; what the user can mend becomes errors of `form`, at its fields.

    A ValidationError of the action, a refusal of the database (a race) and a figure that is missing
    for the month in question end here; afterwards ask `form.errors`. `about`: see
    `violation_error`; by default the model of a model form.
    """
    try:
        with violations_as_validation_errors(*(about or _model_of_form(form))):
            yield
    except ConstraintViolation as violation:
        place = next((name for name in violation.fields if name in form.fields), None)
        form.add_error(place, violation.message_only())
    except ValidationError as error:
        add_errors(form, error)
    except FigureError as error:
        form.add_error(None, str(error))


def add_errors(form: Any, error: ValidationError) -> None:
    """Put `error` into `form`: at its fields where the form has them, else above it."""
    if not hasattr(error, "error_dict"):
        form.add_error(None, error)
        return
    for name, errors in error.error_dict.items():
        form.add_error(name if name in form.fields else None, errors)


# --- What the database said ---------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Refusal:
    """Name of the constraint, table and columns, as far as the database tells them."""

    name: str = ""
    table: str = ""
    columns: tuple[str, ...] = ()
    is_overlap: bool = False


def _read(error: DatabaseError) -> _Refusal:
    diagnostic = getattr(error.__cause__, "diag", None)
    return _read_sqlite(str(error)) if diagnostic is None else _read_postgresql(diagnostic)


def _read_sqlite(text: str) -> _Refusal:
    if match := _NAMED_ON_SQLITE.match(text):
        return _Refusal(name=match[1])
    if match := _UNIQUE_ON_SQLITE.match(text):
        pairs = [column.strip().rpartition(".") for column in match[1].split(",")]
        return _Refusal(table=pairs[0][0], columns=tuple(column for _t, _dot, column in pairs))
    return _Refusal()


def _read_postgresql(diagnostic: Any) -> _Refusal:
    if diagnostic.sqlstate == _DEADLOCK:
        match = _CHECKED_ON_POSTGRESQL.search(diagnostic.context or "")
        return _Refusal(table=match[1], is_overlap=True) if match else _Refusal()
    columns: tuple[str, ...] = ()
    if diagnostic.sqlstate == _UNIQUE_VIOLATION:
        match = _KEY_ON_POSTGRESQL.search(diagnostic.message_detail or "")
        columns = tuple(each.strip(' "') for each in match[1].split(",")) if match else ()
    return _Refusal(
        name=diagnostic.constraint_name or "", table=diagnostic.table_name or "", columns=columns
    )


# --- Which constraint that is -------------------------------------------------------------------


def _find(refusal: _Refusal) -> ConstraintViolation | None:
    asked = [
        model
        for model in apps.get_models(include_auto_created=True)
        if not model._meta.proxy and refusal.table in ("", model._meta.db_table)
    ]
    for model in asked:
        found = [each for each in model._meta.constraints if _is_meant(each, refusal)]
        if len(found) == 1:
            return _of_constraint(found[0], model)
    for model in asked:
        if fields := _fields_of(refusal.columns, model):
            return _of_columns(fields, model)
    return None


def _is_meant(constraint: BaseConstraint, refusal: _Refusal) -> bool:
    if refusal.is_overlap:
        return isinstance(constraint, NoOverlap)
    return constraint.name == refusal.name


def _of_constraint(constraint: BaseConstraint, model: type[models.Model]) -> ConstraintViolation:
    message: Any = constraint.get_violation_error_message()
    is_plain = constraint.violation_error_message == constraint.default_violation_error_message
    if isinstance(constraint, models.UniqueConstraint) and constraint.fields and is_plain:
        message = model().unique_error_message(model, constraint.fields)
    return ConstraintViolation(
        ValidationError(message, code=constraint.violation_error_code),
        model=model,
        fields=_places_of(constraint, model),
    )


def _of_columns(fields: tuple[str, ...], model: type[models.Model]) -> ConstraintViolation:
    """Of a unique constraint on SQLite, which is known by its columns; of a unique field."""
    for constraint in model._meta.constraints:
        if isinstance(constraint, models.UniqueConstraint) and constraint.fields == fields:
            return _of_constraint(constraint, model)
    message = model().unique_error_message(model, fields)
    return ConstraintViolation(message, model=model, fields=fields[::-1])


def _places_of(constraint: BaseConstraint, model: type[models.Model]) -> Sequence[str]:
    """Where the message may stand, best place first; none for a check over several fields."""
    if isinstance(constraint, models.UniqueConstraint):
        # The last field tells rows of one owner apart; the first ones are often given.
        return constraint.fields[::-1]
    if places := getattr(constraint, "places", ()):
        return tuple(places)
    condition = getattr(constraint, "condition", None)
    references = () if condition is None else model._get_expr_references(condition)  # type: ignore[attr-defined]
    names = {name for name, *_lookups in references}
    return tuple(names) if len(names) == 1 else ()


def _fields_of(columns: Sequence[str], model: type[models.Model]) -> tuple[str, ...]:
    # A key that is taken is no fault of the person who typed: it stays an error.
    typed = {each.column: each.name for each in model._meta.concrete_fields if not each.primary_key}
    if not columns or not all(column in typed for column in columns):
        return ()
    return tuple(typed[column] for column in columns)


def _model_of_form(form: Any) -> tuple[type[models.Model], ...]:
    model = getattr(getattr(form, "_meta", None), "model", None)
    return () if model is None else (model,)
