"""What each column of the file is: its Japanese name, type, choices, and whether it tells of a person."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any

from django.db import models

from teikyaku.accounts.models import Membership, Municipality, Office, User
from teikyaku.desk.takeout.tables import (
    EMPTIED,
    HISTORY,
    SEEN,
    is_emptied,
    is_history,
    label_of,
)
from teikyaku.desk.takeout.values import columns_of

_TYPES: tuple[tuple[type[models.Field[Any, Any]], str], ...] = (
    (models.BooleanField, "はい・いいえ（true / false）"),
    (models.DateTimeField, "日時（ISO 8601、UTC）"),
    (models.DateField, "日付（西暦 YYYY-MM-DD）"),
    (models.TimeField, "時刻（日本の時刻 HH:MM:SS）"),
    (models.DecimalField, "小数（文字）"),
    (models.IntegerField, "整数"),
    (models.UUIDField, "UUID（文字）"),
    (models.JSONField, "JSON"),
    (models.BinaryField, "バイト列（base64）"),
    (models.FileField, "ファイル名（files/ の下）"),
    (models.CharField, "文字"),
    (models.TextField, "文字"),
)
_HISTORY_NAMES = {
    "history_id": "履歴の番号", "history_date": "履歴の日時", "history_change_reason": "履歴の理由",
    "history_type": "履歴の種類", "history_relation_id": "元の記録", "history_user_id": "書いた職員",
}  # fmt: skip
_HISTORY_TYPES = {"+": "登録", "~": "変更", "-": "削除"}
# Who they tell of stands in no foreign key of theirs.
_ALSO_PERSONAL = (
    "accounts.IssuedDocument", "accounts.AuditEvent", "accounts.OutboxMail", "accounts.User",
    "accounts.Membership", "accounts.StaffQualification", "accounts.SavedView",
    "clients.CaseMove", "clients.Erasure", "clients.RecipientNumber", "plans.MoveInRow",
    "billing.ClaimFileContent", "clients.RelatedPerson",
)  # fmt: skip
_TECHNICAL = ("public_id", "recorded_at", "digest")
_NO_PERSON = (Office, User, Membership, Municipality)


@dataclass(frozen=True, slots=True)
class ColumnNote:
    """列の説明 of one column of one table."""

    table: str
    file: str
    column: str
    name: str
    type: str
    choices: dict[str, str]
    refers_to: str
    personal: bool
    note: str


def data_file(model: Any) -> str:
    """Where the rows of a table lie in the file."""
    return f"data/{model._meta.label_lower}.jsonl"


def table_name(model: Any) -> str:
    """What people call the table; of a history, whose it is."""
    name = str(model._meta.verbose_name)
    if model._meta.auto_created:
        return "関係機関の担当区域"
    return f"{name.removeprefix('historical ')}の履歴" if is_history(model) else name


def notes_of(models_: Iterable[Any]) -> list[ColumnNote]:
    """Every column of these tables."""
    return [_note(model, column) for model in models_ for column in columns_of(model)]


def as_values(notes: Iterable[ColumnNote]) -> list[dict[str, Any]]:
    """As they stand in columns.json."""
    return [asdict(note) for note in notes]


def _note(model: Any, column: models.Field[Any, Any]) -> ColumnNote:
    target = column.related_model if column.is_relation else None
    return ColumnNote(
        table=model._meta.label,
        file=data_file(model),
        column=column.attname,
        name=column_name(column),
        type=_type(column),
        choices=choices_of(column),
        refers_to=f"{target._meta.label}.{target._meta.pk.name}" if target else "",
        personal=is_personal(model) and not _is_technical(column),
        note=_words(model, column),
    )


def column_name(column: models.Field[Any, Any]) -> str:
    """The Japanese name of a column."""
    if column.primary_key and column.name == "id":
        return "番号"
    return _HISTORY_NAMES.get(column.attname) or str(column.verbose_name)


def choices_of(column: models.Field[Any, Any]) -> dict[str, str]:
    """The words of the codes; empty where a column has none."""
    if column.name == "history_type":
        return _HISTORY_TYPES
    return {str(code): str(word) for code, word in column.flatchoices or ()}


def _type(column: models.Field[Any, Any]) -> str:
    basis = column.target_field if column.is_relation else column  # type: ignore[attr-defined]
    return next((words for kind, words in _TYPES if isinstance(basis, kind)), "文字")


def _words(model: Any, column: models.Field[Any, Any]) -> str:
    if is_emptied(model, column):
        return EMPTIED.get(f"{label_of(model)}.{column.name}", "この持ち出しには入りません。")
    seen = SEEN.get(label_of(model))
    if seen and not is_history(model) and column.name in seen.ends:
        return "支援を終えた方では、終えた後の日は入りません。"
    if seen and not is_history(model) and column.name in seen.words:
        return "この事業所が書いたものだけです。区が書いた理由は入りません。"
    return str(column.help_text)


def _is_technical(column: models.Field[Any, Any]) -> bool:
    if column.is_relation:
        return column.related_model in (Office, Municipality)
    return column.primary_key or column.name in _TECHNICAL or column.name.startswith("history_")


def is_personal(model: Any) -> bool:
    """Whether a row tells of one person: a client, somebody near them, or staff."""
    label = label_of(model)
    if label in _ALSO_PERSONAL or label == "clients.Client":
        return True
    return any(
        column.related_model is not model
        and column.related_model not in _NO_PERSON
        and not column.related_model.__name__.startswith(HISTORY)
        and is_personal(column.related_model)
        for column in model._meta.local_concrete_fields
        if column.is_relation and column.name != "history_relation"
    )
