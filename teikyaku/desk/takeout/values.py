"""One row as JSON and back. Dates, instants, decimals and identifiers are text; bytes are base64."""

from __future__ import annotations

import json
from base64 import b64decode, b64encode
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, time
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from django.contrib.auth.hashers import make_password
from django.db import models

from teikyaku.accounts.models import Membership, User
from teikyaku.desk.takeout.rows import OfficeRows, Row
from teikyaku.desk.takeout.tables import EMPTIED, is_emptied, label_of
from teikyaku.frozen import canonical

OUTSIDE_NAME = "ほかの所属の職員"
OUTSIDE_ADDRESS = "outside-{}@takeout.invalid"
# Most of what a row holds.
_AS_THEY_ARE = frozenset({str, int, bool, type(None)})
_LONG_AGO = date(2000, 1, 1)
_ENDED_AT = datetime(2000, 1, 1, tzinfo=UTC)


def columns_of(model: Any) -> list[models.Field[Any, Any]]:
    """The columns that are in the file; what is left out altogether is a secret of signing in."""
    return [
        column
        for column in model._meta.local_concrete_fields
        if not (f"{label_of(model)}.{column.name}" in EMPTIED and not column.is_relation)
    ]


def lines_of(model: Any, office: OfficeRows) -> Iterator[bytes]:
    """The rows of a model as JSON lines, each with its line end.

    What depends on the model alone is asked once: the lines are written inside one transaction.
    """
    columns = [(column.attname, is_emptied(model, column)) for column in columns_of(model)]
    for found in office.of(model):
        row = without_outsiders(model, found, office)
        values = {name: None if is_empty else _quickly(row[name]) for name, is_empty in columns}
        text = json.dumps(values, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        yield text.encode() + b"\n"


def _quickly(value: Any) -> Any:
    """As `as_json`: most values are in JSON what they are."""
    return value if type(value) in _AS_THEY_ARE else as_json(value)


def without_outsiders(model: Any, row: Row, office: OfficeRows) -> Row:
    """Of staff of another place it is said that there was somebody; of a ward also which one."""
    if model is User and row["id"] not in office.users and not _is_outside_user(row):
        return row | {
            "public_id": outside_id(row["public_id"]), "name": OUTSIDE_NAME, "kana": "", "is_active": False,
            "email": OUTSIDE_ADDRESS.format(row["id"]), "hidden_steps": [], "wants_digest": False,
        }  # fmt: skip
    if (
        model is Membership
        and row["office_id"] != office.office.pk
        and not _is_outside_membership(row)
    ):
        return row | {
            "public_id": outside_id(row["public_id"]), "office_id": None, "roles": [],
            "starts_on": _LONG_AGO, "ends_on": _LONG_AGO, "ended_at": _ENDED_AT,
        }  # fmt: skip
    return row


def outside_id(public_id: UUID) -> UUID:
    """The public id under which somebody elsewhere is known: it follows from theirs, and tells it not."""
    return uuid5(NAMESPACE_URL, f"teikyaku:takeout:{public_id}")


def _is_outside_user(row: Row) -> bool:
    """Whether an earlier takeout has made them nobody already."""
    return bool(row["email"] == OUTSIDE_ADDRESS.format(row["id"]))


def _is_outside_membership(row: Row) -> bool:
    return row["roles"] == [] and row["ended_at"] == _ENDED_AT and row["office_id"] is None


def as_json(value: Any) -> Any:
    """A stored value in what JSON knows. Raises TypeError for what has no such form."""
    match value:
        case list():
            return [as_json(each) for each in value]
        case Mapping():
            return {str(key): as_json(each) for key, each in value.items()}
        case float():
            # Inside JSON columns alone; none of ours is money.
            return value
        case time():
            return value.isoformat()
        case bytes() | memoryview():
            return b64encode(bytes(value)).decode()
    return canonical(value)


def row_from(model: Any, values: Mapping[str, Any]) -> models.Model:
    """A row to store. Raises ValueError, KeyError or ValidationError for what is none of the model's."""
    known = {column.attname: column for column in columns_of(model)}
    if set(values) != set(known):
        raise KeyError(f"{model._meta.label}: {sorted(set(values) ^ set(known))[:3]}")
    given = {name: stored(known[name], value) for name, value in values.items()}
    if model is User:
        given["password"] = make_password(None)
    row: models.Model = model(**given)
    return row


def stored(column: models.Field[Any, Any], value: Any) -> Any:
    """A value of a line as its column holds it. Raises ValueError or ValidationError for what is none."""
    if value is None:
        return None
    if isinstance(column, models.BinaryField):
        return b64decode(value, validate=True)
    if isinstance(column, models.JSONField):
        return value
    if column.is_relation:
        return column.target_field.to_python(value)  # type: ignore[attr-defined]
    return column.to_python(value)
